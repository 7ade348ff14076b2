"""The invented city: a pack that follows Minneapolis's offices, and a street map with Minneapolis's traps.

The ground is a grid of 13 by 10 precincts in the middle of the Atlantic, so that nobody takes it for a real place. Each
column is a ward. Numbered streets run east and west (3rd St N, 3rd St S), numbered avenues north and south (3rd Ave W,
3rd Ave E, 3rd Ave NE): leaving out a direction, or Ave or St, is as ambiguous here as it is there.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import eligibility
from eligibility.street_words import ordinal
from voter_reg.demo import CITY, PLACE

WARDS, ROWS = 13, 10
HOUSES = 20  # on each street within a precinct
STREETS = 4  # of each direction within a precinct
BASE_ROW, BASE_WARD = 5, 6  # where north and east begin
_LON, _LAT, _STEP_LON, _STEP_LAT = -40.0, 45.0, 0.00762, 0.00539  # 600 metres a side
_NAMED = {  # some avenues have a name instead of a number, each with a type of its own
    (2, 1): ("Heron", "Pl"),
    (4, 2): ("Saint Bride", "Ln"),
    (7, 0): ("Park", "Ave"),
    (9, 3): ("Quarry Lake", "Pkwy"),
    (11, 1): ("North", "Blvd"),
}
_HELP_LINE = {
    "es": "Línea de ayuda de la ciudad",
    "so": "Khadka caawimaadda ee magaalada",
    "hmn": "Lub nroog tus xov tooj pab",
}
_NAMING = ('"I will have lived in Minneapolis for', '"Minneapolis school board')
_COUNTY = ("Hennepin", "Northgate")
_SEED = "northgate-falls"
_BUILDINGS = ("School", "Library", "Park Building", "Community Center", "Fire Station")


@dataclass(frozen=True, slots=True)
class House:
    """One address of the city: its text, ZIP, point in degrees, and precinct."""

    address: str
    zip: str
    lon: float
    lat: float
    precinct: str


def write_city(folder: Path) -> None:
    """Write the source of the map: `map.toml` and its layers and addresses. The same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "precincts.geojson", _layer(_precincts()))
    _write(folder / "wards.geojson", _layer(({"ward": w + 1}, _outline(w, 0, w + 1, ROWS)) for w in range(WARDS)))
    _write(folder / "addresses.csv", _csv(houses()))
    _write(folder / "map.toml", _MAP_TOML)


def write_pack(folder: Path) -> None:
    """Write the city's pack: Minneapolis's rules under the invented name, with telephone numbers that reach no one."""
    source = Path(eligibility.__file__).parent / "packs" / "minneapolis"
    text = (source / "pack.toml").read_text(encoding="utf-8")
    text = text.replace('place = "minneapolis"', f'place = "{PLACE}"', 1)
    text = text.replace('name = "Minneapolis"', f'name = "{CITY}"', 1)
    text = text.replace('name = "Minneapolis 311"', 'name = "City help line"')
    text = text.replace("lived in Minneapolis for", f"lived in {CITY} for")
    text = text.replace("Minneapolis school board", f"{CITY} school board").replace(*_COUNTY)
    text = re.sub(r"612-673-(\d\d)\d\d", r"612-555-01\1", text)
    remark = f"# INVENTED. {CITY} does not exist; its rules follow the proposal for Minneapolis.\n"
    for room in ("notices", "words"):
        (folder / room).mkdir(parents=True, exist_ok=True)
    _write(folder / "pack.toml", remark + text)
    for notice in sorted((source / "notices").glob("*.md")):
        _write(folder / "notices" / notice.name, notice.read_text(encoding="utf-8").replace("Minneapolis", CITY))
    for words in sorted((source / "words").glob("*.toml")):
        _write(folder / "words" / words.name, remark + _words(words.stem, words.read_text(encoding="utf-8")))


def _words(language: str, text: str) -> str:
    """Minneapolis's words in a language, with the oath and the school board that name the city naming this one."""
    text = text.replace(*_COUNTY)
    lines = [line.replace("Minneapolis", CITY) if line.startswith(_NAMING) else line for line in text.splitlines()]
    return "\n".join([*lines, f'"City help line" = "{_HELP_LINE[language]}"', ""])


def houses() -> Iterator[House]:
    """Every address, precinct by precinct."""
    for ward in range(WARDS):
        for row in range(ROWS):
            for line in range(STREETS):
                yield from _street(ward, row, line)
                yield from _avenue(ward, row, line)


def polling_places() -> Iterator[tuple[str, str, str, str]]:
    """Where each precinct votes: precinct, building, address, how to get in."""
    houses_of: dict[str, list[House]] = {}
    for house in houses():
        houses_of.setdefault(house.precinct, []).append(house)
    for number, (precinct, built) in enumerate(houses_of.items()):
        house, kind = built[number % len(built)], _BUILDINGS[number % len(_BUILDINGS)]
        street = house.address.partition(" ")[2]
        yield (
            precinct,
            f"{street} {kind}",
            house.address,
            "" if number % 3 else "The door without steps is at the side.",
        )


