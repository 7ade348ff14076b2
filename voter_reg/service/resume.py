"""Finishing later: a link and a code, which together open a draft once within a day.

The row that a link finds holds the draft's token sealed under a key that needs the link's secret and the code, so
neither the database nor the link alone opens anything. Five wrong codes end it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from sqlalchemy.orm import Session

from voter_reg.service import drafts, papers
from voter_reg.service.codes import new_code, plain_code
from voter_reg.service.envelope import record_envelope
from voter_reg.store import resumes as store
from voter_reg.store.db import transaction
from voter_reg.vault import Vault, VaultError
from voter_reg.vault.keys import epoch_of

LINK_LIFETIME: Final = timedelta(hours=24)
MOST_TRIES: Final = 5


@dataclass(frozen=True)
class Kept:
    """What a link and its code open."""

    token: Annotated[str, "The token of the draft."]


RESUME = record_envelope("resume", "resume.sealed", Kept)


def keep_for_later(vault: Vault, token: str, now: datetime) -> tuple[str, str]:
    """Make a link's secret and a code for a draft; both are kept nowhere here. An earlier pair of the draft ends."""
    link, code = secrets.token_urlsafe(16), new_code()
    until = now + LINK_LIFETIME
    epoch = epoch_of(until.astimezone(UTC).date())
    sealed = RESUME.seal_for(vault, _key(link, code), _id(link), epoch, Kept(token))
    with transaction() as session:
        store.replace(session, _id(link), _of_draft(token), sealed, epoch, until)
    return link, code


def take_up(vault: Vault, link: str, code: str, now: datetime) -> str | None:
    """A new token of the draft, for whoever has the link and the code, once; the old one opens nothing any more.

    None for a wrong code, an unknown, used or old link, and after five wrong codes: one answer for all of them. The
    try is counted before the code is looked at.
    """
    with transaction() as session:
        sealed = store.count_try(session, _id(link), now, MOST_TRIES)
    if sealed is None:
        return None
    try:
        kept = RESUME.open_for(vault, _key(link, code), _id(link), sealed)
    except VaultError:
        return None
    with transaction() as session:
        new = drafts.begin_move(session, vault, kept.token, now) if store.remove(session, _id(link)) else None
        if new is not None:
            papers.move(session, vault, kept.token, new)
            drafts.end(session, kept.token)
    return new


def forget(session: Session, token: str) -> None:
    """End the links of a draft, within a transaction."""
    store.remove_of(session, _of_draft(token))


def discard(token: str, now: datetime) -> None:
    """Remove a draft and what is left of its links, unless one of them is still good."""
    with transaction() as session:
        if not store.is_kept(session, _of_draft(token), now):
            drafts.end(session, token)
            forget(session, token)


def remove_expired(now: datetime) -> int:
    """Remove the links whose day is over; how many."""
    with transaction() as session:
        return store.remove_expired(session, now)


def _id(link: str) -> str:
    return hashlib.sha256(b"resume-row|" + link.encode()).hexdigest()


def _of_draft(token: str) -> str:
    return hashlib.sha256(b"resume-of|" + token.encode()).hexdigest()


def _key(link: str, code: str) -> bytes:
    return f"{link}|{plain_code(code)}".encode()
