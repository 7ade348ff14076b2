"""Drafts: a registration in the making, sealed so that only the browser that holds its token can have it opened."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from voter_reg.service.envelope import record_envelope
from voter_reg.service.scope import Scope
from voter_reg.store import demands, papers
from voter_reg.store import drafts as store
from voter_reg.store.db import glance, transaction
from voter_reg.vault import Vault
from voter_reg.vault.keys import epoch_of

LIFETIME = timedelta(days=1)
"""How long an unfinished draft is kept: to the end of the day on which this ends."""

RECEIPT_LIFETIME = timedelta(days=1)
"""How long the browser that registered can still fetch its code and copy."""

_TOKEN_BYTES = 32


class Stale(Exception):
    """The draft was changed elsewhere since it was read, or is gone."""


@dataclass(frozen=True)
class Receipt:
    """What a registrant leaves with. `public_state` is "registered" or "waiting-for-papers" and tells nothing more."""

    code: Annotated[str, "The confirmation code, for the registrant to write down."]
    public_state: Annotated[str, "Registered, or waiting for papers."]
    signed_copy: Annotated[str, "The signed form, for the registrant to take away."]
    registered_at: Annotated[str, "When they registered."]
    way: Annotated[str | None, "How residency is shown, to say what comes next."] = None
    vouching_code: Annotated[str | None, "The code to hand to a voucher, for who asked to be vouched for."] = None
    reference: Annotated[str | None, "Names the review to staff, and opens nothing."] = None
    by: Annotated[str | None, "By which day the office, or the registrant, has to act."] = None


@dataclass(frozen=True)
class Signature:
    """How a form is signed. `kind` is "typed", "drawn" or "assistant"; on paper it is "paper", "mark" or "assistant".

    A drawing is a list of strokes, each of points "x,y" within 0 to 999, so that nothing but a line can be in it.
    """

    kind: Annotated[str, "By typed name, by drawing, or by an assistant for a person who cannot sign."]
    text: Annotated[str | None, "The typed name."] = None
    strokes: Annotated[tuple[str, ...], "The lines of the drawing."] = ()


@dataclass(frozen=True)
class Draft:
    """The answers so far. The card's number is never among them: only its blind index, once it was confirmed."""

    language: Annotated[str, "The language of the pages."] = "en"
    notice_language: Annotated[str, "The language the notice was read in."] = "en"
    notice_version: Annotated[str | None, "Which notice of the risks was shown."] = None
    notice_seen_at: Annotated[str | None, "When it was read."] = None
    home: Annotated[str | None, "How the home was told: an address, no fixed one, a facility, a program's address."] = (
        None
    )
    typed_address: Annotated[str | None, "The address as typed, to show it again for correction."] = None
    address: Annotated[str | None, "The address as the map knows it, or the program's own address."] = None
    place: Annotated[str | None, "Where someone without a fixed address stays, in their words."] = None
    unit: Annotated[str | None, "The flat."] = None
    split: Annotated[str | None, "The precinct split of the address."] = None
    name: Annotated[str | None, "The name to register."] = None
    sort_name: Annotated[str | None, "The name to sort by, where it differs."] = None
    birth: Annotated[str | None, "The birth date, as precise as known."] = None
    resident_since: Annotated[str | None, "Since when the person lives here."] = None
    sworn: Annotated[tuple[str, ...], "Which statements were sworn, by their fixed keys."] = ()
    proof: Annotated[str | None, "The way residency is shown: one of the pack's."] = None
    card_mark: Annotated[str | None, "The keyed hash of a confirmed Municipal ID, not its number."] = None
    card_tries: Annotated[int, "How many cards were tried, so that nobody guesses numbers."] = 0
    papers: Annotated[tuple[str, ...], "The rows of the residency papers that were sent."] = ()
    email: Annotated[str | None, "Where notices go, if they were asked for."] = None
    mail_to: Annotated[str | None, "Where letters go, if they were asked for."] = None
    contact_asked: Annotated[bool, "Whether the question about notices was answered."] = False
    signature: Annotated[Signature | None, "How the form is signed."] = None
    receipt: Annotated[Receipt | None, "What the registrant leaves with, for a day."] = None


