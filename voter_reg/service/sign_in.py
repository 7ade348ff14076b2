"""Signing in: the password first, then the second factor, then a session.

Unknown name, wrong password, invited, disabled, blocked: one answer after the same work, so nobody learns which names
there are. The ticket between the two steps lives for five minutes and never becomes the session.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from eligibility.errors import CleanNo
from voter_reg.service import limits, passkeys, sessions
from voter_reg.service.credentials import WrongSignIn, password_given, second_factor_shown
from voter_reg.service.gate import Gate
from voter_reg.service.second_factor import Kind, Proof, kinds
from voter_reg.service.sessions import SignedIn, token_id
from voter_reg.service.staff_log import log, owner
from voter_reg.store import staff as accounts
from voter_reg.store import staff_sessions as store
from voter_reg.store.db import snapshot, transaction

__all__ = [
    "Ticket", "TicketGone", "WrongSignIn", "kinds_of", "passkey_options", "with_password", "with_second_factor",
]  # fmt: skip

TICKET = timedelta(minutes=5)


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
    token, expires_at = secrets.token_urlsafe(32), now + TICKET
    with password_given(gate, name, password, source=source, now=now) as (session, account, _):
        store.add_ticket(session, token_id(token), account.id, expires_at)
        log(session, owner(account), "password-accepted", account.id, now)
        return Ticket(token, kinds(account), expires_at)


def kinds_of(ticket: str, now: datetime) -> tuple[Kind, ...]:
    """Which kinds of proof the account of a ticket has; raises TicketGone."""
    with snapshot() as session:
        account_id = store.ticket(session, token_id(ticket), now)
        account = None if account_id is None else accounts.find(session, account_id)
    if account is None:
        raise TicketGone
    return kinds(account)


def passkey_options(gate: Gate, ticket: str, now: datetime) -> str:
    """What the browser needs to ask for a passkey (`navigator.credentials.get`), as JSON; raises TicketGone."""
    with transaction() as session:
        account_id = store.ticket(session, token_id(ticket), now)
        if account_id is None:
            raise TicketGone
        return passkeys.ask(session, gate, account_id, token_id(ticket), now)


def with_second_factor(gate: Gate, ticket: str, proof: Proof, *, source: str, now: datetime) -> SignedIn:
    """The second step: a session with a token of its own.

    Raises:
        TicketGone: the ticket is over, used or unknown.
        WrongCode: not proven; the ticket stays, the limits count.
        TooMany: too many attempts; nothing was checked.
    """
    holder = token_id(ticket)
    with snapshot() as session:
        account_id = store.ticket(session, holder, now)
    if account_id is None:
        raise TicketGone
    with second_factor_shown(gate, account_id, proof, holder=holder, source=source, now=now) as shown:
        session, account, attempt = shown
        if not store.use_ticket(session, holder):
            raise TicketGone
        limits.signed_in(session, attempt, now)
        return sessions.begin(session, account, now)
