"""`voter-reg purge`: remove what is past its clock, now rather than with the day's purge."""

from __future__ import annotations

import click

from voter_reg.commands.back_room import opened_back_room
from voter_reg.commands.elections import run_job
from voter_reg.commands.output import as_json, print_json
from voter_reg.service import purge as service


@click.command("purge")
@click.option("--list", "listed", is_flag=True, help="Show the certificates of earlier purges; remove nothing.")
@as_json
def purge(listed: bool, as_json: bool) -> None:
    """Remove what is past its clock and under no hold; prints the certificate. Keys go by `keys destroy`."""
    with opened_back_room() as bench:
        if not listed:
            run_job(service.PURGE, {}, bench, worker=False)
        found = service.every() if listed else service.every()[:1]
    for one in found:
        if as_json:
            at, removed = one.at.isoformat(), dict(one.removed)
            counts = {"removed": removed, "held": dict(one.held), "ready": list(one.ready)}
            print_json({"certificate": one.number, "at": at, "month": one.month, **counts, "digest": one.digest})
            continue
        click.echo(f"certificate {one.number}, {one.at:%Y-%m-%d %H:%M} UTC: due before {one.month}")
        click.echo(f"  removed: {_words(dict(one.removed))}")
        click.echo(f"  kept by a hold: {_words(dict(one.held))}")
        click.echo(f"  keys that seal nothing any more: {', '.join(one.ready) or 'none'}")


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count) or "nothing"
