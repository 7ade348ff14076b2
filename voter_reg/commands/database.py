"""`voter-reg db`: bring the schema up to this version, or check that it is."""

from __future__ import annotations

import click

from voter_reg.commands.back_room import opened_database
from voter_reg.commands.output import as_json, print_json
from voter_reg.store import migrate


@click.group("db")
def db_group() -> None:
    """Bring the database to this version's tables, or check it."""


@db_group.command("upgrade")
def upgrade() -> None:
    """Run every migration that has not run yet."""
    with opened_database():
        before, _ = migrate.revisions()
        migrate.upgrade()
        after, _ = migrate.revisions()
    click.echo(f"database: {before or 'empty'} -> {after}" if before != after else f"database: at {after} already")


@db_group.command("check")
@as_json
def check(as_json: bool) -> None:
    """Say whether the schema is this version's. Exit 1 when it is not."""
    with opened_database():
        present, needed = migrate.revisions()
    current = present == needed
    if as_json:
        print_json({"current": current, "revision": present, "needs": needed})
    else:
        click.echo(f"database: at {present or 'no revision'}, this version needs {needed}")
    if not current:
        raise SystemExit(1)
