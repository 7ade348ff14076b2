"""One-time links that an administrator hands to a member of staff: an invitation, or the reset of one factor.

A link is good for 24 hours and once. Forged, expired, used, replaced by a newer one: one answer, `LinkGone`.
A password reset still asks for the second factor, and a reset of the second factor still asks for the password; one
administrator cannot issue both for an account within seven days. Who has lost both is disabled and invited anew.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from eligibility.errors import CleanNo
from voter_reg.service import limits
from voter_reg.service.actors import Actor
from voter_reg.service.administrators import require_another
from voter_reg.service.gate import Gate
from voter_reg.service.staff_log import log
from voter_reg.store import staff as store
from voter_reg.store import staff_links, staff_sessions
from voter_reg.store.db import transaction

Purpose = Literal["invitation", "password", "second-factor"]

PATH = "/staff/link/"
"""Where the office takes links; the rest of the path is the link's token."""

GOOD_FOR = timedelta(hours=24)
APART = timedelta(days=7)
"""How long one administrator who reset one factor cannot reset the other."""

_OTHER: dict[Purpose, Purpose] = {"password": "second-factor", "second-factor": "password"}
_MOST_TYPED = 400


class LinkGone(CleanNo):
    """The link does not work (any more)."""

    def __init__(self) -> None:
        super().__init__("this link does not work any more; ask an administrator for a new one")


class ResetRefused(CleanNo):
    """This administrator may not issue this link; the line says why."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is handed over: its path on the office's host, and when it ends. It is kept nowhere here."""

    path: str
    expires_at: datetime
    account_id: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Held:
    """A link as its holder brings it: the nonce in it, that nonce's hash, and what the row says."""

    nonce: str
    nonce_hash: str
    account_id: str
    purpose: Purpose
    expires_at: datetime


def reset_password(gate: Gate, account_id: str, *, by: Actor, now: datetime) -> Link:
    """Issue a link that sets a new password, once the second factor is shown. Sessions and older links end.

    Raises:
        ResetRefused: no active account, or this administrator issued the other reset within seven days.
        NotAllowed: whoever asks is no administrator, or it is their own account.
    """
    return _reset(gate, account_id, "password", by, now)


def reset_second_factor(gate: Gate, account_id: str, *, by: Actor, now: datetime) -> Link:
    """Issue a link that sets up a new second factor, once the password is given; otherwise as `reset_password`."""
    return _reset(gate, account_id, "second-factor", by, now)


def issue(  # noqa: PLR0917
    session: Session, gate: Gate, account_id: str, purpose: Purpose, by: Actor, now: datetime
) -> Link:
    """Issue a link within a transaction; older links of the account die."""
    nonce, expires_at = secrets.token_urlsafe(32), now + GOOD_FOR
    staff_links.add(session, account_id, purpose, by.label, now, expires_at, _hash(nonce))
    log(session, by, f"{purpose}-link-issued", account_id, now)
    return Link(f"{PATH}{_serializer(gate, now).dumps(nonce)}", expires_at, account_id, purpose)


def held(session: Session, gate: Gate, token: str, purpose: Purpose | None, now: datetime) -> Held:
    """What a link opens, if it is good and, when one is named, of that purpose.

    Raises:
        LinkGone: forged, expired, used, replaced, or of another purpose.
    """
    try:
        nonce = _serializer(gate, now).loads(token[:_MOST_TYPED], max_age=int(GOOD_FOR.total_seconds()))
    except (BadData, UnicodeError):
        raise LinkGone from None
    found = staff_links.find(session, _hash(str(nonce)), now)
    if found is None or purpose not in (None, found.purpose):
        raise LinkGone
    return Held(nonce, _hash(nonce), found.account_id, cast("Purpose", found.purpose), found.expires_at)


def use(session: Session, link: Held) -> None:
    """Use up a link, in the transaction of what it was for; raises LinkGone when someone was faster."""
    if not staff_links.use(session, link.nonce_hash):
        raise LinkGone


def _reset(gate: Gate, account_id: str, purpose: Purpose, by: Actor, now: datetime) -> Link:
    with transaction() as session:
        account = store.find(session, account_id)
        if account is None or account.state != store.ACTIVE:
            raise ResetRefused("there is no active account to be reset; who is disabled is invited anew")
        require_another(by, account)
        if staff_links.issued(session, account_id, _OTHER[purpose], by.label, now - APART):
            raise ResetRefused(
                f"you reset the {_OTHER[purpose].replace('-', ' ')} of this account within seven days; the other "
                "factor is for another administrator to reset"
            )
        staff_sessions.remove_all(session, account_id)
        limits.forget(session, gate.vault, account)
        return issue(session, gate, account_id, purpose, by, now)


def _hash(nonce: str) -> str:
    return hashlib.sha256(b"staff-link|" + nonce.encode()).hexdigest()


class _SignerAt(TimestampSigner):
    """A signer by the service's own clock."""

    def __init__(self, *args: Any, now: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now

    def get_timestamp(self) -> int:
        return self._now


def _serializer(gate: Gate, now: datetime) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        gate.office_secret,
        salt="staff-link",
        signer=_SignerAt,
        signer_kwargs={"now": int(now.timestamp()), "digest_method": hashlib.sha256},
    )
