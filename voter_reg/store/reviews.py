"""Reviews: how far staff have come with the proof of each registrant who waits; what they say of it is sealed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, delete, exists, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept
from voter_reg.store.voters import LEFT as VOTER_LEFT
from voter_reg.store.voters import WAITING as VOTER_WAITS
from voter_reg.store.voters import VoterRow

WAITING, SECOND, THIRD, CURE, APPROVED, REFUSED = "waiting", "second", "third", "cure", "approved", "refused"
"""For a first person; for a second one; for a third since two disagree; for the registrant; decided either way."""

OPEN = (WAITING, SECOND, THIRD, CURE)
"""The states in which a review can still be looked at."""


class ReviewRow(Model):
    """One registrant's review."""

    __tablename__ = "review"
    __kept__ = Kept("record", "Who waits for a decision on their proof, and until when.", "private", ("reviewer",))

    id: Mapped[str] = mapped_column(primary_key=True, doc="Names the review to staff; random.")
    voter_id: Mapped[str] = mapped_column(
        ForeignKey("voter.id", ondelete="CASCADE"), unique=True, doc="The registrant whose proof it is."
    )
    way: Mapped[str] = mapped_column(doc="How residency is shown: papers sent or brought, facility, registered before.")
    state: Mapped[str] = mapped_column(doc="Whose turn it is, or how it was decided.")
    opened_at: Mapped[Moment] = mapped_column(doc="When it was opened, for its age.")
    due_at: Mapped[Moment] = mapped_column(doc="By when someone must act: staff, or the registrant.")
    answer_by: Mapped[date | None] = mapped_column(doc="The registrant's last day to bring more, or to appeal.")
    version: Mapped[int] = mapped_column(doc="Counts its steps, so that two people do not decide the same one.")
    deciders: Mapped[list[str]] = mapped_column(JSON, doc="Staff who have decided: the next one is someone else.")
    appealed: Mapped[bool] = mapped_column(doc="Whether the registrant has appealed a refusal.")
    key_id: Mapped[str] = mapped_column(doc="Which key sealed what was said, so that it ends with that key.")
    due: Mapped[str] = mapped_column(doc="The month in which its clock ends; a hold does not change it.")
    sealed: Mapped[bytes | None] = mapped_column(doc="What was said of it; empty until someone says something.")

    __table_args__ = (Index("ix_review_state_due_at", "state", "due_at"), Index("ix_review_key_id", "key_id"))


def add(session: Session, voter_id: str, way: str, due: str, times: tuple[datetime, datetime]) -> None:
    """Open a review; `times` are when, and by when it is due."""
    session.execute(insert(ReviewRow), [_new(voter_id, way, due, times)])


def without_review(session: Session) -> list[tuple[str, str]]:
    """Registrants who wait and have no review yet: id and month. A match that was settled may leave such."""
    has_one = exists().where(ReviewRow.voter_id == VoterRow.id)
    wanted = select(VoterRow.id, VoterRow.due).where(VoterRow.state == VOTER_WAITS, ~has_one)
    return [(row.id, row.due) for row in session.execute(wanted.order_by(VoterRow.id))]


def find(session: Session, review_id: str) -> ReviewRow | None:
    """The review of an id as it stands now. A write transaction is the only one: nobody else steps in between."""
    return session.get(ReviewRow, review_id, populate_existing=True)


def of_voter(session: Session, voter_id: str) -> ReviewRow | None:
    """A registrant's review as it stands now."""
    wanted = select(ReviewRow).where(ReviewRow.voter_id == voter_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).first()


def close(session: Session, voter_id: str) -> None:
    """A registrant's proof came another way: their review needs nobody any more, and a refusal no appeal."""
    still = (ReviewRow.voter_id == voter_id, ReviewRow.state != APPROVED)
    closed = {"state": APPROVED, "answer_by": None, "version": ReviewRow.version + 1}
    session.execute(update(ReviewRow).where(*still).values(closed))


def remove_of(session: Session, voter_id: str) -> None:
    """Remove a registrant's review."""
    session.execute(delete(ReviewRow).where(ReviewRow.voter_id == voter_id))


def begin_anew(session: Session, voter_id: str, way: str, times: tuple[datetime, datetime]) -> None:
    """A registrant's review begins from the start: of another home, by whoever is there."""
    opened_at, due_at = times
    fresh = {"way": way, "state": WAITING, "opened_at": opened_at, "due_at": due_at, "answer_by": None}
    clean = {"deciders": [], "appealed": False, "sealed": None, "version": ReviewRow.version + 1}
    session.execute(update(ReviewRow).where(ReviewRow.voter_id == voter_id).values({**fresh, **clean}))


def by_code(session: Session, code_index: str) -> ReviewRow | None:
    """The review of whoever has a confirmation code, by the code's keyed hash."""
    wanted = select(ReviewRow).join(VoterRow, VoterRow.id == ReviewRow.voter_id)
    return session.scalars(wanted.where(VoterRow.code_index == code_index)).first()


def by_reference(session: Session, reference: str) -> ReviewRow | None:
    """The review whose id begins so; None where none does, or more than one."""
    found = list(session.scalars(select(ReviewRow).where(ReviewRow.id.startswith(reference, autoescape=True)).limit(2)))
    return found[0] if len(found) == 1 else None


def in_states(session: Session, states: Sequence[str]) -> list[ReviewRow]:
    """The reviews in any of some states, what is due first first; of nobody who has left under a legal hold."""
    wanted = select(ReviewRow).join(VoterRow, VoterRow.id == ReviewRow.voter_id)
    wanted = wanted.where(ReviewRow.state.in_(states), VoterRow.state != VOTER_LEFT)
    return list(session.scalars(wanted.order_by(ReviewRow.due_at, ReviewRow.id)))


def count(session: Session, state: str) -> int:
    """How many reviews are in a state."""
    return session.execute(select(func.count()).select_from(ReviewRow).where(ReviewRow.state == state)).scalar_one()


def _new(voter_id: str, way: str, due: str, times: tuple[datetime, datetime]) -> Mapping[str, Any]:
    return {
        "id": secrets.token_hex(8),
        "voter_id": voter_id,
        "way": way,
        "state": WAITING,
        "opened_at": times[0],
        "due_at": times[1],
        "answer_by": None,
        "version": 1,
        "deciders": [],
        "appealed": False,
        "key_id": due,
        "due": due,
        "sealed": None,
    }
