"""`voter-reg voter`: what is done for one registrant at the counter, by the random id of their record."""

from __future__ import annotations

import click

from voter_reg.commands.back_room import opened_back_room, operator
from voter_reg.commands.output import as_json, print_json
from voter_reg.service import renewal


@click.group("voter")
def voter_group() -> None:
    """One registrant, by the random id of their record."""


@voter_group.command("renew")
@click.argument("voter")
@as_json
def renew(voter: str, as_json: bool) -> None:
    """Keep a record for another span, for a registrant who has signed again."""
    with opened_back_room() as bench:
        due = renewal.renew(bench.vault, bench.city(), voter, by=operator(), now=bench.clock())
    if as_json:
        print_json({"voter": voter, "due": due})
    else:
        click.echo(f"{voter}: kept until the end of {due}")