def precinct_name(ward: int, row: int) -> str:
    """A precinct's id, as Minneapolis writes its own."""
    return f"W-{ward + 1} P-{row + 1:02d}"


def park_district(ward: int, row: int) -> int:
    """The park district of a precinct: three bands of wards, each cut once by a line that no ward line follows."""
    band = 0 if ward < 4 else 1 if ward < 9 else 2
    north = row >= (5 if ward % 2 else 4)
    return band * 2 + north + 1


def _street(ward: int, row: int, line: int) -> Iterator[House]:
    """An east-west street: numbered away from the base line, its houses counted from the city's west edge."""
    north = row >= BASE_ROW
    count = (row - BASE_ROW if north else BASE_ROW - 1 - row) * STREETS + (line if north else STREETS - 1 - line) + 1
    name = f"{ordinal(count).lower()} St {'N' if north else 'S'}"
    for n in range(HOUSES):
        number = 100 * (ward + 1) + 4 * n + (ward + n) % 2
        yield _house(f"{number} {name}", ward, row, 0.1 + 0.8 * n / (HOUSES - 1), (line + 0.5) / STREETS)
    if line == 0:
        yield _house(f"{100 * (ward + 1) + 90} 1/2 {name}", ward, row, 0.5, 0.5 / STREETS)


def _avenue(ward: int, row: int, line: int) -> Iterator[House]:
    """A north-south avenue: numbered away from the meridian, its houses counted from the city's south edge."""
    east = ward >= BASE_WARD
    count = (ward - BASE_WARD if east else BASE_WARD - 1 - ward) * STREETS + (line if east else STREETS - 1 - line) + 1
    side = "W" if not east else "NE" if row >= BASE_ROW else "E"
    name, kind = _NAMED.get((ward, line), (ordinal(count).lower(), "Ave"))
    for n in range(HOUSES):
        number = 100 * (row + 1) + 4 * n + (row + n) % 2
        yield _house(f"{number} {name} {kind} {side}", ward, row, (line + 0.5) / STREETS, 0.1 + 0.8 * n / (HOUSES - 1))


def _house(address: str, ward: int, row: int, east: float, north: float) -> House:
    lon, lat = _LON + (ward + east) * _STEP_LON, _LAT + (row + north) * _STEP_LAT
    zip_code = f"001{park_district(ward, row):02d}"  # no post office has a ZIP that begins 001
    return House(address, zip_code, round(lon, 6), round(lat, 6), precinct_name(ward, row))


def _precincts() -> Iterator[tuple[dict[str, object], list[list[float]]]]:
    for ward in range(WARDS):
        for row in range(ROWS):
            attributes: dict[str, object] = {
                "precinct": precinct_name(ward, row),
                "ward": ward + 1,
                "park": park_district(ward, row),
            }
            yield attributes, _outline(ward, row, ward + 1, row + 1)


def _outline(west: int, south: int, east: int, north: int) -> list[list[float]]:
    """A ring around cells of the grid through every corner on its way, so that neighbours share their line exactly."""
    corners = [(x, south) for x in range(west, east)] + [(east, y) for y in range(south, north)]
    corners += [(x, north) for x in range(east, west, -1)] + [(west, y) for y in range(north, south - 1, -1)]
    return [_corner(x, y) for x, y in corners]


def _corner(x: int, y: int) -> list[float]:
    """A corner of the grid, moved by up to three in a hundred of a side: real lines are not straight."""
    chance = Random(f"{_SEED}|{x}|{y}")  # noqa: S311 - a drawing, not a secret
    moved_x, moved_y = x + chance.uniform(-0.03, 0.03), y + chance.uniform(-0.03, 0.03)
    return [round(_LON + moved_x * _STEP_LON, 6), round(_LAT + moved_y * _STEP_LAT, 6)]


def _layer(features: Iterator[tuple[dict[str, object], list[list[float]]]]) -> str:
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": attributes, "geometry": {"type": "Polygon", "coordinates": [ring]}}
            for attributes, ring in features
        ],
    }
    return json.dumps(collection)


def _csv(listed: Iterator[House]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("address", "zip", "lon", "lat", "precinct"))
    writer.writerows((h.address, h.zip, h.lon, h.lat, h.precinct) for h in listed)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


_MAP_TOML = f"""\
# INVENTED: {CITY} does not exist. It lies in the middle of the Atlantic.
place = "{PLACE}"
effective_from = 2022-05-01

[precincts]
file = "precincts.geojson"
id = "precinct"
districts = {{ ward = "ward", park = "park" }}

[[layer]]
kind = "ward"
file = "wards.geojson"
id = "ward"
nests = true

[addresses]
file = "addresses.csv"
columns = {{ address = "address", zip = "zip", lon = "lon", lat = "lat", precinct = "precinct" }}
"""
