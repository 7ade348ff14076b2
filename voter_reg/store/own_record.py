"""A registrant's own way to their record: sessions, attempts to sign in, one-time codes; the row while it is theirs."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept
from voter_reg.store.voters import LEFT, VoterRow

_RESIDENT = ("resident", "service")


class OwnSessionRow(Model):
    """One registrant who signed in with code and birth date. `seen_at` never goes back."""

    __tablename__ = "own_session"
    __kept__ = Kept(
        "own-session", "Lets registrants who signed in go on looking at their record.", "security", _RESIDENT
    )

    id: Mapped[str] = mapped_column(primary_key=True, doc="The hash of the token that the browser holds.")
    voter_id: Mapped[str] = mapped_column(
        ForeignKey("voter.id", ondelete="CASCADE"), index=True, doc="Whose record it opens; it goes when that goes."
    )
    started_at: Mapped[Moment] = mapped_column(doc="Ends the session after an hour.")
    seen_at: Mapped[Moment] = mapped_column(doc="Ends the session after fifteen idle minutes.")


class OwnAttemptRow(Model):
    """One attempt that was not right, or is not known to be yet. `mark` is a keyed hash of what was tried."""

    __tablename__ = "own_attempt"
    __kept__ = Kept("attempt", "Limits how often anyone can guess a code or a birth date.", "security", ("service",))
    __table_args__ = (Index("ix_own_attempt_mark", "mark", "at"), Index("ix_own_attempt_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="Takes back an attempt that was right.")
    at: Mapped[Moment] = mapped_column(doc="Lets an attempt count for a day only.")
    mark: Mapped[str] = mapped_column(doc="A keyed hash of the code that was typed, whether or not there is one.")


class OwnCodeRow(Model):
    """A code that the office gave a registrant in person, good once: it stands for having seen them."""

    __tablename__ = "own_code"
    __kept__ = Kept("own-session", "Lets a registrant whom the office has seen get a letter.", "security", ("service",))

    mark: Mapped[str] = mapped_column(primary_key=True, doc="A keyed hash of the code and of whose it is.")
    voter_id: Mapped[str] = mapped_column(
        ForeignKey("voter.id", ondelete="CASCADE"), index=True, doc="Whom it was given to."
    )
    expires_at: Mapped[Moment] = mapped_column(index=True, doc="Ends the code.")


class Found(NamedTuple):
    """A record found by its code."""

    id: str
    sealed: bytes


def of_code(session: Session, code_index: str) -> Found | None:
    """The record of a code, unless its registrant has left the roll."""
    wanted = select(VoterRow.id, VoterRow.sealed).where(VoterRow.code_index == code_index, VoterRow.state != LEFT)
    row = session.execute(wanted).first()
    return None if row is None else Found(*row)


def present(session: Session, voter_id: str, *, locked: bool = False) -> VoterRow | None:
    """A registrant's row, unless they have left the roll; `locked` where it is about to be changed."""
    row = session.get(VoterRow, voter_id, populate_existing=True, with_for_update=locked or None)
    return None if row is None or row.state == LEFT else row


def begin(session: Session, session_id: str, voter_id: str, now: datetime) -> None:
    """Begin a session."""
    values = {"id": session_id, "voter_id": voter_id, "started_at": now, "seen_at": now}
    session.execute(insert(OwnSessionRow).values(**values))


def find(session: Session, session_id: str) -> OwnSessionRow | None:
    """The session of an id, as it stands now."""
    return session.get(OwnSessionRow, session_id, populate_existing=True)


def see(session: Session, session_id: str, now: datetime) -> None:
    """Note that a session was used."""
    session.execute(update(OwnSessionRow).where(OwnSessionRow.id == session_id).values(seen_at=now))


def end(session: Session, session_id: str) -> None:
    """End one session."""
    session.execute(delete(OwnSessionRow).where(OwnSessionRow.id == session_id))


def end_all(session: Session, voter_id: str) -> None:
    """End every session of a registrant, and every code that the office gave them."""
    session.execute(delete(OwnSessionRow).where(OwnSessionRow.voter_id == voter_id))
    session.execute(delete(OwnCodeRow).where(OwnCodeRow.voter_id == voter_id))


def add_attempt(session: Session, mark: str, now: datetime) -> int:
    """Count an attempt; its id."""
    added = insert(OwnAttemptRow).values(at=now, mark=mark).returning(OwnAttemptRow.id)
    return int(session.execute(added).scalar_one())


def take_back(session: Session, attempt_id: int) -> None:
    """Remove an attempt that was right."""
    session.execute(delete(OwnAttemptRow).where(OwnAttemptRow.id == attempt_id))


def attempts(session: Session, mark: str, since: datetime) -> tuple[int, datetime | None]:
    """How many attempts there were under a mark after an instant, and when the newest was."""
    wanted = select(func.count(), func.max(OwnAttemptRow.at)).where(
        OwnAttemptRow.mark == mark, OwnAttemptRow.at > since
    )
    row = session.execute(wanted).one()
    return int(row[0]), row[1]


def nth_newest(session: Session, since: datetime, nth: int) -> datetime | None:
    """When the nth newest attempt of everyone's after an instant was; None when there were fewer."""
    wanted = select(OwnAttemptRow.at).where(OwnAttemptRow.at > since).order_by(OwnAttemptRow.at.desc())
    return session.execute(wanted.offset(nth - 1).limit(1)).scalar_one_or_none()


def put_code(session: Session, mark: str, voter_id: str, expires_at: datetime) -> None:
    """Keep a one-time code, in place of an older one."""
    session.execute(delete(OwnCodeRow).where(OwnCodeRow.voter_id == voter_id))
    session.execute(insert(OwnCodeRow).values(mark=mark, voter_id=voter_id, expires_at=expires_at))


def use_code(session: Session, mark: str, voter_id: str, now: datetime) -> bool:
    """Use up a one-time code; False when it is not this registrant's, was used already, or is too old."""
    mine = (OwnCodeRow.mark == mark, OwnCodeRow.voter_id == voter_id, OwnCodeRow.expires_at > now)
    return _touched(session.execute(delete(OwnCodeRow).where(*mine))) == 1


def remove_ended(
    session: Session, now: datetime, *, idle_since: datetime, started_before: datetime, attempts_before: datetime
) -> int:
    """Remove what ended by itself: sessions, codes, and attempts that no limit looks at any more; how many rows."""
    ended = or_(OwnSessionRow.seen_at <= idle_since, OwnSessionRow.started_at <= started_before)
    removals = (
        delete(OwnSessionRow).where(ended),
        delete(OwnCodeRow).where(OwnCodeRow.expires_at <= now),
        delete(OwnAttemptRow).where(OwnAttemptRow.at <= attempts_before),
    )
    return sum(_touched(session.execute(one)) for one in removals)


def _touched(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
