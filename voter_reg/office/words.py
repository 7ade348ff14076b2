"""What pages call things: roles, times, and how long ago."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from voter_reg.roles import Role

ROLE_WORDS: Final = {
    Role.CLERK: ("Clerk", "Helps residents register and looks them up."),
    Role.REVIEWER: ("Reviewer", "Looks at papers and at names that match."),
    Role.HEAD_JUDGE: ("Head judge", "Runs a polling place."),
    Role.JUDGE: ("Judge", "Checks voters in at a polling place."),
    Role.PRIVACY_OFFICER: ("Privacy officer", "Approves what two officers must approve."),
    Role.COUNSEL: ("Counsel", "Decides on legal demands."),
    Role.ADMINISTRATOR: ("Administrator", "Invites staff, gives roles and ends sessions."),
}
"""Each role's name on a page, and what it is there to do."""

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def role_names(roles: Iterable[Role]) -> str:
    """Roles in words, in the order they are always listed: "Clerk, Judge"."""
    held = set(roles)
    return ", ".join(words for role, (words, _) in ROLE_WORDS.items() if role in held)


def moment(instant: datetime | None, zone: ZoneInfo) -> str:
    """An instant in the city's zone: "November 3, 2026, 9:14 AM"; "never" for none."""
    if instant is None:
        return "never"
    local = instant.astimezone(zone)
    half = "AM" if local.hour < 12 else "PM"
    return f"{_MONTHS[local.month - 1]} {local.day}, {local.year}, {local.hour % 12 or 12}:{local.minute:02d} {half}"
