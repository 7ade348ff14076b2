"""Jobs: the row is the truth, whatever a broker says. Arguments hold ids and choices, never personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, and_, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"


class JobRow(Model):
    """One job: `done` of `total` rows; `touched_at` moves with every step, so that a silent job can be found."""

    __tablename__ = "job"
    __kept__ = Kept("job", "Work to be done in the background.", "operational", ("service", "clerk"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="The job's number.")
    kind: Mapped[str] = mapped_column(doc="Which work: tagging or an export.")
    state: Mapped[str] = mapped_column(index=True, doc="Queued, running, done or failed.")
    args: Mapped[dict[str, Any]] = mapped_column(JSON, doc="Row ids, choices and who asked; no personal data.")
    done: Mapped[int] = mapped_column(doc="Rows done so far.")
    total: Mapped[int] = mapped_column(doc="Rows there are.")
    tries: Mapped[int] = mapped_column(doc="How often it was begun, so that one that never ends is given up.")
    problem: Mapped[str] = mapped_column(doc="Why it failed, in one line without personal data.")
    created_at: Mapped[Moment] = mapped_column(doc="When it was made.")
    touched_at: Mapped[Moment] = mapped_column(
        doc="Its last sign of life, or later, to be found later: a silent job is run again."
    )


# Built once: every registration adds one.
_ADD = insert(JobRow).returning(JobRow.id)


def add(session: Session, kind: str, args: Mapping[str, Any], now: datetime) -> int:
    """Add a job to be run; its id."""
    values = {"kind": kind, "state": QUEUED, "args": dict(args), "done": 0, "total": 0, "tries": 0, "problem": ""}
    added = session.connection().execute(_ADD, {**values, "created_at": now, "touched_at": now})
    return int(added.scalar_one())


def find(session: Session, job_id: int) -> JobRow | None:
    """The job of an id, as it stands now."""
    return session.get(JobRow, job_id, populate_existing=True)


def change(session: Session, job_id: int, now: datetime, **values: Any) -> None:
    """Change a job and mark it as alive."""
    session.execute(update(JobRow).where(JobRow.id == job_id).values(**values, touched_at=now))


def claim(session: Session, job_id: int, now: datetime, silent_before: datetime) -> bool:
    """Take a job to run it: one that waits, or one whose runner has been silent since before that instant."""
    free = or_(JobRow.state == QUEUED, and_(JobRow.state == RUNNING, JobRow.touched_at < silent_before))
    begun = {"state": RUNNING, "touched_at": now, "tries": JobRow.tries + 1}
    done = session.execute(update(JobRow).where(JobRow.id == job_id, free).values(**begun))
    return int(getattr(done, "rowcount", 0)) == 1


def finish_once(session: Session, job_id: int, now: datetime) -> bool:
    """Finish a job that runs; False when another run of it was faster."""
    running = (JobRow.id == job_id, JobRow.state == RUNNING)
    done = session.execute(update(JobRow).where(*running).values(state=DONE, done=1, total=1, touched_at=now))
    return int(getattr(done, "rowcount", 0)) == 1


def give_up(session: Session, silent_before: datetime, tries: int, problem: str, now: datetime) -> int:
    """Fail the jobs that were begun so often and have gone silent again; how many."""
    hopeless = (JobRow.state == RUNNING, JobRow.touched_at < silent_before, JobRow.tries >= tries)
    done = session.execute(update(JobRow).where(*hopeless).values(state=FAILED, problem=problem, touched_at=now))
    return int(getattr(done, "rowcount", 0))


def unfinished_since(session: Session, before: datetime) -> list[tuple[int, str]]:
    """The jobs that are not finished and have not moved since `before`: id and kind."""
    wanted = select(JobRow.id, JobRow.kind).where(JobRow.state.in_((QUEUED, RUNNING)), JobRow.touched_at < before)
    return [(row.id, row.kind) for row in session.execute(wanted.order_by(JobRow.id))]


def is_waiting(session: Session, kind: str) -> bool:
    """Whether a job of a kind is queued or running."""
    wanted = select(JobRow.id).where(JobRow.kind == kind, JobRow.state.in_((QUEUED, RUNNING))).limit(1)
    return session.execute(wanted).first() is not None


def unfinished(session: Session, kind: str) -> list[Mapping[str, Any]]:
    """The arguments of a kind's jobs that are not done, failed ones included."""
    wanted = select(JobRow.args).where(JobRow.kind == kind, JobRow.state.in_((QUEUED, RUNNING, FAILED)))
    return list(session.scalars(wanted.order_by(JobRow.id)))
