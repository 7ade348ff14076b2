"""What people change of their own account, in a session they have just confirmed; their other sessions end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from voter_reg.service.gate import Gate
from voter_reg.service.second_factor import TotpOffer


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of an account, by the name its owner gave it."""

    id: str
    label: str
    added_at: datetime


def change_password(gate: Gate, token: str, password: str, now: datetime) -> None:
    """Set a new password. Raises SessionGone, ConfirmFirst, PasswordRefused."""
    raise NotImplementedError


def offer_totp(gate: Gate, token: str, now: datetime) -> TotpOffer:
    """A secret for a new app; the same until the session is confirmed again. Raises SessionGone, ConfirmFirst."""
    raise NotImplementedError


def change_totp(gate: Gate, token: str, code: str, *, source: str, now: datetime) -> None:
    """Replace the app by the offered one. Raises SessionGone, ConfirmFirst, WrongCode, TooMany."""
    raise NotImplementedError


def new_recovery_codes(gate: Gate, token: str, now: datetime) -> tuple[str, ...]:
    """Ten new recovery codes in place of all old ones. Raises SessionGone, ConfirmFirst."""
    raise NotImplementedError


def passkeys(account_id: str) -> list[Passkey]:
    """The passkeys of an account, oldest first."""
    raise NotImplementedError


def offer_passkey(gate: Gate, token: str, now: datetime) -> str:
    """What the browser needs to make a passkey (`navigator.credentials.create`), as JSON. Raises as `offer_totp`."""
    raise NotImplementedError


def add_passkey(gate: Gate, token: str, answer: str, label: str, now: datetime) -> Passkey:
    """Add the passkey a browser made, from its answer as JSON. Raises SessionGone, ConfirmFirst, WrongCode, BadInput."""
    raise NotImplementedError


def remove_passkey(gate: Gate, token: str, passkey_id: str, now: datetime) -> None:
    """Remove a passkey; one that is gone is left alone. Raises SessionGone, ConfirmFirst."""
    raise NotImplementedError
