"""`voter-reg ballot`: the styles of an election, and which contests one person may vote in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

import click

from ballots.decision_document import decision_document
from ballots.election import Election, plan_election
from ballots.style import Style, styles_of
from eligibility import BadInput, BirthDate, Contest, Facts, Pack, Split, contests_due, decide, load_pack
from eligibility.district_map import DistrictMap
from eligibility.requirement import SWORN_KEYS
from eligibility.toml_table import nearest
from voter_reg.commands.days import DAY
from voter_reg.commands.output import as_json, print_json, print_table

_SALT_BYTES = 16


@click.group("ballot")
def ballot_group() -> None:
    """Ballot styles, and which contests one person may vote in."""


@ballot_group.command("styles")
@click.option("--pack", "pack_name", required=True, metavar="P", help="A pack's name or directory.")
@click.option("--map", "map_file", required=True, metavar="M", help="A built map.")
@click.option("--on", required=True, type=DAY, help="Election day.")
@as_json
def print_styles(pack_name: str, map_file: str, on: date, as_json: bool) -> None:
    """Print the ballot style of each precinct split, for a fully qualified voter."""
    election = _election(load_pack(pack_name), DistrictMap.open(map_file), on)
    styles = styles_of(election)
    if as_json:
        for split in election.splits:
            print_json(_split_style(split, styles.of_split.get(split.id), election))
        return
    rows = [(s.precinct, s.id, styles.of_split[s.id].code, len(election.contests[s.id])) for s in election.splits]
    print_table(("precinct", "split", "style", "contests"), rows)
    click.echo(f"\n{len({row[2] for row in rows})} ballot styles on {on}{_demonstration(election.demonstration)}")


@ballot_group.command("decide")
@click.option("--pack", "pack_name", required=True, metavar="P", help="A pack's name or directory.")
@click.option("--map", "map_file", metavar="M", help="A built map; goes with --address.")
@click.option("--address", metavar="A", help="A street address of the city; goes with --map.")
@click.option("--on", required=True, type=DAY, help="Election day.")
@click.option("--born", required=True, metavar="D", help="Birth date: YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--resident-since", required=True, type=DAY, help="The day they moved to the city.")
@click.option("--sworn", multiple=True, metavar="KEY", help=f"A sworn statement: {', '.join(SWORN_KEYS)}.")
@as_json
def print_decision(
    *,
    pack_name: str,
    map_file: str | None,
    address: str | None,
    on: date,
    born: str,
    resident_since: date,
    sworn: tuple[str, ...],
    as_json: bool,
) -> None:
    """Decide which contests one person may vote in, with a finding and a citation for each reason."""
    pack = load_pack(pack_name)
    facts = Facts(_birth(born, on), resident_since, _sworn(sworn))
    where = _locate(pack, map_file, address, on)
    salt = secrets.token_bytes(_SALT_BYTES)
    decision = decide(facts, pack, on, where.split, map_digest=where.map_digest, salt=salt)
    style = None if where.election is None else styles_of(where.election).of(decision.eligible_ids)
    document = decision_document(decision, style)
    document["replay"]["salt"] = salt.hex()
    if as_json:
        print_json(document)
    else:
        _print_decision(document, pack)


def _election(pack: Pack, district_map: DistrictMap, on: date) -> Election:
    _require_same_city_and_time(pack, district_map, on)
    return plan_election(pack, on, district_map.splits.values())


def _require_same_city_and_time(pack: Pack, district_map: DistrictMap, on: date) -> None:
    """Another city's map, or lines drawn after the election, would give ballots that look right and are wrong."""
    if district_map.place != pack.place:
        raise BadInput(f"the map is of {district_map.place!r}, the pack of {pack.place!r}", "map")
    if district_map.effective_from > on:
        raise BadInput(f"its lines hold from {district_map.effective_from}, after the election of {on}", "map")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the person votes. `election` is None when nothing is up, or when their district isn't known."""

    split: Split | None
    map_digest: str | None
    election: Election | None


def _locate(pack: Pack, map_file: str | None, address: str | None, on: date) -> _Place:
    if (map_file is None) != (address is None):
        raise click.UsageError("--map and --address go together")
    due = contests_due(pack, on)
    if map_file is None or address is None:
        whole_city = Split("citywide", "citywide", {})
        known = bool(due) and not any(contest.district_kind for contest in due)
        return _Place(None, None, plan_election(pack, on, [whole_city]) if known else None)
    district_map = DistrictMap.open(map_file)
    _require_same_city_and_time(pack, district_map, on)
    election = plan_election(pack, on, district_map.splits.values()) if due else None
    return _Place(_split_of(district_map, address), district_map.digest, election)


def _split_of(district_map: DistrictMap, address: str) -> Split:
    found = district_map.lookup(address)
    if found.status == "found" and found.split is not None:
        return district_map.splits[found.split]
    candidates = "; ".join(candidate.address for candidate in found.candidates)
    hint = f"; did you mean: {candidates}" if candidates else ""
    raise BadInput(f"{found.status.replace('_', ' ')}: {address[:80]!r}{hint}", "address")


def _birth(text: str, on: date) -> BirthDate:
    birth = BirthDate.parse(text)
    if birth.earliest > on:
        raise BadInput(f"{text} is after the election of {on}", "birth date")
    return birth


def _sworn(keys: tuple[str, ...]) -> frozenset[str]:
    for key in keys:
        if key not in SWORN_KEYS:
            known = ", ".join(SWORN_KEYS)
            raise BadInput(f"unknown statement {key[:40]!r}{nearest(key, SWORN_KEYS)}; known: {known}", "--sworn")
    return frozenset(keys)


def _split_style(split: Split, style: Style | None, election: Election) -> dict[str, Any]:
    return {
        "precinct": split.precinct,
        "split": split.id,
        "style": None if style is None else style.code,
        "contests": [_contest(contest) for contest in election.contests[split.id]],
        "demonstration": election.demonstration,
    }


def _contest(contest: Contest) -> dict[str, Any]:
    return {
        "id": contest.id,
        "title": contest.title,
        "authority": contest.authority,
        "district": contest.district,
        "seats": contest.seats,
    }


def _print_decision(document: dict[str, Any], pack: Pack) -> None:
    place = f"{pack.name}, {document['on']}{_demonstration(document['demonstration'])}"
    click.echo(f"{place}\nballot style: {document['style'] or 'none'}\n")
    for contest in document["contests"]:
        click.echo(f"{'YES' if contest['eligible'] else 'no '}  {contest['title']}")
        if contest["outside"]:
            click.echo(f"       {contest['why']}")
        for finding in contest["findings"]:
            met = "met" if finding["met"] else "NOT met"
            click.echo(f"       {finding['requirement']}: {met}, has {finding['value']}, needs {finding['needs']}")
            click.echo(f"         {finding['cite']}")


def _demonstration(flag: bool) -> str:
    return " (DEMONSTRATION)" if flag else ""
