"""Letters to be printed: whose and of which kind. Name and address stay in the record until the page is made."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept


class LetterRow(Model):
    """One letter; `batch` is the print file it is in."""

    __tablename__ = "letter"
    __kept__ = Kept("letter", "Notices on paper for those who asked for letters.", "private", ("service", "clerk"))

    id: Mapped[str] = mapped_column(primary_key=True, doc="A random name for the row.")
    voter_id: Mapped[str] = mapped_column(
        ForeignKey("voter.id", ondelete="CASCADE"), index=True, doc="Whose letter it is; it goes with the record."
    )
    notice: Mapped[str] = mapped_column(doc="Which notice, from a fixed list.")
    made_at: Mapped[Moment] = mapped_column(doc="When it became due; gives its date.")
    batch: Mapped[str | None] = mapped_column(index=True, doc="The print file it is in; none before.")
    printed_at: Mapped[Moment | None] = mapped_column(index=True, doc="When it was said to be printed.")


class Batch(NamedTuple):
    """One print file that was made and not yet said to be printed."""

    id: str
    letters: int


class Due(NamedTuple):
    """One letter of a print file."""

    voter_id: str
    notice: str
    made_at: datetime


def add(session: Session, voter_id: str, notice: str, now: datetime) -> None:
    """Leave a letter to be printed."""
    values = {"id": secrets.token_hex(16), "voter_id": voter_id, "notice": notice, "made_at": now}
    session.execute(insert(LetterRow).values(**values, batch=None, printed_at=None))


def count_waiting(session: Session) -> int:
    """How many letters are in no print file yet."""
    return session.execute(select(func.count()).select_from(LetterRow).where(LetterRow.batch.is_(None))).scalar_one()


def gather(session: Session, batch: str, most: int) -> int:
    """Put the oldest letters that wait into a print file; how many."""
    oldest = select(LetterRow.id).where(LetterRow.batch.is_(None)).order_by(LetterRow.made_at, LetterRow.id)
    ids = list(session.scalars(oldest.limit(most).with_for_update()))
    mine = (LetterRow.id.in_(ids), LetterRow.batch.is_(None))
    done = session.execute(update(LetterRow).where(*mine).values(batch=batch))
    return int(getattr(done, "rowcount", 0))


def unprinted(session: Session) -> list[Batch]:
    """The print files not said to be printed."""
    counted = select(LetterRow.batch, func.count()).where(LetterRow.batch.is_not(None), LetterRow.printed_at.is_(None))
    return [Batch(str(row[0]), row[1]) for row in session.execute(counted.group_by(LetterRow.batch))]


def in_batch(session: Session, batch: str) -> list[Due]:
    """The letters of a print file that is not said to be printed, in an order that tells nothing."""
    columns = (LetterRow.voter_id, LetterRow.notice, LetterRow.made_at)
    wanted = select(*columns).where(LetterRow.batch == batch, LetterRow.printed_at.is_(None))
    return [Due(*row) for row in session.execute(wanted.order_by(LetterRow.id))]


def mark_printed(session: Session, batch: str, now: datetime) -> int:
    """Say that a print file is printed; how many letters it had."""
    mine = (LetterRow.batch == batch, LetterRow.printed_at.is_(None))
    done = session.execute(update(LetterRow).where(*mine).values(printed_at=now))
    return int(getattr(done, "rowcount", 0))


def batches_of(session: Session, voter_id: str) -> set[str]:
    """The print files that a voter's letters were in."""
    wanted = select(LetterRow.batch).where(LetterRow.voter_id == voter_id, LetterRow.batch.is_not(None))
    return {str(one) for one in session.scalars(wanted)}


def remove_of(session: Session, voter_id: str) -> None:
    """Remove the letters of a voter who left, whether or not they are printed."""
    session.execute(delete(LetterRow).where(LetterRow.voter_id == voter_id))
