"""Writing to the access log, within the transaction of what it tells of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from voter_reg.service.actors import Actor
from voter_reg.store import log as store
from voter_reg.vault import Vault


def log_voter(  # noqa: PLR0917
    session: Session,
    vault: Vault,
    by: Actor,
    action: str,
    voter_id: str,
    now: datetime,
    *,
    purpose: str = "registration",
) -> None:
    """One voter's record was written or read; the log holds a keyed hash of whose."""
    store.add(session, now, by.label, by.role, purpose, action, vault.index("log-subject", voter_id), 1)


def log_bulk(session: Session, by: Actor, purpose: str, action: str, subject: str, count: int, now: datetime) -> None:  # noqa: PLR0917
    """Many records were read at once: one entry names the roster or election and how many."""
    store.add(session, now, by.label, by.role, purpose, action, subject, count)


def log_own(session: Session, vault: Vault, by: Actor, action: str, voter_id: str, now: datetime) -> None:  # noqa: PLR0917
    """A registrant, or whoever came with their code, looked at or changed their own record."""
    store.add(session, now, by.label, by.role, "own-record", action, vault.index("log-subject", voter_id), 1)
