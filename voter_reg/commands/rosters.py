"""`voter-reg roster`: freeze an election's roster, list what is frozen, export poll books."""

from __future__ import annotations

from pathlib import Path

import click

from voter_reg.commands.back_room import opened_back_room, operator
from voter_reg.commands.elections import run_job
from voter_reg.commands.output import as_json, print_json, print_table
from voter_reg.commands.requests import ask_officers, reason_option, request_option
from voter_reg.service import exports, rosters
from voter_reg.service.exports import MANIFEST, Export
from voter_reg.service.rosters import RosterSummary
from voter_reg.service.work import EXPORT_ROSTER


@click.group("roster")
def roster_group() -> None:
    """Freeze an election's roster and export its poll books."""


@roster_group.command("freeze")
@click.argument("election")
@as_json
def freeze(election: str, as_json: bool) -> None:
    """Freeze the roster of an election; prints its id."""
    with opened_back_room() as bench:
        frozen = rosters.freeze(bench.vault, bench.shelf, election, by=operator(), now=bench.clock())
    if as_json:
        print_json(_plain(frozen))
    else:
        click.echo(f"{frozen.id}: {frozen.voters:,} voters, digest {frozen.digest}")


@roster_group.command("list")
@as_json
def list_rosters(as_json: bool) -> None:
    """List the frozen rosters."""
    with opened_back_room():
        found = rosters.every()
    if as_json:
        for one in found:
            print_json(_plain(one))
        return
    print_table(
        ("roster", "frozen at", "voters", "digest"),
        [(r.id, r.frozen_at.isoformat(), r.voters, r.digest[:12]) for r in found],
    )


@roster_group.command("export")
@click.argument("roster")
@click.option("--format", "format_", type=click.Choice(["csv"]), default="csv", show_default=True)
@click.option("--contest", metavar="C", help="The poll book of one contest alone.")
@click.option("--precinct", metavar="P", help="The poll book of one precinct alone.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new directory.")
@click.option("--to", multiple=True, metavar="RECIPIENT", help="An age public key; may be repeated.")
@click.option("--clear", is_flag=True, help="In clear, which only a demonstration may be.")
@click.option("--worker", is_flag=True, help="Leave the work to a worker, and follow it.")
@request_option
@reason_option
@as_json
def export(  # noqa: PLR0917 - click passes them by name
    roster: str,
    format_: str,
    contest: str | None,
    precinct: str | None,
    out: Path,
    to: tuple[str, ...],
    clear: bool,
    worker: bool,
    request: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """Export the poll books of a roster, encrypted to their recipients; a live one needs two officers' approval."""
    if clear == bool(to):
        raise click.UsageError("say to whom with --to, or --clear for a demonstration")
    wanted = Export(roster, out, contest, precinct, to, request)
    with opened_back_room() as bench:
        if request is None and to and exports.is_live(bench.shelf, roster):
            raise ask_officers(exports.EXPORT, roster, wanted.approved, reason, bench.clock())
        exports.require_exportable(bench.shelf, wanted)
        job = run_job(EXPORT_ROSTER, wanted.as_args(operator()), bench, worker=worker)
    if as_json:
        print_json({"roster": roster, "format": format_, "out": str(out), "poll_books": job.done})
    else:
        click.echo(f"{job.done:,} poll books and {MANIFEST} in {out}")


def _plain(roster: RosterSummary) -> dict[str, object]:
    return {
        "id": roster.id,
        "election": roster.election_id,
        "frozen_at": roster.frozen_at.isoformat(),
        "voters": roster.voters,
        "digest": roster.digest,
    }
