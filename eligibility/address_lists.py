"""The lists of addresses that `[[addresses]]` names: points, ranges along street edges, and segments that VIP names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from eligibility.address_ranges import Edge, read_edges
from eligibility.csv_table import read_csv
from eligibility.district_id import precinct_id, zip_code
from eligibility.errors import MapError
from eligibility.geojson import misplaced
from eligibility.map_precincts import file_of
from eligibility.toml_table import Table
from eligibility.vip_segments import Segment, read_segments

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many of it are done, and how many there are (0 when that is not known)."""

_KINDS = ("points", "ranges", "vip")


class AddressPoint(NamedTuple):
    """One address of the source: what it does not give is None, or a blank text."""

    address: str
    zip: str
    lon: float | None
    lat: float | None
    precinct: str


@dataclass(frozen=True, slots=True)
class AddressLists:
    """Everything that the lists hold, by kind, each in an order of its own; `files` are named in messages.

    `left_out` are ranges that could not be used, as they stand in their file.
    """

    points: tuple[AddressPoint, ...] = ()
    edges: tuple[Edge, ...] = ()
    segments: tuple[Segment, ...] = ()
    left_out: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def read_lists(tables: list[Table], folder: Path, progress: Progress) -> AddressLists:
    """Read every list of addresses of a map's source.

    Raises:
        MapError: an unknown kind, or a file that is missing, malformed or cut short, named by file and line.
    """
    points, edges, segments = set[AddressPoint](), list[Edge](), list[Segment]()
    left_out, files = list[str](), list[str]()
    for table in tables:
        file, kind = file_of(table, folder), table.optional_text("kind", "points", _KINDS)
        files.append(file.name)
        if kind == "vip":
            table.refuse_unknown()
            found = read_segments(file)
            segments += found.segments
            left_out += found.left_out
            continue
        columns = table.table("columns")
        table.refuse_unknown()
        if kind == "points":
            points |= _read_points(file, columns, progress)
            continue
        read = read_edges(file, columns, lambda rows: progress("reading addresses", rows, 0))
        edges += read.edges
        left_out += read.left_out
    # Sorted and without repeats: the order of a source's rows means nothing, so it must not reach the digest.
    ordered = tuple(sorted(points, key=_point_order))
    return AddressLists(ordered, tuple(edges), tuple(segments), tuple(sorted(left_out)), tuple(files))


def _point_order(point: AddressPoint) -> tuple[str, str, str, float, float]:
    return point.address, point.zip, point.precinct, point.lon or 0.0, point.lat or 0.0


def _read_points(file: Path, columns: Table, progress: Progress) -> set[AddressPoint]:
    names = {key: columns.optional_text(key) for key in ("zip", "lon", "lat", "precinct")}
    names["address"] = columns.text("address")
    columns.refuse_unknown()
    if bool(names["lon"]) != bool(names["lat"]) or not (names["lon"] or names["precinct"]):
        raise MapError("must name lon and lat, or precinct, or all three", columns.where)
    csv = read_csv(file, lambda rows: progress("reading addresses", rows, 0))
    at = {key: csv.column(name, columns.where) for key, name in names.items() if name}
    return {_read_point(row, at, csv.where, line) for line, row in zip(csv.lines, csv.rows, strict=True)}


def _read_point(row: list[str], at: Mapping[str, int], where: str, line: int) -> AddressPoint:
    lon = lat = None
    if "lon" in at:
        try:
            lon, lat = float(row[at["lon"]]), float(row[at["lat"]])
        except ValueError:
            what = f"longitude and latitude are not numbers: {row[at['lon']]!r:.30}, {row[at['lat']]!r:.30}"
            raise MapError(what, f"{where}: line {line}") from None
        problem = misplaced(lon, lat)
        if problem:
            raise MapError(problem, f"{where}: line {line}")
    precinct = precinct_id(row[at["precinct"]]) if "precinct" in at else ""
    if precinct is None:
        raise MapError(f"has no precinct: {row[at['precinct']]!r:.60}", f"{where}: line {line}")
    zipped = zip_code(row[at["zip"]]) if "zip" in at else ""
    return AddressPoint(row[at["address"]].strip(), zipped, lon, lat, precinct)
