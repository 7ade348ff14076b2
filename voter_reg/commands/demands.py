"""`voter-reg demand`: the register of subpoenas, warrants, orders and records requests, and the yearly report."""

from __future__ import annotations

from datetime import date

import click

from voter_reg.commands.back_room import opened_back_room, operator
from voter_reg.commands.days import DAY
from voter_reg.commands.output import as_json, print_json, print_table
from voter_reg.commands.requests import ask_officers, reason_option, request_option
from voter_reg.service import demands, holds, transparency
from voter_reg.service.demands import KINDS, TOLD, Demand, Entry
from voter_reg.service.holds import RELEASE_HOLD
from voter_reg.service.scope import Scope


@click.group("demand")
def demand_group() -> None:
    """Legal demands: each is entered when it comes, and pauses the purge of what it covers."""


@demand_group.command("log")
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--received", type=DAY, required=True, help="The day it came.")
@click.option("--from", "sender", required=True, metavar="WHO", help="Who makes it; sealed.")
@click.option("--says", required=True, metavar="TEXT", help="What it asks for; sealed.")
@click.option("--scope", required=True, metavar="S", help="everything, election:ID, or voters:ID,ID")
@as_json
def log(kind: str, received: date, sender: str, says: str, scope: str, as_json: bool) -> None:  # noqa: PLR0917 - click passes them by name
    """Enter a demand. From that moment nothing that it covers is purged."""
    entry = Entry(kind, received, sender, says, Scope.read(scope))
    with opened_back_room() as bench:
        demand = demands.log_demand(bench.vault, bench.city(), entry, by=operator(), now=bench.clock())
    if as_json:
        print_json(_plain(demand))
    else:
        click.echo(f"{demand.id}: entered; hold {demand.hold_id} keeps {demand.scope}")


@demand_group.command("list")
@as_json
def list_demands(as_json: bool) -> None:
    """List the demands; nothing sealed is opened."""
    with opened_back_room():
        found = demands.register()
    if as_json:
        for one in found:
            print_json(_plain(one))
        return
    rows = [(one.id, one.kind, one.received_on, one.decision, f"{one.hold_id} {one.hold_state}") for one in found]
    print_table(("demand", "kind", "received", "decision", "hold"), rows)


@demand_group.command("disclosed")
@click.argument("demand")
@click.option("--records", type=click.IntRange(0), required=True)
@click.option("--people", type=click.IntRange(0), required=True)
def disclosed(demand: str, records: int, people: int) -> None:
    """Enter how many records were disclosed in all, about how many people."""
    with opened_back_room() as bench:
        demands.disclosed(demand, records, people, by=operator(), now=bench.clock())
    click.echo(f"{demand}: {records:,} records about {people:,} people")


@demand_group.command("told")
@click.argument("demand")
@click.argument("answer", type=click.Choice(TOLD))
def told(demand: str, answer: str) -> None:
    """Enter whether the people it is about were told."""
    with opened_back_room() as bench:
        demands.tell(demand, answer, by=operator(), now=bench.clock())
    click.echo(f"{demand}: told: {answer}")


@demand_group.command("close")
@click.argument("demand")
def close(demand: str) -> None:
    """Close a demand that counsel has decided and whose hold is released."""
    with opened_back_room() as bench:
        demands.close(demand, vault=bench.vault, city=bench.city(), by=operator(), now=bench.clock())
    click.echo(f"{demand}: closed")


@demand_group.command("release")
@click.argument("hold")
@request_option
@reason_option
def release(hold: str, request: str | None, reason: str) -> None:
    """Release a hold; two officers must approve it, after counsel's decision."""
    with opened_back_room() as bench:
        if request is None:
            raise ask_officers(RELEASE_HOLD, hold, {}, reason, bench.clock())
        holds.release(hold, request, by=operator(), now=bench.clock())
    click.echo(f"{hold}: released; a worker gives back what it kept")


@demand_group.command("report")
@click.argument("year", type=click.IntRange(2000, 2999))
@as_json
def report(year: int, as_json: bool) -> None:
    """Write the year's transparency report: counts alone, to be published."""
    with opened_back_room() as bench:
        found = transparency.report(year, bench.city().pack.name)
    if as_json:
        print_json(found.plain())
    else:
        click.echo(found.markdown(), nl=False)


def _plain(demand: Demand) -> dict[str, object]:
    return {
        "id": demand.id,
        "kind": demand.kind,
        "received_on": demand.received_on.isoformat(),
        "scope": demand.scope,
        "decision": demand.decision,
        "records": demand.records,
        "people": demand.people,
        "told": demand.told,
        "closed_on": None if demand.closed_on is None else demand.closed_on.isoformat(),
        "hold": demand.hold_id,
        "hold_state": demand.hold_state,
    }
