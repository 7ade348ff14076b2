"""Accounts of staff: who has one, in which roles, and whether it is open. Only administrators act here."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy.orm import Session

from eligibility.errors import BadInput
from voter_reg.roles import Role
from voter_reg.service import limits, staff_links
from voter_reg.service.actors import Actor
from voter_reg.service.administrators import (
    PRIVILEGED,
    NotAllowed,
    require_administrator,
    require_another,
    require_approval,
    roles_of,
)
from voter_reg.service.gate import Gate
from voter_reg.service.staff_links import Link
from voter_reg.service.staff_log import log
from voter_reg.store import staff as store
from voter_reg.store import staff_links as link_store
from voter_reg.store import staff_sessions
from voter_reg.store.db import snapshot, transaction

__all__ = [
    "PRIVILEGED", "Account", "AccountRefused", "NotAllowed", "State", "disable", "every", "get", "invite",
    "invite_again", "named", "set_roles", "shown", "unblock",
]  # fmt: skip

State = Literal["invited", "active", "disabled"]


class AccountRefused(BadInput):
    """What was asked cannot be done with this account; the line says why."""


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


def invite(gate: Gate, name: str, roles: Collection[Role], *, by: Actor, now: datetime, approved: bool = False) -> Link:
    """Make an account and its invitation.

    Raises:
        AccountRefused: the name is taken or not of a-z, 0-9, "." and "-"; no role is given.
        NotAllowed: whoever asks is no administrator.
        ApprovalMissing: a privileged role needs two officers' approval.
    """
    require_administrator(by)
    if not store.NAME.fullmatch(name):
        raise AccountRefused("is not 1 to 32 of a-z, 0-9, '.' and '-', with a letter or digit at both ends", "name")
    given = _given(roles)
    with transaction() as session:
        if store.named(session, name) is not None:
            raise AccountRefused(f"{name} is taken", "name")
        require_approval(store.every(session), given, now, approved=approved)
        account_id = secrets.token_hex(16)
        store.add(session, id=account_id, name=name, roles=_words(given), state=store.INVITED, created_at=now)
        log(session, by, _told("account-made", given), account_id, now)
        return staff_links.issue(session, gate, account_id, "invitation", by, now)


def invite_again(gate: Gate, account_id: str, *, by: Actor, now: datetime, approved: bool = False) -> Link:
    """A new invitation for an account that is invited or disabled: everything it signed in with is gone.

    Raises:
        AccountRefused: there is no such account, or it is active (disable it first).
        NotAllowed: whoever asks is no administrator, or it is their own account.
        ApprovalMissing: it has a privileged role, which is given anew to whoever takes the invitation.
    """
    with transaction() as session:
        account = _found(session, account_id)
        require_another(by, account)
        if account.state == store.ACTIVE:
            raise AccountRefused("is active; disable it first, which ends what it signs in with", account.name)
        require_approval(store.every(session), roles_of(account), now, approved=approved)
        _strip(session, account_id)
        store.change(session, account_id, state=store.INVITED)
        return staff_links.issue(session, gate, account_id, "invitation", by, now)


def set_roles(account_id: str, roles: Collection[Role], *, by: Actor, now: datetime, approved: bool = False) -> Account:
    """Give an account exactly these roles; they count from its next request.

    Raises:
        AccountRefused: there is no such account, or no role is given.
        NotAllowed: whoever asks is no administrator, or it is their own account.
        ApprovalMissing: a privileged role comes or goes, and two officers have not approved.
    """
    given = _given(roles)
    with transaction() as session:
        account = _found(session, account_id)
        require_another(by, account)
        require_approval(store.every(session), given ^ roles_of(account), now, approved=approved)
        store.change(session, account_id, roles=_words(given))
        log(session, by, _told("roles-set", given), account_id, now)
        return shown(_found(session, account_id))


def disable(account_id: str, *, by: Actor, now: datetime) -> Account:
    """Close an account at once: its sessions end, its links die, what it signed in with is removed.

    Raises:
        AccountRefused: there is no such account.
        NotAllowed: whoever asks is no administrator.
    """
    require_administrator(by)
    with transaction() as session:
        account = _found(session, account_id)
        _strip(session, account_id)
        was_active = account.state == store.ACTIVE
        store.change(session, account_id, state=store.DISABLED, disabled_at=now if was_active else account.disabled_at)
        log(session, by, "account-disabled", account_id, now)
        return shown(_found(session, account_id))


def unblock(account_id: str, *, by: Actor, now: datetime) -> Account:
    """Let an account try again that had too many failures; raises as `set_roles` does."""
    with transaction() as session:
        require_another(by, _found(session, account_id))
        limits.reset_failures(session, account_id)
        log(session, by, "account-unblocked", account_id, now)
        return shown(_found(session, account_id))


def every() -> list[Account]:
    """All accounts, by name."""
    with snapshot() as session:
        return [shown(account) for account in store.every(session)]


def get(account_id: str) -> Account:
    """An account by its id; raises AccountRefused when there is none."""
    with snapshot() as session:
        return shown(_found(session, account_id))


def named(name: str) -> Account:
    """An account by its name; raises AccountRefused when there is none."""
    with snapshot() as session:
        account = store.named(session, name)
    if account is None:
        raise AccountRefused("has no account of this name", name[:32])
    return shown(account)


def shown(account: store.Stored) -> Account:
    """An account without what it signs in with."""
    return Account(
        id=account.id,
        name=account.name,
        roles=roles_of(account),
        state=cast("State", account.state),
        created_at=account.created_at,
        passkeys=account.passkeys,
        recovery_codes_left=account.recovery_codes,
        blocked=limits.is_blocked(account),
    )


def _found(session: Session, account_id: str) -> store.Stored:
    account = store.find(session, account_id)
    if account is None:
        raise AccountRefused("is not there", "account")
    return account


def _strip(session: Session, account_id: str) -> None:
    """Take from an account all that it could sign in with, or is signed in with. The last time step stays."""
    staff_sessions.remove_all(session, account_id)
    link_store.kill(session, account_id)
    store.remove_passkeys(session, account_id)
    store.replace_codes(session, account_id, ())
    store.change(session, account_id, password_hash=None, sealed=None)
    limits.reset_failures(session, account_id)


def _given(roles: Collection[Role]) -> frozenset[Role]:
    if not roles:
        raise AccountRefused("name at least one", "roles")
    return frozenset(roles)


def _words(roles: frozenset[Role]) -> str:
    return " ".join(sorted(roles))


def _told(action: str, roles: frozenset[Role]) -> str:
    return f"{action}: {', '.join(sorted(roles))}"
