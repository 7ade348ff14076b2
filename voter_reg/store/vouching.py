"""Vouching: codes that applicants hand to a voucher, how often each voucher has vouched, and tries. Hashes alone.

Nothing here says who vouched for whom: a code leads to the applicant, a count to nobody without the keys, and neither
to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Index, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept
from voter_reg.store.voters import VoterRow


class VouchingCodeRow(Model):
    """One applicant's vouching code, for a voucher of their precinct to use once."""

    __tablename__ = "vouching_code"
    __kept__ = Kept("vouching-code", "Lets a neighbor vouch for an applicant, once.", "security", ("service",))

    code_index: Mapped[str] = mapped_column(primary_key=True, doc="Finds the applicant by the code; a keyed hash.")
    voter_id: Mapped[str] = mapped_column(index=True, doc="The applicant's row.")
    expires_at: Mapped[Moment] = mapped_column(index=True, doc="After this the code opens nothing.")
    sworn_mark: Mapped[str | None] = mapped_column(
        doc="A keyed hash of the page on which the oath was sworn, so that sending it twice counts once."
    )


class VouchingCountRow(Model):
    """How many people one voucher has vouched for at one election, or that one was vouched for; no row says whom."""

    __tablename__ = "vouching_count"
    __kept__ = Kept("vouching-count", "Keeps a voucher within the law's limit at an election.", "security")

    mark: Mapped[str] = mapped_column(
        primary_key=True, doc="A keyed hash of voucher and election, or of who was vouched for."
    )
    count: Mapped[int] = mapped_column(doc="How many they have vouched for; 1 for who was vouched for.")
    expires_on: Mapped[date] = mapped_column(index=True, doc="Election day, after which it is removed.")


class VouchingTryRow(Model):
    """One try to vouch; one that is right is taken back. Nothing of the network it came from is kept."""

    __tablename__ = "vouching_try"
    __kept__ = Kept("attempt", "Limits how often anyone can guess a voucher's or an applicant's code.", "security")
    __table_args__ = (
        Index("ix_vouching_try_code_mark", "code_mark", "at"),
        Index("ix_vouching_try_word_mark", "word_mark", "at"),
        Index("ix_vouching_try_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="Takes back a try that was right.")
    at: Mapped[Moment] = mapped_column(doc="Lets a try count for a while only.")
    code_mark: Mapped[str] = mapped_column(doc="A keyed hash of the confirmation code that was tried, real or not.")
    word_mark: Mapped[str] = mapped_column(doc="A keyed hash of the vouching code that was tried, real or not.")


class Party(NamedTuple):
    """What vouching needs of a registrant's row."""

    id: str
    state: str
    split: str
    sealed: bytes


_PARTY = (VoterRow.id, VoterRow.state, VoterRow.split, VoterRow.sealed)


def voucher(session: Session, code_index: str) -> Party | None:
    """Whose confirmation code it is."""
    return _party(session.execute(select(*_PARTY).where(VoterRow.code_index == code_index)).first())


def applicant(session: Session, voter_id: str) -> Party | None:
    """A registrant by their row."""
    return _party(session.execute(select(*_PARTY).where(VoterRow.id == voter_id)).first())


def add_code(session: Session, code_index: str, voter_id: str, expires_at: datetime) -> None:
    """Add an applicant's vouching code."""
    session.execute(insert(VouchingCodeRow).values(code_index=code_index, voter_id=voter_id, expires_at=expires_at))


def code(session: Session, code_index: str) -> VouchingCodeRow | None:
    """The vouching code of an index, used or not, expired or not."""
    return session.get(VouchingCodeRow, code_index, populate_existing=True)


def use_code(session: Session, code_index: str, sworn_mark: str, expires_at: datetime) -> None:
    """Say that the oath was sworn with a code; it goes at `expires_at`."""
    values = {"sworn_mark": sworn_mark, "expires_at": expires_at}
    session.execute(update(VouchingCodeRow).where(VouchingCodeRow.code_index == code_index).values(**values))


def remove_codes_of(session: Session, voter_id: str) -> int:
    """Remove an applicant's codes, who leaves or was proven another way; how many."""
    return _touched(session.execute(delete(VouchingCodeRow).where(VouchingCodeRow.voter_id == voter_id)))


def count(session: Session, mark: str) -> int:
    """How many one voucher has vouched for at one election."""
    wanted = select(VouchingCountRow.count).where(VouchingCountRow.mark == mark)
    return session.execute(wanted).scalar_one_or_none() or 0


def count_on(session: Session, mark: str, number: int, expires_on: date) -> None:
    """Put a count forward by so many, within a transaction that writes: there is one at a time."""
    more = update(VouchingCountRow).where(VouchingCountRow.mark == mark)
    if not _touched(session.execute(more.values(count=VouchingCountRow.count + number))):
        session.execute(insert(VouchingCountRow).values(mark=mark, count=number, expires_on=expires_on))


def add_try(session: Session, at: datetime, code_mark: str, word_mark: str) -> int:
    """Add a try; its id."""
    added = insert(VouchingTryRow).values(at=at, code_mark=code_mark, word_mark=word_mark)
    return int(session.execute(added.returning(VouchingTryRow.id)).scalar_one())


def nth_newest_try(session: Session, marks: dict[str, str], since: datetime, nth: int) -> datetime | None:
    """When the nth newest try under these marks after an instant was; None when there were fewer."""
    columns = VouchingTryRow.__table__.c
    where = [columns[name] == value for name, value in marks.items()]
    wanted = select(VouchingTryRow.at).where(VouchingTryRow.at > since, *where)
    return session.execute(wanted.order_by(VouchingTryRow.at.desc()).offset(nth - 1).limit(1)).scalar_one_or_none()


def take_back_try(session: Session, try_id: int) -> None:
    """Remove a try that was right."""
    session.execute(delete(VouchingTryRow).where(VouchingTryRow.id == try_id))


def remove_old_tries(session: Session, before: datetime) -> int:
    """Remove the tries that no limit looks at any more; how many."""
    return _touched(session.execute(delete(VouchingTryRow).where(VouchingTryRow.at < before)))


def remove_expired_codes(session: Session, now: datetime, kept: Sequence[str]) -> int:
    """Remove the codes past their time, but those of voters whom a hold keeps; how many."""
    past = delete(VouchingCodeRow).where(VouchingCodeRow.expires_at <= now, VouchingCodeRow.voter_id.not_in(kept))
    return _touched(session.execute(past))


def remove_expired_counts(session: Session, today: date) -> int:
    """Remove the counts of elections that are over; how many."""
    return _touched(session.execute(delete(VouchingCountRow).where(VouchingCountRow.expires_on < today)))


def _party(row: object) -> Party | None:
    return None if row is None else Party(*row)  # type: ignore[misc]  # a row of the four columns


def _touched(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
