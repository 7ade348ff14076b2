"""A worker: runs jobs until it is told to stop, and sweeps for the ones that were lost."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event
from typing import Any

from celery import Celery, bootsteps
from celery.platforms import SecurityWarning

from eligibility.errors import BadInput, CleanNo
from voter_reg.jobs.celery_app import sender
from voter_reg.service import audit, drafts, jobs, limits, own_record, purge, resume, sessions, vouching
from voter_reg.service.work import KINDS, Bench, run

_log = logging.getLogger("voter_reg.jobs")

SWEEP_SECONDS = 20.0
SEQUENCE_SECONDS = 1.0

Context = Callable[[], AbstractContextManager[Any]]
"""Opens what a use case needs around it: the application's context."""


def serve_jobs(app: Celery, bench: Bench, in_context: Context) -> None:
    """Make the application a worker's: one task a kind of job, and the sweep."""

    def run_job(job_id: int) -> None:
        with in_context():
            run(job_id, bench)

    # Shared, as Celery has it by default, they would be the tasks of every other application in this process as well.
    for kind in KINDS:
        app.task(run_job, name=kind, shared=False)

    def sweep_now() -> int:  # a lambda would not do: Celery reads a task's name and signature
        return sweep(app, bench, in_context)

    def sequence_now() -> int:
        with in_context():
            return audit.sequence()

    app.task(sweep_now, name="sweep", shared=False)
    app.steps["worker"].add(_timer(sweep_now, sequence_now))


def sweep(app: Celery, bench: Bench, in_context: Context) -> int:
    """Send again the jobs that have gone silent, and do what is due by the clock; how many jobs were sent.

    One step that fails does not hold up the others: an access log that no longer verifies must not stop a purge.
    """
    now = bench.clock()
    with in_context():
        found = jobs.lost(now)
        for name, step in (
            ("giving up jobs", lambda: jobs.give_up(now)),
            ("removing drafts", lambda: drafts.remove_expired(now)),
            ("removing links to drafts", lambda: resume.remove_expired(now)),
            ("beginning the purge", lambda: purge.start_if_due(now)),
            ("the log's checkpoint", lambda: audit.checkpoint_if_due(bench.vault, now)),
            ("pruning sessions", lambda: sessions.prune(now)),
            ("pruning attempts", lambda: limits.prune_attempts(now)),
            ("pruning vouching", lambda: vouching.remove_expired(bench.city().today(now), now)),
            ("pruning registrants' sessions", lambda: own_record.prune(now)),
        ):
            _attempt(name, step)
    send = sender(app)
    for job_id, kind in found:
        send(kind, job_id)
    return len(found)


def _attempt(name: str, step: Callable[[], object]) -> None:
    try:
        step()
    except (BadInput, CleanNo) as problem:
        _log.error("%s: %s", name, problem)
    except Exception as problem:  # noqa: BLE001 - its message may hold a row's data; the next sweep tries again
        _log.error("%s failed (%s)", name, type(problem).__name__)


def run_worker(app: Celery) -> int:
    """Run a worker until it is told to stop; its exit code.

    Two threads, so that a long export does not hold up a registrant; a first TERM lets both finish what they do.
    """
    # Celery warns whoever runs it as root of what a pickled message could do; JSON alone is accepted here.
    warnings.simplefilter("ignore", SecurityWarning)
    worker = app.Worker(
        pool="threads",
        concurrency=2,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def run_beat(app: Celery, bench: Bench, in_context: Context, stop: Event) -> None:
    """Sweep every so often until told to stop, and run nothing: for installations whose workers come and go."""
    while True:
        sweep(app, bench, in_context)
        if stop.wait(SWEEP_SECONDS):
            return


def _timer(sweep_now: Callable[[], int], sequence_now: Callable[[], int]) -> type[bootsteps.StartStopStep]:
    class Timer(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery ships no types
        """Sweeps at start and every so often, and gives the log's entries their places, on the worker's own timer."""

        requires = ("celery.worker.components:Timer",)

        def __init__(self, parent: Any, **options: Any) -> None:
            super().__init__(parent, **options)
            self._next: list[Any] = []

        def start(self, parent: Any) -> None:
            parent.timer.call_after(0, sweep_now)
            self._next = [
                parent.timer.call_repeatedly(SWEEP_SECONDS, sweep_now),
                parent.timer.call_repeatedly(SEQUENCE_SECONDS, sequence_now),
            ]

        def stop(self, parent: Any) -> None:  # noqa: ARG002 - bootsteps' signature
            while self._next:
                self._next.pop().cancel()

    return Timer
