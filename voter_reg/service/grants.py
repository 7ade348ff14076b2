"""Roles that others rely on: giving one needs two officers, for this name and exactly these roles."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from voter_reg.roles import Role
from voter_reg.service import approvals
from voter_reg.service.actors import Actor
from voter_reg.store.db import transaction

GRANT_ROLE: Final = "grant-role"


def ask_or_take(name: str, roles: Collection[Role], *, by: Actor, now: datetime) -> str | None:
    """Use up the approved request for these roles, and answer None; without one, file it, and answer its number."""
    args = {"roles": sorted(role.value for role in roles)}
    reason = f"{name} shall have these roles."
    found = approvals.file(GRANT_ROLE, name, args, reason, by=by, now=now)
    if found.state != "approved":
        return found.id
    with transaction() as session:
        approvals.take(session, found.id, GRANT_ROLE, name, args, by, now)
    return None
