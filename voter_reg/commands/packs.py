"""`voter-reg pack`: a place's rules listed, shown with their sources, proven, and printed as a truth table."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from eligibility import Pack, load_pack, pack_names, truth_sheet, truth_table
from eligibility.dated import Citation, Dated
from eligibility.pack_diff import compare
from eligibility.pack_new import Beginning, begin_pack
from eligibility.pack_todo import languages_todo, todo
from eligibility.requirement import Age, Attestation, Requirement, Residency
from voter_reg.commands.days import DAY
from voter_reg.commands.output import as_json, print_json, print_table


@click.group("pack")
def pack_group() -> None:
    """A place's rules: list, show, check, table. P is a pack's name or a directory."""


@pack_group.command("list")
@as_json
def list_packs(as_json: bool) -> None:
    """List the packs that ship with the service."""
    packs = [load_pack(name) for name in pack_names()]
    if as_json:
        for pack in packs:
            print_json(_summary(pack))
        return
    print_table(
        ("place", "legal status", "rosters", "digest"),
        [(p.place, p.legal_status, "demonstration" if p.demonstration else "live", p.digest[:12]) for p in packs],
    )


@pack_group.command("show")
@click.argument("pack", metavar="P")
@as_json
def show_pack(pack: str, as_json: bool) -> None:
    """Show every rule of a pack with its source."""
    loaded = load_pack(pack)
    if as_json:
        print_json(_whole(loaded))
    else:
        _print_pack(loaded)


@pack_group.command("check")
@click.argument("packs", metavar="[P]...", nargs=-1)
@as_json
def check_packs(packs: tuple[str, ...], as_json: bool) -> None:
    """Prove packs (all that ship, if none is named): every class of person x every contest.

    Exit 1 when something is disproven.
    """
    proven = [_check(load_pack(name), as_json) for name in packs or pack_names()]
    if not all(proven):
        raise SystemExit(1)


def _check(pack: Pack, as_json: bool) -> bool:
    proof = truth_table.prove(pack)
    if as_json:
        print_json(
            {
                **_summary(pack),
                "proven": not proof.failures,
                "rows": proof.rows,
                "days": [day.isoformat() for day in proof.days],
                "failures": list(proof.failures),
            }
        )
        return not proof.failures
    for line in proof.failures:
        click.echo(line)
    verdict = "NOT proven" if proof.failures else "proven"
    click.echo(f"{pack.place}: {verdict}, {proof.rows:,} classes x contests on {len(proof.days)} election days")
    return not proof.failures


@pack_group.command("table")
@click.argument("pack", metavar="P")
@click.option("--format", "format_", type=click.Choice(["text", "html", "csv"]), default="text", show_default=True)
@click.option("--all", "whole", is_flag=True, help="Every mix of deadline and district too, as the proof runs over.")
@as_json
def print_truth_table(pack: str, format_: str, whole: bool, as_json: bool) -> None:
    """Print the truth table of a pack: who may vote in what, and which requirement says no."""
    loaded = load_pack(pack)
    rows = truth_table.rows(loaded) if whole else truth_sheet.sheet(loaded)
    if as_json:
        for row in rows:
            print_json(_row(row))
    elif format_ == "html":
        for piece in truth_sheet.as_html(loaded):
            click.echo(piece, nl=False)
    elif format_ == "csv":
        for line in truth_sheet.as_csv(rows):
            click.echo(line, nl=False)
    else:
        print_table(truth_sheet.HEAD, map(truth_sheet.cells_of, rows))


@pack_group.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@as_json
def print_difference(first: str, second: str, as_json: bool) -> None:
    """Say in words who would gain or lose a vote, going from pack A to pack B."""
    found = compare(load_pack(first), load_pack(second))
    if as_json:
        for one in found:
            print_json({**asdict(one), "days": [day.isoformat() for day in one.days]})
        return
    for one in found:
        days = ", ".join(day.isoformat() for day in one.days)
        click.echo(f"{one.title} ({one.contest}), {days}")
        for sign, people in (("gains", one.gains), ("loses", one.loses)):
            for words in people:
                click.echo(f"  {sign}: {words}")
        if one.classes:
            click.echo(f"  classes of person: {one.gained} gain it and {one.lost} lose it, of {one.classes}")
    if not found:
        click.echo("nobody gains or loses a vote")


@pack_group.command("new")
@click.argument("place")
@click.option("--name", required=True, help="The city's name, as people read it.")
@click.option("--ocd-id", required=True, help="Its Open Civic Data id: ocd-division/country:us/state:…/place:…")
@click.option("--time-zone", required=True, help="Its time zone, such as America/Chicago.")
@click.option("--like", metavar="P", help="Begin from the rules of this place instead of the template.")
@click.option("--out", type=click.Path(path_type=Path), help="A new directory; PLACE by default.")
@click.option("--today", type=DAY, help="The day that sources are marked as looked at; today by default.")
def begin(
    *, place: str, name: str, ocd_id: str, time_zone: str, like: str | None, out: Path | None, today: date | None
) -> None:
    """Begin a city's own pack: a directory that loads and says what to find."""
    folder = out or Path(place)
    beginning = Beginning(place, name, ocd_id, time_zone)
    made = begin_pack(beginning, folder, today or date.today(), like)  # noqa: DTZ011 - the clerk's own calendar day
    click.echo(f"{folder}: a pack of {made.name}, proposed. Next: voter-reg pack todo {folder}")


