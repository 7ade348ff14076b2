"""Celery: it carries job ids to workers and knows nothing else."""

from voter_reg.jobs.celery_app import make_celery, sender
from voter_reg.jobs.worker import run_beat, run_worker, serve_jobs, sweep

__all__ = ["make_celery", "run_beat", "run_worker", "sender", "serve_jobs", "sweep"]
