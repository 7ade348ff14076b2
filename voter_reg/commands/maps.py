"""`voter-reg map`: build a city's map, describe it, look addresses up."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from eligibility.district_map import DistrictMap, Lookup
from eligibility.errors import BadInput
from voter_reg.commands.output import as_json, print_json


@click.group("map")
def map_group() -> None:
    """Build, describe and ask a city's district map."""


@map_group.command("build")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The map file to write.")
@as_json
def build(source: Path, out: Path, as_json: bool) -> None:
    """Build the map that SOURCE/map.toml describes into one file."""
    from eligibility.map_build import build_map  # noqa: PLC0415 - a look-up must not wait for the geometry library

    report = build_map(source, out, _draw)
    info = DistrictMap.open(out).info()
    if as_json:
        print_json(info)
        return
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    ranges = f", {info['ranges']:,} ranges" if info["ranges"] else ""
    click.echo(
        f"{out}: {info['precincts']} precincts, {info['splits']} splits, {info['addresses']:,} addresses{ranges}"
    )
    click.echo(f"digest {report.digest}")


@map_group.command("info")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def info(file: Path, as_json: bool) -> None:
    """Describe a built map."""
    described = DistrictMap.open(file).info()
    if as_json:
        print_json(described)
        return
    warnings, districts = described.pop("warnings"), described.pop("districts")
    described["districts"] = ", ".join(f"{count} {kind}" for kind, count in districts.items()) or "none"
    if described["effective_until"] is None:
        described["effective_until"] = "not said"
    for key, value in [*described.items(), *(("warning", warning) for warning in warnings)]:
        click.echo(f"{key.replace('_', ' '):<15} {value}")


@map_group.command("lookup")
@click.argument("file", metavar="MAP", type=click.Path(path_type=Path))
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
@click.option("--stdin", "from_stdin", is_flag=True, help="Read addresses from standard input, one a line.")
@as_json
def lookup(file: Path, addresses: tuple[str, ...], from_stdin: bool, as_json: bool) -> None:
    """Look addresses up: the precinct, split and districts of each, or what it may have meant."""
    if bool(addresses) == from_stdin:
        raise click.UsageError("give addresses as arguments, or --stdin")
    district_map = DistrictMap.open(file)
    for query in _lines() if from_stdin else _not_blank(addresses):
        answer = district_map.lookup(query)
        if as_json:
            print_json(_plain(answer))
        else:
            _print(answer)


def _not_blank(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        if not address.strip():
            raise BadInput("is empty", "address")
        yield address


def _lines() -> Iterator[str]:
    """Each line of standard input; a blank one is answered as not found, so that answers line up with questions."""
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        try:
            yield raw.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise BadInput("is not UTF-8", f"standard input: line {number}") from None


def _plain(answer: Lookup) -> dict[str, object]:
    return {
        "query": answer.query,
        "status": answer.status,
        "address": answer.address,
        "precinct": answer.precinct,
        "split": answer.split,
        "districts": dict(answer.districts),
        "candidates": [one._asdict() for one in answer.candidates],
        "kind": answer.kind,
        "review": answer.needs_review,
    }


def _print(answer: Lookup) -> None:
    if answer.status == "found":
        districts = ", ".join(f"{kind} {number}" for kind, number in answer.districts.items())
        click.echo(f"{answer.query}: {answer.address}, precinct {answer.precinct}{districts and ', ' + districts}")
        return
    review = f" ({answer.kind}: for review by a person)" if answer.needs_review else ""
    click.echo(f"{answer.query}: {answer.status.replace('_', ' ')}{review}")
    for one in answer.candidates:
        click.echo(f"    {one.address}, precinct {one.precinct or 'outside'}")


def _draw(what: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{what}{f' {done:,} of {total:,}' if total else ''}")
        sys.stderr.flush()
