"""The demonstration's staff: one account for each kind of work, made by the same use cases as anyone's.

Their passwords and authenticator secrets stand in the demonstration's folder and on the terminal that started it, and
in no log. Only a demonstration has such a list.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pyotp

from voter_reg.roles import Role
from voter_reg.service import accounts, enrolment
from voter_reg.service.actors import staff
from voter_reg.service.gate import Gate
from voter_reg.service.staff_links import PATH

FILE: Final = "accounts.txt"

STAFF: Final = (
    ("fay.admin", Role.ADMINISTRATOR),
    ("cyrus.officer", Role.PRIVACY_OFFICER),
    ("dana.officer", Role.PRIVACY_OFFICER),
    ("eli.counsel", Role.COUNSEL),
    ("bea.reviewer", Role.REVIEWER),
    ("kim.reviewer", Role.REVIEWER),
    ("lou.headjudge", Role.HEAD_JUDGE),
    ("ada.clerk", Role.CLERK),
    ("gus.judge", Role.JUDGE),
)
"""Names and roles, in the order in which they are invited."""

_OPERATOR: Final = staff("demonstration", Role.ADMINISTRATOR)
_SOURCE: Final = "demonstration"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one of them."""

    name: str
    role: str
    password: str
    secret: str


def seed_staff(gate: Gate, now: Callable[[], datetime]) -> list[SignIn]:
    """Invite each and follow their invitation, as of a minute ago: no code works twice, and the next one is theirs."""
    return [_enrol(gate, name, role, now() - timedelta(minutes=1)) for name, role in STAFF]


def write_accounts(folder: Path, listed: list[SignIn]) -> None:
    """Keep the list in the demonstration's folder, for its owner alone."""
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.writelines(f"{one.name:<14} {one.role:<16} {one.password} {one.secret}\n" for one in listed)


def read_accounts(folder: Path) -> list[SignIn]:
    """The list of a prepared folder."""
    return [SignIn(*line.split()) for line in (folder / FILE).read_text(encoding="ascii").splitlines()]


def _enrol(gate: Gate, name: str, role: Role, now: datetime) -> SignIn:
    link = accounts.invite(gate, name, {role}, by=_OPERATOR, now=now, approved=True).path.removeprefix(PATH)
    offer = enrolment.open_link(gate, link, now).offer
    assert offer is not None, "an invitation offers an authenticator's secret"
    password = _password()
    enrolment.accept_invitation(gate, link, password, pyotp.TOTP(offer.secret).at(now), source=_SOURCE, now=now)
    return SignIn(name, role.value, password, offer.secret)


def _password() -> str:
    """A hundred random bits in groups that can be typed."""
    letters = base64.b32encode(secrets.token_bytes(13)).decode("ascii").lower()[:20]
    return "-".join(letters[start : start + 4] for start in range(0, 20, 4))
