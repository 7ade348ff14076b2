"""Signing in: the password first, then the second factor, then a session.

Unknown name, wrong password, invited, disabled, blocked: one answer after the same work, so nobody learns which names
there are. The ticket between the two steps lives for five minutes and never becomes the session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eligibility.errors import CleanNo
from voter_reg.service.gate import Gate
from voter_reg.service.second_factor import Kind, Proof
from voter_reg.service.sessions import SignedIn


class WrongSignIn(CleanNo):
    """Name and password do not open an account; which of them is not told."""

    def __init__(self) -> None:
        super().__init__("the name or the password is wrong")


class TicketGone(CleanNo):
    """The time for the second factor is over, or it was given: begin with the password again."""

    def __init__(self) -> None:
        super().__init__("that took too long; begin again")


@dataclass(frozen=True, slots=True)
class Ticket:
    """The password was right: a token for the second step, which kinds of proof the account has, and when it ends."""

    token: str
    kinds: tuple[Kind, ...]
    expires_at: datetime


def with_password(gate: Gate, name: str, password: str, *, source: str, now: datetime) -> Ticket:
    """The first step. `source` is the network address; it is hashed at once and not kept.

    Raises:
        WrongSignIn: they open nothing.
        TooMany: too many attempts; nothing was checked.
    """
    raise NotImplementedError


def kinds_of(ticket: str, now: datetime) -> tuple[Kind, ...]:
    """Which kinds of proof the account of a ticket has; raises TicketGone."""
    raise NotImplementedError


def passkey_options(gate: Gate, ticket: str, now: datetime) -> str:
    """What the browser needs to ask for a passkey (`navigator.credentials.get`), as JSON; raises TicketGone."""
    raise NotImplementedError


def with_second_factor(gate: Gate, ticket: str, proof: Proof, *, source: str, now: datetime) -> SignedIn:
    """The second step: a session with a token of its own.

    Raises:
        TicketGone: the ticket is over, used or unknown.
        WrongCode: not proven; the ticket stays, the limits count.
        TooMany: too many attempts; nothing was checked.
    """
    raise NotImplementedError
