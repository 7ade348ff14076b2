"""`voter-reg election` and `voter-reg tag`: set up elections, and tag everyone for one."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from eligibility import BadInput
from voter_reg.commands.back_room import draw_progress, opened_back_room, operator
from voter_reg.commands.days import DAY
from voter_reg.commands.output import as_json, print_json, print_table
from voter_reg.commands.requests import ask_officers, reason_option, request_option
from voter_reg.service import elections, jobs, polling_places, publishing
from voter_reg.service.shelf import open_on
from voter_reg.service.work import TAG_ELECTION, Bench, run

_POLL_SECONDS = 0.2


@click.group("election")
def election_group() -> None:
    """Elections: create, publish, suspend, show."""


@election_group.command("create")
@click.option("--pack", required=True, metavar="P", help="A pack's name or directory.")
@click.option("--map", "map_file", required=True, metavar="M", help="A built map.")
@click.option("--on", required=True, type=DAY, help="Election day.")
@click.option("--demonstration", is_flag=True, help="A demonstration, though the pack's law is in force.")
@as_json
def create(pack: str, map_file: str, on: date, demonstration: bool, as_json: bool) -> None:
    """Set up an election; prints its id."""
    with opened_back_room() as bench:
        election_id = elections.create(
            pack,
            Path(map_file),
            on,
            by=operator(),
            now=bench.clock(),
            demonstration=demonstration,
            archive=bench.shelf.archive,
        )
    if as_json:
        print_json({"id": election_id})
    else:
        click.echo(election_id)


@election_group.command("publish")
@click.argument("election")
@request_option
@reason_option
def publish(election: str, request: str | None, reason: str) -> None:
    """Publish an election; a live one needs an authorisation and two officers' approval."""
    with opened_back_room() as bench:
        now, archive, today = bench.clock(), bench.shelf.archive, bench.city().today(bench.clock())
        if request is None and not open_on(bench.shelf, election).election.demonstration:
            args = publishing.what_publishing_approves(election)
            raise ask_officers(publishing.PUBLISH, election, args, reason, now)
        publishing.publish(election, request, archive, today, by=operator(), now=now)
    click.echo(f"{election}: published")


@election_group.command("suspend")
@click.argument("election")
@request_option
@reason_option
def suspend(election: str, request: str | None, reason: str) -> None:
    """Suspend an election at once; two officers must approve it."""
    _turn(publishing.SUSPEND, election, request, reason)


@election_group.command("resume")
@click.argument("election")
@request_option
@reason_option
def resume(election: str, request: str | None, reason: str) -> None:
    """Resume a suspended election; two officers must approve it."""
    _turn(publishing.RESUME, election, request, reason)


@election_group.command("polling-places")
@click.argument("election")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@as_json
def places(election: str, file: Path | None, as_json: bool) -> None:
    """Name the polling place of each precinct from a CSV file (precinct, name, address, directions), or list them."""
    with opened_back_room() as bench:
        opened = open_on(bench.shelf, election)
        if file is not None:
            polling_places.assign(opened, polling_places.read_places(file), by=operator(), now=bench.clock())
        found = polling_places.every(election)
    if as_json:
        for place in found:
            print_json(asdict(place))
    elif file is not None:
        click.echo(f"{election}: {len(found):,} precincts have a polling place")
    else:
        print_table(polling_places.COLUMNS, [(one.precinct, one.name, one.address, one.directions) for one in found])


def _turn(kind: str, election: str, request: str | None, reason: str) -> None:
    turn = publishing.suspend if kind == publishing.SUSPEND else publishing.resume
    with opened_back_room() as bench:
        open_on(bench.shelf, election)
        if request is None:
            raise ask_officers(kind, election, {}, reason, bench.clock())
        turn(election, request, by=operator(), now=bench.clock())
    click.echo(f"{election}: {'suspended' if kind == publishing.SUSPEND else 'resumed'}")


@election_group.command("show")
@click.argument("election", required=False)
@as_json
def show(election: str | None, as_json: bool) -> None:
    """Show one election, or all."""
    with opened_back_room() as bench:
        found = [one for one in elections.every() if election in (None, one.id)]
        if election is not None and not found:
            open_on(bench.shelf, election)
    if as_json:
        for one in found:
            print_json(
                {
                    "id": one.id,
                    "day": one.day.isoformat(),
                    "place": one.place,
                    "status": one.status,
                    "suspended": one.suspended,
                    "demonstration": one.demonstration,
                    "pack_digest": one.pack_digest,
                    "map_digest": one.map_digest,
                }
            )
        return
    print_table(
        ("election", "day", "kind", "state"),
        [
            (one.id, one.day, "DEMONSTRATION" if one.demonstration else "live", _state(one.status, one.suspended))
            for one in found
        ],
    )


def _state(status: str, suspended: bool) -> str:
    return f"{status}, SUSPENDED" if suspended else status


@click.command("tag")
@click.argument("election")
@click.option("--worker", is_flag=True, help="Leave the work to a worker, and follow it.")
@as_json
def tag(election: str, worker: bool, as_json: bool) -> None:
    """Tag every registrant with the contests of an election."""
    with opened_back_room() as bench:
        open_on(bench.shelf, election)
        job = run_job(TAG_ELECTION, {"election": election}, bench, worker=worker)
    if as_json:
        print_json({"election": election, "tagged": job.done})
    else:
        click.echo(f"{election}: {job.done:,} registrants tagged")


def run_job(kind: str, args: dict[str, object], bench: Bench, *, worker: bool) -> jobs.Job:
    """Run a job here, or send it to a worker and follow it; its row at the end.

    Raises:
        BadInput: it failed, with its line.
    """
    job_id = jobs.create(kind, args, bench.clock(), send=worker)
    if worker:
        job = _follow(job_id)
    else:
        run(job_id, bench, draw_progress)
        job = _found(job_id)
    if job.state == "failed":
        raise BadInput(job.problem)
    return job


def _follow(job_id: int) -> jobs.Job:
    while (job := _found(job_id)).state not in ("done", "failed"):
        draw_progress(job.done, job.total)
        time.sleep(_POLL_SECONDS)
    draw_progress(job.done, job.total)
    return job


def _found(job_id: int) -> jobs.Job:
    job = jobs.find(job_id)
    if job is None:
        raise BadInput("is gone", f"job {job_id}")
    return job
