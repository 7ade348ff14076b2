"""Celery: one task a kind of job, its only argument the job's id, no result backend.

The filesystem transport (the embedded default) loses a task whose worker is killed, and any broker may be away when a
job is made. So the job's row is the truth: a sweep in each worker sends what has gone silent once more.
"""

from __future__ import annotations

import logging
from pathlib import Path

from celery import Celery

from voter_reg.store.db import Send

_REDIS_SECONDS = 2.0  # longer than the second that a worker waits for a message at a time

_log = logging.getLogger("voter_reg.jobs")


def make_celery(broker_url: str, broker_dir: Path) -> Celery:
    """The application that sends jobs; `worker.serve_jobs` adds the tasks."""
    app = Celery("voter_reg", set_as_current=False)
    app.conf.update(
        broker_url=broker_url,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=2,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_publish_retry=False,
        task_default_queue="voter-reg",
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
        worker_timer_precision=0.2,  # seconds that the end of a worker waits for its timer
        worker_send_task_events=False,
        worker_enable_remote_control=False,
    )
    if broker_url.startswith("redis"):
        # A Redis that hangs must not hold up a registrant: without these a send would wait for ever.
        app.conf.broker_transport_options = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
    if broker_url.startswith("filesystem"):
        app.conf.broker_url = "filesystem://localhost"  # without a host kombu warns at every start
        app.conf.broker_transport = "voter_reg.jobs.spool:Transport"
        folders = {"data_folder_in": "queue", "data_folder_out": "queue", "control_folder": "control"}
        app.conf.broker_transport_options = {
            **{option: str(_private(broker_dir / name)) for option, name in folders.items()},
            "polling_interval": 0.05,
        }
    return app


def sender(app: Celery) -> Send:
    """What sends a job after its transaction. A broker that is away loses nothing: the sweep sends it later."""

    def send(kind: str, job_id: int) -> None:
        try:
            app.send_task(kind, args=(job_id,), retry=False)
        except Exception as problem:  # noqa: BLE001 - whatever a broker raises, the registrant has registered
            _log.warning("job %s not sent (%s); the sweep will", job_id, type(problem).__name__)

    return send


def _private(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
