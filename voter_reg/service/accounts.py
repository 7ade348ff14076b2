"""Accounts of staff: who has one, in which roles, and whether it is open. Only administrators act here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from eligibility.errors import BadInput, CleanNo
from voter_reg.roles import Role
from voter_reg.service.actors import Actor
from voter_reg.service.gate import Gate
from voter_reg.service.staff_links import Link

State = Literal["invited", "active", "disabled"]

PRIVILEGED = frozenset({Role.PRIVACY_OFFICER, Role.COUNSEL, Role.ADMINISTRATOR})
"""Roles that are given and taken with two officers' approval, once there are two."""


class AccountRefused(BadInput):
    """What was asked cannot be done with this account; the line says why."""


class NotAllowed(CleanNo):
    """Whoever asked may not do this; the line says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as administrators and its owner see it. `blocked`: too many failures, an administrator is needed."""

    id: str
    name: str
    roles: frozenset[Role]
    state: State
    created_at: datetime
    passkeys: int
    recovery_codes_left: int
    blocked: bool


def invite(
    gate: Gate, name: str, roles: Collection[Role], *, by: Actor, now: datetime, approved: bool = False
) -> Link:
    """Make an account and its invitation.

    Raises:
        AccountRefused: the name is taken or not of a-z, 0-9, "." and "-"; no role is given.
        NotAllowed: whoever asks is no administrator.
        ApprovalMissing: a privileged role needs two officers' approval.
    """
    raise NotImplementedError


def invite_again(gate: Gate, account_id: str, *, by: Actor, now: datetime, approved: bool = False) -> Link:
    """A new invitation for an account that is invited or disabled: everything it signed in with is gone.

    Raises:
        AccountRefused: there is no such account, or it is active (disable it first).
        NotAllowed, ApprovalMissing: as `invite`.
    """
    raise NotImplementedError


def set_roles(
    account_id: str, roles: Collection[Role], *, by: Actor, now: datetime, approved: bool = False
) -> Account:
    """Give an account exactly these roles; they count from its next request.

    Raises:
        AccountRefused: there is no such account, or no role is given.
        NotAllowed: whoever asks is no administrator, or it is their own account.
        ApprovalMissing: a privileged role comes or goes, and two officers have not approved.
    """
    raise NotImplementedError


def disable(account_id: str, *, by: Actor, now: datetime) -> Account:
    """Close an account at once: its sessions end, its links die, what it signed in with is removed."""
    raise NotImplementedError


def unblock(account_id: str, *, by: Actor, now: datetime) -> Account:
    """Let an account try again that had too many failures."""
    raise NotImplementedError


def every() -> list[Account]:
    """All accounts, by name."""
    raise NotImplementedError


def get(account_id: str) -> Account:
    """An account by its id; raises AccountRefused when there is none."""
    raise NotImplementedError


def named(name: str) -> Account:
    """An account by its name; raises AccountRefused when there is none."""
    raise NotImplementedError