@pack_group.command("todo")
@click.argument("pack", metavar="P")
@click.option("--today", type=DAY, help="The day to count from; today by default.")
@as_json
def print_todo(pack: str, today: date | None, as_json: bool) -> None:
    """List what is still to be confirmed, was checked too long ago or awaits a translator; exit 1 while anything is."""
    found = todo(pack, today or date.today())  # noqa: DTZ011 - the clerk's own calendar day
    found += languages_todo(load_pack(pack))
    for one in found:
        if as_json:
            print_json(asdict(one))
        else:
            click.echo(f"{one.where}: {one.what}\n    {one.cite}")
    if not as_json:
        click.echo(f"{len(found)} open" if found else "nothing is open")
    if found:
        raise SystemExit(1)


def _row(row: Any) -> dict[str, Any]:
    return {
        "on": row.on.isoformat(),
        "age": row.person.age,
        "residence": row.person.residence,
        "sworn": sorted(row.person.facts.sworn),
        "registration": row.person.registration,
        "place": row.place.words,
        "contest": row.contest,
        "eligible": row.eligible,
        "why_not": list(row.why_not),
    }


def _summary(pack: Pack) -> dict[str, Any]:
    return {
        "place": pack.place,
        "name": pack.name,
        "legal_status": pack.legal_status,
        "demonstration": pack.demonstration,
        "digest": pack.digest,
    }


def _whole(pack: Pack) -> dict[str, Any]:
    return {
        **_summary(pack),
        "ocd_id": pack.ocd_id,
        "time_zone": pack.time_zone,
        "languages": list(pack.languages),
        "spoken": list(pack.spoken),
        "reviewed_by_a_translator": [one for one in pack.spoken if pack.translation_reviewed(one)],
        "roll_open_to": pack.roll_open_to.text,
        "membership_discloses": pack.membership_discloses.text,
        "offices": [
            {
                "id": office.id,
                "title": office.title,
                "authority": office.authority,
                "district": office.district_kind,
                "seats": _dated(office.seats),
                "years": [
                    {
                        "from": entry.from_.isoformat(),
                        "first": entry.value.first,
                        "every": entry.value.every,
                        "extra": list(entry.value.extra),
                        **_source(entry.source),
                    }
                    for entry in office.years.values
                ],
            }
            for office in pack.offices
        ],
        "outside": [
            {"id": o.id, "title": o.title, "authority": o.authority, "why": o.why, **_source(o.source)}
            for o in pack.outside
        ],
        "requirements": [_requirement(requirement) for requirement in pack.requirements],
    }


def _requirement(requirement: Requirement) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "kind": requirement.kind,
        "contests": "all" if requirement.contests is None else sorted(requirement.contests),
    }
    if isinstance(requirement, Age):
        shown["values"] = _dated(requirement.years)
    elif isinstance(requirement, Residency):
        shown["values"] = _dated(requirement.days)
    elif isinstance(requirement, Attestation):
        shown["statement"] = requirement.statement
        shown["values"] = _dated(requirement.required)
    return shown


def _dated(dated: Dated[Any]) -> list[dict[str, Any]]:
    return [
        {
            "from": entry.from_.isoformat(),
            "value": entry.value,
            **_source(entry.source),
            **({"conflict": {"value": entry.conflict.value, "why": entry.conflict.why}} if entry.conflict else {}),
        }
        for entry in dated.values
    ]


def _source(source: Citation) -> dict[str, str]:
    shown = {"cite": source.cite, "href": source.href, "checked_on": source.checked_on.isoformat()}
    return shown | ({"to_confirm": source.to_confirm} if source.to_confirm else {})


def _print_pack(pack: Pack) -> None:
    rosters = "DEMONSTRATION rosters only" if pack.demonstration else "live rosters possible"
    click.echo(f"{pack.name} ({pack.place}): {pack.legal_status}, {rosters}")
    click.echo(f"  {pack.status.latest.source.cite}")
    click.echo("\nOffices")
    for office in pack.offices:
        where = f"one for each {office.district_kind}" if office.district_kind else "citywide"
        click.echo(f"  {office.title} ({office.id}), {office.authority}, {where}, seats {office.seats.latest.value}")
        click.echo(f"    {office.seats.latest.source.cite}")
    click.echo("\nWho may vote")
    for requirement in pack.requirements:
        _print_requirement(requirement)
    click.echo("\nOutside: never on a municipal ballot")
    for outside in pack.outside:
        click.echo(f"  {outside.title} ({outside.authority}): {outside.why}")
        click.echo(f"    {outside.source.cite}")
    for conflict in pack.law_1_conflicts:
        click.echo(f"\nConflict with what this service never asks: {conflict.what}\n    {conflict.source.cite}")


def _print_requirement(requirement: Requirement) -> None:
    shown = _requirement(requirement)
    contests = shown["contests"] if shown["contests"] == "all" else ", ".join(shown["contests"])
    for value in shown["values"]:
        stated = shown.get("statement", value["value"])
        click.echo(f"  {requirement.kind} {stated}, from {value['from']}, contests: {contests}")
        click.echo(f"    {value['cite']}")
        click.echo(f"    {value['href']} (checked {value['checked_on']})")
        if "to_confirm" in value:
            click.echo(f"    to be confirmed: {value['to_confirm']}")
        if "conflict" in value:
            click.echo(f"    conflict: another source says {value['conflict']['value']}. {value['conflict']['why']}")
