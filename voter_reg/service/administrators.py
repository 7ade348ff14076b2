"""Who may act on other people's accounts, and what even they may not do alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from eligibility.errors import CleanNo
from voter_reg.roles import OFFICERS, Role
from voter_reg.service.actors import SERVICE, Actor, staff
from voter_reg.service.live import ApprovalMissing
from voter_reg.store.staff import ACTIVE, Stored

PRIVILEGED = frozenset({Role.PRIVACY_OFFICER, Role.COUNSEL, Role.ADMINISTRATOR})
"""Roles that are given and taken with two officers' approval, once there are two."""

COUNTS_FOR = timedelta(days=30)
"""How long an officer's closed account still counts, so that closing it does not open the way at once."""

_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR.value, "operator", SERVICE.role})


class NotAllowed(CleanNo):
    """Whoever asked may not do this; the line says why."""


def require_administrator(by: Actor) -> None:
    """Only an administrator, or whoever holds the machine at the command line; raises NotAllowed."""
    if by.role not in _ADMINISTRATORS:
        raise NotAllowed("only an administrator may do this")


def require_another(by: Actor, account: Stored) -> None:
    """Nobody raises themselves: an administrator other than the account's owner; raises NotAllowed."""
    require_administrator(by)
    if by.label == staff(account.name).label:
        raise NotAllowed("nobody may do this to their own account; ask another administrator")


def require_approval(accounts: Iterable[Stored], changing: frozenset[Role], now: datetime, *, approved: bool) -> None:
    """Privileged roles change only with two officers' approval, once there are two; raises ApprovalMissing."""
    officers = sum(1 for account in accounts if _counts(account, now))
    if changing & PRIVILEGED and officers >= 2 and not approved:
        named = ", ".join(sorted(changing & PRIVILEGED))
        raise ApprovalMissing(f"{named}: this role comes and goes with the approval of two officers, and has none")


def roles_of(account: Stored) -> frozenset[Role]:
    """The roles of an account."""
    return frozenset(Role(word) for word in account.roles.split())


def _counts(account: Stored, now: datetime) -> bool:
    here = account.state == ACTIVE or (account.disabled_at is not None and account.disabled_at > now - COUNTS_FOR)
    return here and bool(roles_of(account) & OFFICERS)
