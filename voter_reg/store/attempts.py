"""Attempts to sign in, as the limits count them, and the addresses an account has been signed in from: hashes alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept

Marks = dict[str, str | bool]
"""What an attempt is counted under: column and value."""


class AttemptRow(Model):
    """One attempt. `account_mark` is a keyed hash of the name that was typed, whether or not there is such a name."""

    __tablename__ = "staff_attempt"
    __kept__ = Kept("attempt", "Limits how often anyone can guess.", "security", ("service",))
    __table_args__ = (
        Index("ix_staff_attempt_account_mark", "kind", "account_mark", "at"),
        Index("ix_staff_attempt_source_mark", "kind", "source_mark", "at"),
        Index("ix_staff_attempt_at", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="Takes back an attempt that succeeded.")
    at: Mapped[Moment] = mapped_column(doc="Lets an attempt count for a while only.")
    kind: Mapped[str] = mapped_column(doc="What was tried.")
    account_mark: Mapped[str] = mapped_column(doc="A keyed hash of the name that was tried.")
    source_mark: Mapped[str] = mapped_column(doc="A keyed hash of day and network address.")
    familiar: Mapped[bool] = mapped_column(doc="Whether the account was signed in from there before.")


class FamiliarRow(Model):
    """An address that an account was signed in from, as a hash that is this account's own."""

    __tablename__ = "staff_familiar"
    __kept__ = Kept("attempt", "Lets staff in while strangers try their name.", "security", ("service",))

    mark: Mapped[str] = mapped_column(primary_key=True, doc="A keyed hash of account and network address.")
    seen_at: Mapped[Moment] = mapped_column(index=True, doc="Forgets the address after a month.")


def add(session: Session, at: datetime, kind: str, marks: Marks) -> int:
    """Add an attempt; its id."""
    added = insert(AttemptRow).values(at=at, kind=kind, **marks).returning(AttemptRow.id)
    return int(session.execute(added).scalar_one())


def take_back(session: Session, attempt_id: int) -> None:
    """Remove an attempt that succeeded."""
    session.execute(delete(AttemptRow).where(AttemptRow.id == attempt_id))


def nth_newest(session: Session, kind: str, marks: Marks, since: datetime, nth: int) -> datetime | None:
    """When the nth newest attempt under these marks after an instant was; None when there were fewer."""
    columns = AttemptRow.__table__.c
    where: list[ColumnElement[bool]] = [columns[name] == value for name, value in marks.items()]
    wanted = select(AttemptRow.at).where(AttemptRow.kind == kind, AttemptRow.at > since, *where)
    return session.execute(wanted.order_by(AttemptRow.at.desc()).offset(nth - 1).limit(1)).scalar_one_or_none()


def is_familiar(session: Session, mark: str, since: datetime) -> bool:
    """Whether an account was signed in from an address after an instant."""
    wanted = select(FamiliarRow.mark).where(FamiliarRow.mark == mark, FamiliarRow.seen_at > since)
    return session.execute(wanted).first() is not None


def remember(session: Session, mark: str, now: datetime) -> None:
    """Remember an address that an account was signed in from."""
    known = session.execute(update(FamiliarRow).where(FamiliarRow.mark == mark).values(seen_at=now))
    if not getattr(known, "rowcount", 0):
        session.execute(insert(FamiliarRow).values(mark=mark, seen_at=now))


def remove_of(session: Session, account_mark: str) -> None:
    """Remove the attempts on an account."""
    session.execute(delete(AttemptRow).where(AttemptRow.account_mark == account_mark))


def remove_before(session: Session, attempts: datetime, familiar: datetime) -> int:
    """Remove attempts and familiar addresses older than these instants; how many rows."""
    removals = (
        delete(AttemptRow).where(AttemptRow.at < attempts),
        delete(FamiliarRow).where(FamiliarRow.seen_at < familiar),
    )
    return sum(int(getattr(session.execute(one), "rowcount", 0)) for one in removals)