DRAFT = record_envelope("draft", "draft.sealed", Draft)


def start(
    vault: Vault, now: datetime, *, notice_version: str, language: str = "en", notice_language: str = "en"
) -> str:
    """Start a draft for someone who has just read the notice; the answer is its token, kept nowhere here."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    seen_at = now.astimezone(UTC).isoformat(timespec="seconds")
    draft = Draft(language, notice_language, notice_version=notice_version, notice_seen_at=seen_at)
    expires = (now + LIFETIME).astimezone(UTC).date()
    with transaction() as session:
        store.add(session, _id(token), _seal(vault, token, draft, epoch_of(expires)), epoch_of(expires), expires)
    return token


def load(vault: Vault, token: str, now: datetime) -> tuple[Draft, int] | None:
    """The draft of a token and its version; None when there is none, or it has expired."""
    with glance() as connection:
        return _opened(connection, vault, token, now)


def save(vault: Vault, token: str, draft: Draft, version: int, now: datetime) -> int:
    """Save a draft that was read at `version`; the answer is its new version.

    Raises:
        Stale: another tab was faster, or the draft is gone.
    """
    with transaction() as session:
        write(session, vault, token, draft, version, now + LIFETIME)
    return version + 1


def remove_expired(now: datetime) -> int:
    """Remove the drafts whose last day has passed, unless a hold covers everything; how many there were.

    Their papers go with them, and before them those whose own last day has passed.
    """
    with transaction() as session:
        if any(Scope.read(hold.scope).everything for hold in demands.holds(session)):
            return 0
        today = now.astimezone(UTC).date()
        papers.remove_expired_of_drafts(session, today)
        return store.remove_expired(session, today)


def read(session: Session, vault: Vault, token: str, now: datetime) -> tuple[Draft, int] | None:
    """The same as `load`, within a transaction."""
    return _opened(session.connection(), vault, token, now)


def _opened(connection: Connection, vault: Vault, token: str, now: datetime) -> tuple[Draft, int] | None:
    found = store.find(connection, _id(token))
    if found is None or found[2] < now.astimezone(UTC).date():
        return None
    return DRAFT.open_for(vault, _key(token), _id(token), found[0]), found[1]


def write(  # noqa: PLR0917
    session: Session, vault: Vault, token: str, draft: Draft, version: int, until: datetime
) -> None:
    """The same as `save`, within a transaction; kept until `until`."""
    expires = until.astimezone(UTC).date()
    sealed = _seal(vault, token, draft, epoch_of(expires))
    if not store.replace(session, _id(token), sealed, epoch_of(expires), version, expires):
        raise Stale


def begin_move(session: Session, vault: Vault, token: str, now: datetime) -> str | None:
    """Copy a draft under a new token, within a transaction; the token, or None where there is no draft.

    What is kept along with the draft follows, then `end` ends the old token for good.
    """
    found = read(session, vault, token, now)
    if found is None:
        return None
    new, expires = secrets.token_urlsafe(_TOKEN_BYTES), (now + LIFETIME).astimezone(UTC).date()
    store.add(session, _id(new), _seal(vault, new, found[0], epoch_of(expires)), epoch_of(expires), expires)
    return new


def end(session: Session, token: str) -> None:
    """Remove a draft, within a transaction: its token opens nothing any more."""
    store.remove(session, _id(token))


def row_of(token: str) -> str:
    """The row id of a token's draft, for what is kept along with it."""
    return _id(token)


def key_of(token: str) -> bytes:
    """What of a token seals what is kept along with its draft."""
    return _key(token)


def _id(token: str) -> str:
    return hashlib.sha256(b"draft-row|" + token.encode()).hexdigest()


def _key(token: str) -> bytes:
    return token.encode()


def _seal(vault: Vault, token: str, draft: Draft, epoch: str) -> bytes:
    return DRAFT.seal_for(vault, _key(token), _id(token), epoch, draft)
