"""The access log: who read or changed what, for what purpose, and how many. Rows are added and never changed.

Subjects are keyed hashes, so the log itself tells no one's name. Entries are unsequenced; sealing them into a Merkle
log is a step of its own.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept


class LogRow(Model):
    """One entry. `subject` is a voter's keyed hash, or a roster's or an election's id for a bulk read."""

    __tablename__ = "log_entry"
    __kept__ = Kept("log", "Who read or changed personal data.", "security", ("resident", "privacy-officer"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="The entry's number.")
    at: Mapped[Moment] = mapped_column(doc="When it was.")
    actor: Mapped[str] = mapped_column(doc="Staff by account name, a resident without a name, or the service.")
    purpose: Mapped[str] = mapped_column(doc="What it was for.")
    action: Mapped[str] = mapped_column(doc="What was done.")
    subject: Mapped[str] = mapped_column(doc="Whose record, as a keyed hash; or which roster or election.")
    count: Mapped[int] = mapped_column(doc="How many records.")


_ADD = insert(LogRow)


def add(  # noqa: PLR0917 - an entry is these seven things
    session: Session, at: datetime, actor: str, purpose: str, action: str, subject: str, count: int
) -> None:
    """Add an entry to the transaction it belongs to."""
    values = {"at": at, "actor": actor, "purpose": purpose, "action": action, "subject": subject, "count": count}
    session.connection().execute(_ADD, values)


def every(session: Session) -> list[LogRow]:
    """All entries, oldest first."""
    return list(session.scalars(select(LogRow).order_by(LogRow.id)))
