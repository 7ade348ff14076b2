"""What the access log tells of staff accounts: which account, what happened, by whom; no names of unknown accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from voter_reg.service import access_log
from voter_reg.service.actors import Actor, staff
from voter_reg.store.staff import Stored

UNKNOWN = "unknown"
"""The subject where no account of that name may be signed in to."""


def log(session: Session, by: Actor, action: str, account_id: str, now: datetime) -> None:
    """Write one entry about an account, within the transaction that it tells of."""
    access_log.log_bulk(session, by, "accounts", action, account_id, 1, now)


def owner(account: Stored) -> Actor:
    """Whoever an account belongs to, acting for themselves."""
    return staff(account.name, "staff")
