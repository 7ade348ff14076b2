"""Following a one-time link: a person sets up their account, or the one factor that was reset.

The secret that a link offers for an authenticator app is derived from the link itself, so nothing half set up is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from voter_reg.service.gate import Gate
from voter_reg.service.second_factor import Kind, Proof, TotpOffer
from voter_reg.service.staff_links import Purpose


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link asks of its holder: `offer` where an app is to be set up, `kinds` where a proof is to be shown."""

    purpose: Purpose
    account_name: str
    expires_at: datetime
    offer: TotpOffer | None
    kinds: tuple[Kind, ...]


def open_link(gate: Gate, link: str, now: datetime) -> Opened:
    """What a link (the token in its path) is for; using it up comes later. Raises LinkGone."""
    raise NotImplementedError


def passkey_options(gate: Gate, link: str, now: datetime) -> str:
    """What the browser needs to ask for a passkey, as JSON, where a password is reset; raises LinkGone."""
    raise NotImplementedError


def accept_invitation(
    gate: Gate, link: str, password: str, code: str, *, source: str, now: datetime
) -> tuple[str, ...]:
    """Set a password and confirm the offered app by a code of it: the account is active. Ten recovery codes.

    Raises:
        LinkGone: the link does not work.
        PasswordRefused: the password cannot be taken; the link stays good.
        WrongCode: the code is not of the offered secret; the link stays good.
        TooMany: too many attempts.
    """
    raise NotImplementedError


def set_new_password(gate: Gate, link: str, password: str, proof: Proof, *, source: str, now: datetime) -> None:
    """Set a new password by showing the second factor; every session ends. Raises as `accept_invitation`."""
    raise NotImplementedError


def set_new_second_factor(
    gate: Gate, link: str, password: str, code: str, *, source: str, now: datetime
) -> tuple[str, ...]:
    """Set up a new app by giving the password and a code of it; passkeys and sessions end. Ten recovery codes.

    Raises:
        WrongSignIn: the password is wrong; the link stays good.
        LinkGone, WrongCode, TooMany: as `accept_invitation`.
    """
    raise NotImplementedError
