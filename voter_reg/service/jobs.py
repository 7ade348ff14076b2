"""Jobs: made in a transaction, sent after it, run by whoever is free, found again when lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from voter_reg.store import jobs as store
from voter_reg.store.db import send_after_commit, snapshot, transaction

Clock = Callable[[], datetime]

MOST_TRIES = 20
"""Runs after which a job that fails unforeseen is given up."""

SILENT = timedelta(seconds=60)
"""A job that has not moved for so long is sent again; every job can be run twice without harm."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it stands: `done` of `total` rows; `tries` counts the runs that were begun."""

    id: int
    kind: str
    state: str
    args: Mapping[str, Any]
    done: int
    total: int
    problem: str
    tries: int


def enqueue(session: Session, kind: str, args: Mapping[str, Any], now: datetime) -> int:
    """Make a job within a transaction, to be sent once that is committed; its id. No personal data in `args`."""
    job_id = store.add(session, kind, args, now)
    send_after_commit(session, kind, job_id)
    return job_id


def create(kind: str, args: Mapping[str, Any], now: datetime, *, send: bool) -> int:
    """Make a job on its own; sent to the workers, or left for the caller to run here."""
    with transaction() as session:
        return enqueue(session, kind, args, now) if send else store.add(session, kind, args, now)


def find(job_id: int) -> Job | None:
    """A job as it stands now."""
    with snapshot() as session:
        row = store.find(session, job_id)
        if row is None:
            return None
        args = MappingProxyType(dict(row.args))
        return Job(row.id, row.kind, row.state, args, row.done, row.total, row.problem, row.tries)


def claim(job_id: int, now: datetime) -> bool:
    """Take a job to run it. False when it is finished, or when someone runs it who gave a sign of life lately."""
    with transaction() as session:
        return store.claim(session, job_id, now, now - SILENT)


def lost(now: datetime) -> list[tuple[int, str]]:
    """The jobs to send again: not finished, and silent for too long."""
    with snapshot() as session:
        return store.unfinished_since(session, now - SILENT)


def give_up(now: datetime) -> int:
    """Fail the jobs that were begun often enough and never came to an end; how many."""
    with transaction() as session:
        problem = f"given up after {MOST_TRIES} tries; the worker's log says where it failed"
        return store.give_up(session, now - SILENT, MOST_TRIES, problem, now)


class Progress:
    """How far a job has come; each step is committed with the work it tells of, or by itself.

    `again` says that an earlier run of the job was cut off; `tries` counts the runs before this one.
    """

    def __init__(
        self,
        job_id: int,
        clock: Clock,
        watch: Callable[[int, int], None] | None = None,
        *,
        again: bool = False,
        tries: int = 0,
    ) -> None:
        self.job_id = job_id
        self.again = again
        self.tries = tries
        self._clock = clock
        self._watch = watch

    def within(self, session: Session, done: int, total: int) -> None:
        """Note progress in the transaction of the work itself."""
        store.change(session, self.job_id, self._clock(), state=store.RUNNING, done=done, total=total)
        self._tell(done, total)

    def note(self, done: int, total: int) -> None:
        """Note progress on its own."""
        with transaction() as session:
            store.change(session, self.job_id, self._clock(), state=store.RUNNING, done=done, total=total)
        self._tell(done, total)

    def keep(self, session: Session, args: Mapping[str, Any]) -> None:
        """Keep what a second run of this job must know, in the transaction of the work itself."""
        store.change(session, self.job_id, self._clock(), args=dict(args))

    def finish_within(self, session: Session, total: int) -> None:
        """Finish in the transaction of the last work."""
        store.change(session, self.job_id, self._clock(), state=store.DONE, done=total, total=total)
        self._tell(total, total)

    def finish(self, total: int) -> None:
        """Finish on its own."""
        with transaction() as session:
            self.finish_within(session, total)

    def finish_once(self, session: Session) -> bool:
        """Finish in the transaction of the only work; False when another run was faster, and nothing is to be done."""
        return store.finish_once(session, self.job_id, self._clock())

    def wait(self, span: timedelta, problem: str) -> None:
        """Be found and run again after a span and not before; `problem` is one line without personal data."""
        found_at = self._clock() + span - SILENT
        with transaction() as session:
            store.change(session, self.job_id, found_at, state=store.RUNNING, problem=problem[:500])

    def fail(self, problem: str) -> None:
        """Give up; `problem` is one line without personal data."""
        with transaction() as session:
            store.change(session, self.job_id, self._clock(), state=store.FAILED, problem=problem[:500])

    def _tell(self, done: int, total: int) -> None:
        if self._watch is not None:
            self._watch(done, total)
