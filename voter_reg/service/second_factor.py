"""The second factor: six digits of an authenticator app (RFC 6238), a passkey, or a recovery code.

A code counts for 30 seconds, and its neighbours before and after are taken for slow clocks. The time step of the last
accepted code is kept, and only a later step is accepted: no code works twice, and none that is older than one used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from eligibility.errors import CleanNo

Kind = Literal["totp", "passkey", "recovery-code"]


class WrongCode(CleanNo):
    """The second factor was not proven: wrong, replayed, early, late, of another site. One answer for all."""

    def __init__(self) -> None:
        super().__init__("that code or passkey was not accepted")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person shows as a second factor: six digits, a passkey's answer as JSON, or a recovery code."""

    kind: Kind
    answer: str


@dataclass(frozen=True, slots=True)
class TotpOffer:
    """A secret for an authenticator app: in Base32 to be typed, and as the `otpauth:` address that a QR code holds."""

    secret: str
    uri: str
