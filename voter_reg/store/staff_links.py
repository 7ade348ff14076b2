"""One-time links for staff: who issued which to whom, and the hash that makes one good, until it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept


class LinkRow(Model):
    """One link that was issued; with `nonce_hash` gone it opens nothing any more."""

    __tablename__ = "staff_link"
    __kept__ = Kept("account", "Sets up an account, or the one factor that was reset.", "security", ("service",))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="The order in which links were issued.")
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id"), index=True, doc="Whose account it is for.")
    purpose: Mapped[str] = mapped_column(doc="What it sets up.")
    issued_by: Mapped[str] = mapped_column(doc="Keeps one administrator from resetting both factors.")
    issued_at: Mapped[Moment] = mapped_column(doc="Keeps one administrator from resetting both factors.")
    expires_at: Mapped[Moment] = mapped_column(doc="Ends the link.")
    nonce_hash: Mapped[str | None] = mapped_column(unique=True, doc="Makes the link good once.")


@dataclass(frozen=True, slots=True)
class GoodLink:
    """A link that has not been used."""

    account_id: str
    purpose: str
    expires_at: datetime


def add(  # noqa: PLR0917 - one row's columns
    session: Session, account_id: str, purpose: str, by: str, now: datetime, expires_at: datetime, nonce_hash: str
) -> None:
    """Add a link; older ones of the account die."""
    kill(session, account_id)
    values = {"account_id": account_id, "purpose": purpose, "issued_by": by, "issued_at": now}
    session.execute(insert(LinkRow).values(**values, expires_at=expires_at, nonce_hash=nonce_hash))


def kill(session: Session, account_id: str) -> None:
    """Make every link of an account open nothing."""
    session.execute(update(LinkRow).where(LinkRow.account_id == account_id).values(nonce_hash=None))


def find(session: Session, nonce_hash: str, now: datetime) -> GoodLink | None:
    """The unused link of a nonce; None when there is none, or its time is over."""
    wanted = select(LinkRow.account_id, LinkRow.purpose, LinkRow.expires_at)
    row = session.execute(wanted.where(LinkRow.nonce_hash == nonce_hash, LinkRow.expires_at > now)).first()
    return None if row is None else GoodLink(row.account_id, row.purpose, row.expires_at)


def use(session: Session, nonce_hash: str) -> bool:
    """Use up a link; False when it was used already."""
    used = session.execute(update(LinkRow).where(LinkRow.nonce_hash == nonce_hash).values(nonce_hash=None))
    return int(getattr(used, "rowcount", 0)) == 1


def issued(session: Session, account_id: str, purpose: str, by: str, since: datetime) -> bool:
    """Whether someone has issued such a link for an account after an instant."""
    wanted = (LinkRow.account_id == account_id, LinkRow.purpose == purpose, LinkRow.issued_by == by)
    return session.execute(select(LinkRow.id).where(*wanted, LinkRow.issued_at > since).limit(1)).first() is not None


def remove_before(session: Session, issued_before: datetime) -> int:
    """Remove links that were issued so long ago that nothing asks for them; how many."""
    return int(getattr(session.execute(delete(LinkRow).where(LinkRow.issued_at < issued_before)), "rowcount", 0))
