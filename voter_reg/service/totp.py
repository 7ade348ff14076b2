"""Codes of an authenticator app (RFC 6238): six digits, SHA-1, 30 seconds, secrets of 160 bits.

The step before and the step after are taken for slow clocks. The time step of the last accepted code is kept, and only
a later step is accepted: no code works twice, and none that is older than one used.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pyotp import TOTP
from sqlalchemy.orm import Session

from voter_reg.service.envelope import record_envelope
from voter_reg.store import staff as store
from voter_reg.vault import Vault
from voter_reg.vault.keys import SERVICE_KEY

STEP_SECONDS = 30
_ISSUER = "Voter registration office"


@dataclass(frozen=True, slots=True)
class TotpOffer:
    """A secret for an authenticator app: in Base32 to be typed, and as the `otpauth:` address that a QR code holds."""

    secret: str
    uri: str


@dataclass(frozen=True)
class TotpSecret:
    """What is sealed of an account."""

    secret: Annotated[str, "Checks the codes of the authenticator app."]


TOTP_SECRET: Final = record_envelope("staff-totp", "staff_account.sealed", TotpSecret)


def offer(vault: Vault, name: str, seed: str) -> TotpOffer:
    """The secret that belongs to a seed: derived by the vault, so it is offered again and again and kept nowhere."""
    secret = base64.b32encode(bytes.fromhex(vault.index("staff-totp-offer", seed))[:20]).decode()
    return TotpOffer(secret, TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER))


def step_of(secret: str, typed: str, now: datetime, *, after: int = 0) -> int | None:
    """The time step whose code was typed, if it is later than `after` and at most one away from now."""
    code = "".join(typed.split())
    present, app = int(now.timestamp()) // STEP_SECONDS, TOTP(secret)
    matching = [
        step
        for step in (present - 1, present, present + 1)
        if hmac.compare_digest(app.generate_otp(step).encode(), code.encode("utf-8", "replace"))
    ]
    return next((step for step in matching if step > after), None)


def sealed(vault: Vault, account_id: str, secret: str) -> bytes:
    """A secret as it is kept."""
    return TOTP_SECRET.seal(vault, account_id, SERVICE_KEY, TotpSecret(secret))


def use(session: Session, vault: Vault, account: store.Stored, typed: str, now: datetime) -> bool:
    """Use up a code; False when it is wrong, early, late, used, or older than one used."""
    if account.sealed is None:
        return False
    secret = TOTP_SECRET.open(vault, account.id, account.sealed).secret
    step = step_of(secret, typed, now, after=account.totp_step)
    return step is not None and store.use_step(session, account.id, step)
