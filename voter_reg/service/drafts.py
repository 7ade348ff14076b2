"""Drafts: a registration in the making, sealed so that only the browser that holds its token can have it opened."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from voter_reg.service.scope import Scope
from voter_reg.store import demands
from voter_reg.store import drafts as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault
from voter_reg.vault.keys import epoch_of

LIFETIME = timedelta(days=14)
"""How long an unfinished draft is kept."""

RECEIPT_LIFETIME = timedelta(days=1)
"""How long the browser that registered can still fetch its code and copy."""

_KIND = "draft"
_TOKEN_BYTES = 32


class Stale(Exception):
    """The draft was changed elsewhere since it was read, or is gone."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a registrant leaves with. `public_state` is "registered" or "waiting-for-papers" and tells nothing more."""

    code: str
    public_state: str
    signed_copy: str
    registered_at: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers so far. The card's number is never among them: only its blind index, once it was confirmed."""

    language: str = "en"
    notice_version: str | None = None
    notice_seen_at: str | None = None
    typed_address: str | None = None
    address: str | None = None
    unit: str | None = None
    split: str | None = None
    name: str | None = None
    sort_name: str | None = None
    birth: str | None = None
    resident_since: str | None = None
    sworn: tuple[str, ...] = ()
    proof: str | None = None
    card_mark: str | None = None
    card_tries: int = 0
    receipt: Receipt | None = None


def start(vault: Vault, now: datetime, *, notice_version: str, language: str = "en") -> str:
    """Start a draft for someone who has just read the notice; the answer is its token, kept nowhere here."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    draft = Draft(
        language, notice_version=notice_version, notice_seen_at=now.astimezone(UTC).isoformat(timespec="seconds")
    )
    expires = (now + LIFETIME).astimezone(UTC).date()
    with transaction() as session:
        store.add(session, _id(token), _seal(vault, token, draft, epoch_of(expires)), epoch_of(expires), expires)
    return token


def load(vault: Vault, token: str, now: datetime) -> tuple[Draft, int] | None:
    """The draft of a token and its version; None when there is none, or it has expired."""
    with snapshot() as session:
        return read(session, vault, token, now)


def save(vault: Vault, token: str, draft: Draft, version: int, now: datetime) -> int:
    """Save a draft that was read at `version`; the answer is its new version.

    Raises:
        Stale: another tab was faster, or the draft is gone.
    """
    with transaction() as session:
        write(session, vault, token, draft, version, now + LIFETIME)
    return version + 1


def discard(token: str) -> None:
    """Remove a draft."""
    with transaction() as session:
        store.remove(session, _id(token))


def remove_expired(now: datetime) -> int:
    """Remove the drafts whose last day has passed, unless a hold covers everything; how many there were."""
    with transaction() as session:
        if any(Scope.read(hold.scope).everything for hold in demands.holds(session)):
            return 0
        return store.remove_expired(session, now.astimezone(UTC).date())


def read(session: Session, vault: Vault, token: str, now: datetime) -> tuple[Draft, int] | None:
    """The same as `load`, within a transaction."""
    found = store.find(session, _id(token))
    if found is None or found[2] < now.astimezone(UTC).date():
        return None
    return _read(vault.open_for(_key(token), _KIND, _id(token), found[0])), found[1]


def write(  # noqa: PLR0917
    session: Session, vault: Vault, token: str, draft: Draft, version: int, until: datetime
) -> None:
    """The same as `save`, within a transaction; kept until `until`."""
    expires = until.astimezone(UTC).date()
    sealed = _seal(vault, token, draft, epoch_of(expires))
    if not store.replace(session, _id(token), sealed, epoch_of(expires), version, expires):
        raise Stale


def _id(token: str) -> str:
    return hashlib.sha256(b"draft-row|" + token.encode()).hexdigest()


def _key(token: str) -> bytes:
    return token.encode()


def _seal(vault: Vault, token: str, draft: Draft, epoch: str) -> bytes:
    clear = json.dumps({key: value for key, value in asdict(draft).items() if value}, ensure_ascii=False).encode()
    return vault.seal_for(_key(token), _KIND, _id(token), epoch, clear)


def _read(clear: bytes) -> Draft:
    fields = json.loads(clear)
    receipt = fields.pop("receipt", None)
    draft = Draft(**{**fields, "sworn": tuple(fields.get("sworn", ()))})
    return draft if receipt is None else replace(draft, receipt=Receipt(**receipt))
