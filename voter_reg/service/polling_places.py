"""Polling places: the city names one for each precinct of an election, all at once, from a CSV file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from eligibility import BadInput
from eligibility.csv_table import CsvTable, read_csv
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.service.answers import Refused, read_line
from voter_reg.service.elections import OpenElection
from voter_reg.store import polling_places as store
from voter_reg.store.db import snapshot, transaction

NEEDED: Final = ("precinct", "name", "address")
COLUMNS: Final = (*NEEDED, "directions")
"""The columns of the file, in any order; `directions` may be left out."""

_LONGEST: Final = 200  # characters of one field: two lines on a phone


@dataclass(frozen=True, slots=True)
class PollingPlace:
    """Where a precinct votes: the building, where it stands, and how to get in ("" where nothing is said)."""

    precinct: str
    name: str
    address: str
    directions: str


def read_places(file: Path) -> list[PollingPlace]:
    """Read the file: a header with `COLUMNS`, a line for each precinct.

    Raises:
        BadInput: not such a file, a field that is empty, too long or cannot be printed, a precinct that is named
            twice; says in which line.
    """
    table = read_csv(file)
    for column in table.header:
        if column not in COLUMNS:
            raise BadInput(f"has the column {column!r}; it may have {', '.join(COLUMNS)}", table.where)
    for column in NEEDED:
        table.column(column, "a list of polling places")
    found: dict[str, PollingPlace] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        place = _place(table, row, f"{table.where}: line {line}")
        if place.precinct in found:
            raise BadInput(f"names the precinct {place.precinct!r} a second time", f"{table.where}: line {line}")
        found[place.precinct] = place
    return list(found.values())


def assign(opened: OpenElection, places: list[PollingPlace], *, by: Actor, now: datetime) -> None:
    """Give each precinct of an election its polling place; those that it had are replaced, all or none.

    Raises:
        BadInput: a precinct is not the election's, or one of the election's has no polling place; names it.
    """
    known, named = {split.precinct for split in opened.election.splits}, {place.precinct for place in places}
    if strange := named - known:
        raise BadInput(f"is no precinct of {opened.id}", f"precinct {min(strange)}{_and_more(strange)}")
    if missing := known - named:
        raise BadInput(f"has no polling place in {opened.id}", f"precinct {min(missing)}{_and_more(missing)}")
    with transaction() as session:
        store.replace(session, opened.id, [asdict(place) for place in places])
        log_bulk(session, by, "election", "polling-places", opened.id, len(places), now)


def place_of(session: Session, election_id: str, precinct: str) -> PollingPlace | None:
    """Where a precinct votes; None where the city has not said so here."""
    row = store.find(session, election_id, precinct)
    return None if row is None else _as_place(row)


def every(election_id: str) -> list[PollingPlace]:
    """An election's polling places by precinct."""
    with snapshot() as session:
        return [_as_place(row) for row in store.of_election(session, election_id)]


def _place(table: CsvTable, row: list[str], where: str) -> PollingPlace:
    told = dict(zip(table.header, row, strict=True))
    try:
        fields = {column: read_line(told.get(column, ""), column, _LONGEST) for column in COLUMNS}
    except Refused as refused:
        raise BadInput(f"{refused.field}: {refused.message}", where) from None
    for column in NEEDED:
        if not fields[column]:
            raise BadInput(f"has no {column}", where)
    return PollingPlace(**fields)


def _as_place(row: store.PollingPlaceRow) -> PollingPlace:
    return PollingPlace(row.precinct, row.name, row.address, row.directions)


def _and_more(precincts: set[str]) -> str:
    return f" (and {len(precincts) - 1} more)" if len(precincts) > 1 else ""
