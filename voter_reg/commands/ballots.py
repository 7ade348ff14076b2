"""`voter-reg ballot`: the styles of an election, and which contests one person may vote in."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from ballots.decision_document import Evidence, contest_document, decision_document, document_bytes
from ballots.election import Election, plan_election
from ballots.replay import read_document, replay, style_for, without_facts
from ballots.style import Style, styles_of
from eligibility import BadInput, BirthDate, Facts, Pack, Split, decide, load_pack, pack_names
from eligibility.archive import Archive
from eligibility.district_map import DistrictMap, map_in_force
from eligibility.facts import Registered
from eligibility.requirement import SWORN_KEYS
from eligibility.toml_table import nearest
from voter_reg.commands.days import DAY
from voter_reg.commands.output import as_json, print_json, print_table
from voter_reg.config import archive_folder

_SALT_BYTES = 16


@click.group("ballot")
def ballot_group() -> None:
    """Ballot styles, and which contests one person may vote in."""


@ballot_group.command("styles")
@click.option("--pack", "pack_name", required=True, metavar="P", help="A pack's name or directory.")
@click.option("--map", "map_file", required=True, metavar="M", help="A built map, or a directory of them.")
@click.option("--on", required=True, type=DAY, help="Election day.")
@as_json
def print_styles(pack_name: str, map_file: str, on: date, as_json: bool) -> None:
    """Print the ballot style of each precinct split, for a fully qualified voter."""
    pack = load_pack(pack_name)
    district_map, _ = map_in_force(Path(map_file), pack.place, on)
    election = plan_election(pack, on, district_map.splits.values())
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
@click.option("--map", "map_file", metavar="M", help="A built map, or a directory of them; goes with --address.")
@click.option("--address", metavar="A", help="A street address of the city; goes with --map.")
@click.option("--on", required=True, type=DAY, help="Election day.")
@click.option("--born", required=True, metavar="D", help="Birth date: YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--resident-since", required=True, type=DAY, help="The day they moved to the city.")
@click.option("--sworn", multiple=True, metavar="KEY", help=f"A sworn statement: {', '.join(SWORN_KEYS)}.")
@click.option("--registered", metavar="T", help="When they registered, by the city's clock: 2025-10-14T16:59.")
@click.option("--in-person", is_flag=True, help="They registered in person; goes with --registered.")
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
    registered: str | None,
    in_person: bool,
    as_json: bool,
) -> None:
    """Decide which contests one person may vote in, with a finding and a citation for each reason."""
    pack = load_pack(pack_name)
    facts = Facts(_birth(born, on), resident_since, _sworn(sworn), _registered(pack, registered, in_person=in_person))
    where = _locate(pack, map_file, address, on)
    salt = secrets.token_bytes(_SALT_BYTES)
    decision = decide(facts, pack, on, where.split, map_digest=where.map_digest, salt=salt)
    style = style_for(pack, on, where.split, where.map, decision.eligible_ids)
    document = decision_document(decision, style, Evidence(facts, salt, _as_found(pack_name), where.map_file))
    if as_json:
        click.echo(document_bytes(document), nl=False)
    else:
        _print_decision(document, pack)


@ballot_group.command("replay")
@click.argument("decision", type=click.Path(path_type=Path))
@click.option(
    "--archive", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Where packs and maps are kept."
)
def print_replay(decision: Path, folder: Path | None) -> None:
    """Decide again: the same bytes, or exit 1.

    DECISION is a decision's document (a file, or - for standard input), or ELECTION/VOTER for one that is kept here.
    """
    election, slash, voter = str(decision).partition("/")
    if slash and not decision.exists() and "/" not in voter:
        click.echo(document_bytes(_replay_kept(election, voter)), nl=False)
        return
    document = read_document(_bytes_of(decision), str(decision))
    click.echo(replay(document, Archive(folder or archive_folder(os.environ))), nl=False)


@ballot_group.command("forget")
@click.argument("decision", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--on", required=True, type=DAY, help="The day from which the facts are gone.")
def forget(decision: Path, on: date) -> None:
    """Destroy the facts in a decision's file; what is left says which requirements were met, and not from what."""
    from voter_reg.vault.private_files import write_private  # noqa: PLC0415 - deciding must not wait for the vault

    document = read_document(decision.read_bytes(), str(decision))
    write_private(decision, document_bytes(without_facts(document, on)).decode())


def _replay_kept(election: str, voter: str) -> dict[str, Any]:
    # Deciding must not wait for the vault and the database.
    from voter_reg.commands.back_room import opened_back_room, operator  # noqa: PLC0415
    from voter_reg.service.replay import replay_kept  # noqa: PLC0415

    with opened_back_room() as bench:
        return replay_kept(bench.vault, bench.shelf, election, voter, by=operator(), now=bench.clock())


def _bytes_of(decision: Path) -> bytes:
    return sys.stdin.buffer.read() if str(decision) == "-" else decision.read_bytes()


def _as_found(pack_name: str) -> str:
    return pack_name if pack_name in pack_names() else str(Path(pack_name).absolute())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the person votes; all None when their district isn't known."""

    split: Split | None = None
    map: DistrictMap | None = None
    map_file: str | None = None

    @property
    def map_digest(self) -> str | None:
        return None if self.map is None else self.map.digest


def _locate(pack: Pack, map_file: str | None, address: str | None, on: date) -> _Place:
    if (map_file is None) != (address is None):
        raise click.UsageError("--map and --address go together")
    if map_file is None or address is None:
        return _Place()
    district_map, path = map_in_force(Path(map_file), pack.place, on)
    return _Place(_split_of(district_map, address), district_map, str(path.absolute()))


def _registered(pack: Pack, text: str | None, *, in_person: bool) -> Registered | None:
    if text is None:
        if in_person:
            raise click.UsageError("--in-person goes with --registered")
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text[:40]!r} is not a time such as 2025-10-14T16:59", "--registered") from None
    return Registered(at if at.tzinfo else at.replace(tzinfo=ZoneInfo(pack.time_zone)), in_person)


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
        "contests": [contest_document(contest) for contest in election.contests[split.id]],
        "demonstration": election.demonstration,
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
            click.echo(f"       {finding['requirement']}: {met}, {finding['says']}")
            click.echo(f"         {finding['cite']}")
    titles = [outside.title for outside in pack.outside if outside.id in document["gives_up"]]
    click.echo("\nSomeone who may vote on the State's roll has these there, and would not have them on this ballot:")
    for title in titles:
        click.echo(f"       {title}")


def _demonstration(flag: bool) -> str:
    return " (DEMONSTRATION)" if flag else ""
