"""The second factor as a person shows it: a code of an authenticator app, a passkey, or a recovery code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from eligibility.errors import CleanNo
from voter_reg.service.totp import TotpOffer
from voter_reg.store.staff import Stored

__all__ = ["Kind", "Proof", "TotpOffer", "WrongCode", "kinds"]

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


def kinds(account: Stored) -> tuple[Kind, ...]:
    """What an account can show, the usual first."""
    has: dict[Kind, bool] = {
        "passkey": account.passkeys > 0,
        "totp": account.sealed is not None,
        "recovery-code": account.recovery_codes > 0,
    }
    return tuple(kind for kind, there in has.items() if there)
