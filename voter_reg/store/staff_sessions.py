"""Sessions of staff, the tickets between the two steps of signing in, and the challenges sent to passkeys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, delete, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept

_ONLY_SERVICE = ("service",)


class SessionRow(Model):
    """One session. `seen_at` is the newest instant it has seen, and never goes back."""

    __tablename__ = "staff_session"
    __kept__ = Kept("session", "Keeps a member of staff signed in.", "security", _ONLY_SERVICE)

    id: Mapped[str] = mapped_column(primary_key=True, doc="The hash of the token that the browser holds.")
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id"), index=True, doc="Whose session it is.")
    started_at: Mapped[Moment] = mapped_column(doc="Ends the session after twelve hours.")
    seen_at: Mapped[Moment] = mapped_column(doc="Ends the session after thirty idle minutes.")
    confirmed_at: Mapped[Moment | None] = mapped_column(doc="When its owner last gave password and second factor.")


class TicketRow(Model):
    """Someone gave the right password and has not shown the second factor yet."""

    __tablename__ = "staff_ticket"
    __kept__ = Kept("session", "Remembers the first step of signing in.", "security", _ONLY_SERVICE)

    id: Mapped[str] = mapped_column(primary_key=True, doc="The hash of the token that the browser holds.")
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id"), index=True, doc="Whose password it was.")
    expires_at: Mapped[Moment] = mapped_column(doc="Ends the ticket.")


class ChallengeRow(Model):
    """A challenge that a passkey is to sign, good once."""

    __tablename__ = "staff_challenge"
    __kept__ = Kept("session", "Makes each answer of a passkey good once.", "security", _ONLY_SERVICE)

    holder: Mapped[str] = mapped_column(primary_key=True, doc="The ticket, session or link it was made for.")
    challenge: Mapped[bytes] = mapped_column(doc="The random bytes to be signed.")
    expires_at: Mapped[Moment] = mapped_column(doc="Ends the challenge.")


def add(session: Session, session_id: str, account_id: str, now: datetime) -> None:
    """Begin a session."""
    values = {"id": session_id, "account_id": account_id, "started_at": now, "seen_at": now, "confirmed_at": None}
    session.execute(insert(SessionRow).values(**values))


def find(session: Session, session_id: str) -> SessionRow | None:
    """The session of an id, as it stands now."""
    return session.get(SessionRow, session_id, populate_existing=True)


def of_account(session: Session, account_id: str) -> list[SessionRow]:
    """The sessions of an account, the newest first."""
    wanted = select(SessionRow).where(SessionRow.account_id == account_id)
    return list(session.scalars(wanted.order_by(SessionRow.started_at.desc(), SessionRow.id)))


def see(session: Session, session_id: str, now: datetime) -> None:
    """Note that a session was used."""
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen_at=now))


def renew(session: Session, session_id: str, new_id: str, now: datetime) -> bool:
    """Move a session to a new token, confirmed now; False when it has ended meanwhile."""
    moved = update(SessionRow).where(SessionRow.id == session_id)
    return _touched(session.execute(moved.values(id=new_id, seen_at=now, confirmed_at=now))) == 1


def remove(session: Session, session_id: str, account_id: str) -> int:
    """End one session of an account; how many there were."""
    return _touched(
        session.execute(delete(SessionRow).where(SessionRow.id == session_id, SessionRow.account_id == account_id))
    )


def remove_all(session: Session, account_id: str, but: str | None = None) -> int:
    """End the sessions and tickets of an account, all but one session if its id is given; how many sessions."""
    session.execute(delete(TicketRow).where(TicketRow.account_id == account_id))
    wanted = delete(SessionRow).where(SessionRow.account_id == account_id)
    return _touched(session.execute(wanted if but is None else wanted.where(SessionRow.id != but)))


def add_ticket(session: Session, ticket_id: str, account_id: str, expires_at: datetime) -> None:
    """Add a ticket."""
    session.execute(insert(TicketRow).values(id=ticket_id, account_id=account_id, expires_at=expires_at))


def ticket(session: Session, ticket_id: str, now: datetime) -> str | None:
    """Whose ticket this is; None when it is over."""
    wanted = select(TicketRow.account_id).where(TicketRow.id == ticket_id, TicketRow.expires_at > now)
    return session.execute(wanted).scalar_one_or_none()


def use_ticket(session: Session, ticket_id: str) -> bool:
    """Use up a ticket; False when it was used already."""
    return _touched(session.execute(delete(TicketRow).where(TicketRow.id == ticket_id))) == 1


def put_challenge(session: Session, holder: str, challenge: bytes, expires_at: datetime) -> None:
    """Keep the challenge of a holder, in place of an older one."""
    session.execute(delete(ChallengeRow).where(ChallengeRow.holder == holder))
    session.execute(insert(ChallengeRow).values(holder=holder, challenge=challenge, expires_at=expires_at))


def take_challenge(session: Session, holder: str, now: datetime) -> bytes | None:
    """Use up the challenge of a holder; None when there is none, or its time is over."""
    taken = delete(ChallengeRow).where(ChallengeRow.holder == holder)
    row = session.execute(taken.returning(ChallengeRow.challenge, ChallengeRow.expires_at)).first()
    return None if row is None or row.expires_at <= now else bytes(row.challenge)


def remove_expired(session: Session, now: datetime, *, idle_since: datetime, started_before: datetime) -> int:
    """Remove what has ended by itself: sessions, tickets and challenges; how many rows."""
    ended = or_(SessionRow.seen_at <= idle_since, SessionRow.started_at <= started_before)
    removals = (
        delete(SessionRow).where(ended),
        delete(TicketRow).where(TicketRow.expires_at <= now),
        delete(ChallengeRow).where(ChallengeRow.expires_at <= now),
    )
    return sum(_touched(session.execute(one)) for one in removals)


def _touched(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
