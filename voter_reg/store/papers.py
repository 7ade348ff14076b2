"""Residency papers: sealed pages, of a draft until it is signed, and of a voter until they are decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, delete, insert, not_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model
from voter_reg.store.kept import Kept


class PaperRow(Model):
    """One residency paper. Of whom it is, and never of nobody: it goes with its draft or its voter."""

    __tablename__ = "paper"
    __kept__ = Kept("paper", "Residency papers, until a reviewer has decided.", "private", ("resident", "reviewer"))

    id: Mapped[str] = mapped_column(primary_key=True, doc="A random name for the row; means nothing elsewhere.")
    draft_id: Mapped[str | None] = mapped_column(
        ForeignKey("draft.id", ondelete="CASCADE"), doc="The draft it was sent with, until that is signed."
    )
    voter_id: Mapped[str | None] = mapped_column(
        ForeignKey("voter.id", ondelete="CASCADE"), doc="The registrant whose it is, once they signed."
    )
    position: Mapped[int] = mapped_column(doc="In which order a person's papers were sent.")
    key_id: Mapped[str] = mapped_column(doc="Which key sealed it, so that it ends with that key.")
    due: Mapped[str] = mapped_column(doc="The month of its key; a hold does not change it.")
    expires_on: Mapped[date] = mapped_column(index=True, doc="Its last day, after which it is removed.")
    sealed_kind: Mapped[bytes] = mapped_column(doc="Which paper of the place's list it is, and how many pages.")
    sealed: Mapped[bytes] = mapped_column(doc="The pages; until the draft is signed only its browser can open them.")

    __table_args__ = (
        CheckConstraint("(draft_id IS NULL) <> (voter_id IS NULL)", name="ck_paper_of_one"),
        Index("ix_paper_draft_id", "draft_id"),
        Index("ix_paper_voter_id", "voter_id"),
        Index("ix_paper_key_id", "key_id"),
    )


class Listed(NamedTuple):
    """A paper without its pages."""

    id: str
    position: int
    expires_on: date
    sealed_kind: bytes


_LISTED = (PaperRow.id, PaperRow.position, PaperRow.expires_on, PaperRow.sealed_kind)


def add(session: Session, values: Mapping[str, Any]) -> None:
    """Add a paper."""
    session.execute(insert(PaperRow), [dict(values)])


def of_draft(session: Session, draft_id: str) -> list[Listed]:
    """A draft's papers in the order they were sent."""
    wanted = select(*_LISTED).where(PaperRow.draft_id == draft_id).order_by(PaperRow.position)
    return [Listed(*row) for row in session.execute(wanted)]


def of_voter(session: Session, voter_id: str) -> list[Listed]:
    """A registrant's papers in the order they were sent."""
    wanted = select(*_LISTED).where(PaperRow.voter_id == voter_id).order_by(PaperRow.position)
    return [Listed(*row) for row in session.execute(wanted)]


def pages(session: Session, paper_id: str) -> bytes:
    """A paper's sealed pages."""
    return session.execute(select(PaperRow.sealed).where(PaperRow.id == paper_id)).scalar_one()


def hand_over(session: Session, paper_id: str, voter_id: str, values: Mapping[str, Any]) -> None:
    """Make a draft's paper a voter's, sealed anew."""
    session.execute(
        update(PaperRow).where(PaperRow.id == paper_id).values(draft_id=None, voter_id=voter_id, **dict(values))
    )


def move(session: Session, paper_id: str, draft_id: str, values: Mapping[str, Any]) -> None:
    """Make a paper another draft's, sealed anew."""
    session.execute(update(PaperRow).where(PaperRow.id == paper_id).values(draft_id=draft_id, **dict(values)))


def remove_of_draft(session: Session, draft_id: str, paper_id: str) -> bool:
    """Remove one paper of a draft; whether it was there."""
    done = session.execute(delete(PaperRow).where(PaperRow.id == paper_id, PaperRow.draft_id == draft_id))
    return _touched(done) == 1


def remove_of_voter(session: Session, voter_id: str) -> int:
    """Remove all papers of a voter; how many."""
    return _touched(session.execute(delete(PaperRow).where(PaperRow.voter_id == voter_id)))


def keep_until(session: Session, voter_id: str, last: date) -> None:
    """Say until when a voter's papers are kept."""
    session.execute(update(PaperRow).where(PaperRow.voter_id == voter_id).values(expires_on=last))


def remove_expired_of_drafts(session: Session, today: date) -> int:
    """Remove the papers of unfinished drafts whose last day has passed; how many."""
    expired = (PaperRow.draft_id.is_not(None), PaperRow.expires_on < today)
    return _touched(session.execute(delete(PaperRow).where(*expired)))


def expired_of_voters(session: Session, today: date, most: int) -> list[tuple[str, str]]:
    """Papers of voters whose last day has passed, under no hold's key: paper and voter."""
    free = not_(PaperRow.key_id.like("h-%"))
    wanted = select(PaperRow.id, PaperRow.voter_id).where(
        PaperRow.voter_id.is_not(None), PaperRow.expires_on < today, free
    )
    return [(row[0], row[1] or "") for row in session.execute(wanted.order_by(PaperRow.id).limit(most))]


def remove(session: Session, ids: Sequence[str]) -> int:
    """Remove papers; how many."""
    return _touched(session.execute(delete(PaperRow).where(PaperRow.id.in_(ids))))


def _touched(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
