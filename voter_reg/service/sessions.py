"""Sessions of staff: 30 minutes without a request end one, and 12 hours end it in any case.

The row's id is the SHA-256 of a token of 256 bits that only the browser holds. Roles are read from the account at each
request. The newest instant a row has seen counts, so a clock that is set back revives nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from eligibility.errors import CleanNo
from voter_reg.roles import Role
from voter_reg.service.accounts import Account
from voter_reg.service.actors import Actor
from voter_reg.service.gate import Gate
from voter_reg.service.second_factor import Proof

IDLE, LONGEST, CONFIRMED = timedelta(minutes=30), timedelta(hours=12), timedelta(minutes=5)


class SessionGone(CleanNo):
    """There is no such session (any more): sign in again."""

    def __init__(self) -> None:
        super().__init__("this session has ended; sign in again")


class ConfirmFirst(CleanNo):
    """This needs a fresh confirmation: password and second factor, within the last five minutes."""

    def __init__(self) -> None:
        super().__init__("confirm that it is you first")


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is open now, and whose. `id` is not the token and opens nothing."""

    id: str
    account: Account
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    confirmed: bool

    @property
    def roles(self) -> frozenset[Role]:
        """What its owner may do now."""
        return self.account.roles

    def actor(self, role: Role) -> Actor:
        """Its owner as the log names them, in the role they act in."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that begins, or goes on after a confirmation: `token` is for the browser alone, and always new."""

    token: str
    session: OpenSession


def use(token: str, now: datetime) -> OpenSession:
    """The open session of a token; this counts as activity. Call it once a request.

    Raises:
        SessionGone: unknown, ended, idle for 30 minutes, or 12 hours old.
    """
    raise NotImplementedError


def require_confirmed(session: OpenSession) -> None:
    """Refuse what is dangerous unless its owner has just confirmed that it is them; raises ConfirmFirst."""
    raise NotImplementedError


def confirm(gate: Gate, token: str, password: str, proof: Proof, *, source: str, now: datetime) -> SignedIn:
    """Sign in again within a session; good for five minutes. The old token ends. `source` is the network address.

    Raises:
        SessionGone: there is no session.
        WrongSignIn: the password is wrong.
        WrongCode: the second factor was not proven.
        TooMany: too many attempts.
    """
    raise NotImplementedError


def passkey_options(gate: Gate, token: str, now: datetime) -> str:
    """What the browser needs to ask for a passkey (`navigator.credentials.get`), as JSON, to confirm with."""
    raise NotImplementedError


def sign_out(token: str, now: datetime) -> None:
    """End one's own session; one that is gone already is left alone."""
    raise NotImplementedError


def of_account(account_id: str, now: datetime) -> list[OpenSession]:
    """The open sessions of an account, the newest first."""
    raise NotImplementedError


def end(session_id: str, account_id: str, *, by: Actor, now: datetime) -> None:
    """End one session of an account, for its owner or an administrator; one that is gone is left alone."""
    raise NotImplementedError


def end_all(account_id: str, *, by: Actor, now: datetime, but: str | None = None) -> int:
    """End the sessions of an account, all but one if its id is given; how many."""
    raise NotImplementedError
