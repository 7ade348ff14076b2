"""One-time links that an administrator hands to a member of staff: an invitation, or the reset of one factor.

A link is good for 24 hours and once. Forged, expired, used, replaced by a newer one: one answer, `LinkGone`.
A password reset still asks for the second factor, and a reset of the second factor still asks for the password; one
administrator cannot issue both for an account within seven days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from eligibility.errors import CleanNo
from voter_reg.service.actors import Actor
from voter_reg.service.gate import Gate

Purpose = Literal["invitation", "password", "second-factor"]

PATH = "/staff/link/"
"""Where the office takes links; the rest of the path is the link's token."""


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


def reset_password(gate: Gate, account_id: str, *, by: Actor, now: datetime) -> Link:
    """Issue a link that sets a new password, once the second factor is shown. It replaces older links.

    Raises:
        ResetRefused: no active account, or this administrator issued the other reset within seven days.
    """
    raise NotImplementedError


def reset_second_factor(gate: Gate, account_id: str, *, by: Actor, now: datetime) -> Link:
    """Issue a link that sets up a new second factor, once the password is given. It replaces older links.

    Raises:
        ResetRefused: no active account, or this administrator issued the other reset within seven days.
    """
    raise NotImplementedError
