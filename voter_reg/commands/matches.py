"""`voter-reg matches`: the records that may be one person's and wait for a reviewer, without anyone's name."""

from __future__ import annotations

import click

from voter_reg.commands.back_room import opened_back_room
from voter_reg.commands.output import as_json, print_json, print_table
from voter_reg.service import matches


@click.group("matches")
def matches_group() -> None:
    """Records that may be one person's, for a reviewer."""


@matches_group.command("list")
@as_json
def list_matches(as_json: bool) -> None:
    """List the matches that wait for a reviewer, the oldest first; no names."""
    with opened_back_room() as bench:
        now = bench.clock()
        found = matches.waiting(now)
    if as_json:
        for one in found:
            print_json(
                {
                    "id": one.id,
                    "strength": one.strength,
                    "state": one.state,
                    "found_at": one.found_at.isoformat(),
                    "age_days": one.age_days,
                    "due_at": one.due_at.isoformat(),
                    "overdue": one.due_at < now,
                }
            )
        return
    rows = [(one.id, one.strength, one.state, one.age_days, f"{one.due_at:%Y-%m-%d}") for one in found]
    print_table(("match", "strength", "state", "days", "due"), rows)
