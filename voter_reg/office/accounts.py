"""What the office may ask about accounts: signing in, one's own account, and staff; `create_office` gives it.

Time, keys and the network address that limits are kept by are the giver's affair. Every answer that lets nobody in is
the same, whatever was wrong.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voter_reg.office.visit import Visitor
from voter_reg.roles import Role


class NotLetIn(Exception):
    """A name, password, code, passkey or recovery code that does not let anyone in."""


class Wait(Exception):
    """Too many tries; `until` is when the next one is possible, None when that is not told."""

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__("too many tries")
        self.until = until


class Unavailable(Exception):
    """Tries cannot be counted right now, so nobody is let in."""


class Unusable(Exception):
    """Something typed that cannot be taken: which field, and what to do, in words for the person."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link's account: whose, and whether it resets a password or sets the account up.

    `secret` and `address` are the authenticator's key and its otpauth address; both empty for a reset.
    """

    name: str
    reset: bool
    secret: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which someone is signed in."""

    id: int
    began: datetime
    seen: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey of an account."""

    id: int
    label: str
    added: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff as an administrator sees them; `state` is "invited", "active" or "disabled"."""

    id: int
    name: str
    roles: frozenset[Role]
    state: str
    seen: datetime | None
    sessions: int


class SignIn(Protocol):
    """Getting in and out. Each step that succeeds gives a new token; a `token` is a session's, half or whole."""

    def look(self, token: str) -> Visitor | None:
        """Who a token stands for, and note that they were here; None when it has ended or never was."""

    def check_password(self, name: str, password: str) -> str:
        """The first step; raises NotLetIn, Wait or Unavailable."""

    def check_code(self, token: str, code: str) -> str:
        """The second step by the authenticator's code; raises NotLetIn, Wait or Unavailable."""

    def check_recovery(self, token: str, code: str) -> str:
        """The second step by a recovery code, which is used up; raises NotLetIn, Wait or Unavailable."""

    def has_passkey(self, visitor: Visitor) -> bool:
        """Whether the second step may be a passkey."""

    def begin_passkey(self, token: str) -> str:
        """What the browser asks the passkey, as JSON."""

    def check_passkey(self, token: str, answer: str) -> str:
        """The second step by a passkey's answer; raises NotLetIn, Wait or Unavailable."""

    def confirm(self, token: str, password: str, code: str) -> str:
        """Confirm that it is them, by both steps; raises NotLetIn, Wait or Unavailable."""

    def confirm_by_passkey(self, token: str, answer: str) -> str:
        """Confirm that it is them, by a passkey; raises NotLetIn, Wait or Unavailable."""

    def sign_out(self, token: str) -> None:
        """End the session."""

    def note_refusal(self, visitor: Visitor, page: str) -> None:
        """Log that someone asked for a page that is not for their role."""


class Enrolment(Protocol):
    """One-time links."""

    def open_link(self, link: str) -> Link | None:
        """What a link is for; None when it is forged, used or too old. Opening it does not use it up."""

    def enrol(self, link: str, password: str, code: str) -> tuple[str, ...]:
        """Set an account up; the answer is its recovery codes, shown once. Raises Unusable, NotLetIn or Wait."""

    def reset(self, link: str, password: str, code: str) -> None:
        """Set a new password; the code, or a recovery code, is still needed. Raises Unusable, NotLetIn or Wait."""


class OwnAccount(Protocol):
    """What everyone may do about their own account."""

    def codes_left(self, visitor: Visitor) -> int:
        """How many recovery codes are left."""

    def new_codes(self, visitor: Visitor) -> tuple[str, ...]:
        """New recovery codes, shown once; the old ones stop working."""

    def sessions(self, visitor: Visitor) -> list[Session]:
        """Where they are signed in, their present session first."""

    def end_session(self, visitor: Visitor, session_id: int) -> bool:
        """End one of their other sessions; False when there is no such."""

    def end_others(self, visitor: Visitor) -> int:
        """End all but this one; how many."""

    def change_password(self, visitor: Visitor, old: str, new: str) -> str:
        """Change the password and end the other sessions; a new token. Raises Unusable, NotLetIn or Wait."""

    def begin_authenticator(self, visitor: Visitor) -> tuple[str, str]:
        """A new authenticator's key and otpauth address; the same until it is finished or given up."""

    def finish_authenticator(self, visitor: Visitor, code: str) -> str:
        """Replace the authenticator; a new token. Raises NotLetIn when the new one's code is wrong."""

    def passkeys(self, visitor: Visitor) -> list[Passkey]:
        """Their passkeys."""

    def begin_new_passkey(self, visitor: Visitor) -> str:
        """What the browser asks to make a passkey, as JSON."""

    def add_passkey(self, visitor: Visitor, label: str, answer: str) -> None:
        """Keep a passkey that was made; raises Unusable or NotLetIn."""

    def remove_passkey(self, visitor: Visitor, passkey_id: int) -> bool:
        """Remove one of theirs; False when there is no such."""


class People(Protocol):
    """What an administrator may do about others."""

    def people(self) -> list[Person]:
        """Everyone, by name."""

    def person(self, staff_id: int) -> Person | None:
        """One of them."""

    def invite(self, by: Visitor, name: str, roles: AbstractSet[Role]) -> tuple[str, datetime]:
        """Invite someone: the one-time token of the link, and until when it works. Raises Unusable."""

    def new_link(self, by: Visitor, staff_id: int) -> tuple[str, datetime]:
        """A new invitation or reset link; an older one stops working."""

    def set_roles(self, by: Visitor, staff_id: int, roles: AbstractSet[Role]) -> None:
        """Give exactly these roles and end the person's sessions. Raises Unusable."""

    def disable(self, by: Visitor, staff_id: int) -> None:
        """Disable an account and end its sessions. Raises Unusable."""

    def enable(self, by: Visitor, staff_id: int) -> None:
        """Enable a disabled account."""

    def end_sessions(self, by: Visitor, staff_id: int) -> int:
        """End all sessions of a person; how many."""


class Accounts(SignIn, Enrolment, OwnAccount, People, Protocol):
    """All of it."""
