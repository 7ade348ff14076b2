"""A map's source: `map.toml` and the layers, tables and address lists it names, read and checked one by one.

Whether they fit together on the ground is `map_build`'s question; here each must be whole and known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from eligibility.csv_table import read_csv
from eligibility.district_id import district_id, natural, precinct_id
from eligibility.errors import MapError
from eligibility.geojson import Feature, misplaced, read_polygons
from eligibility.map_precincts import SLUG, Area, Precinct, feature_id, file_of, read_precincts, require_kind
from eligibility.toml_table import Table, read_toml

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many of it are done, and how many there are (0 when that is not known)."""

NESTS_TOLERANCE = 0.10
"""Largest second share of a precinct's area under `nests`; two real layers of one city measured up to 0.046."""

SPLIT_TOLERANCE = 0.05
"""Without `nests`, a smaller piece of a precinct must be wider to be more than two drawings of the same line."""

PRECINCT_TOLERANCE = 0.01
"""Share of a median precinct that a hole between precincts may have; real layers measured at most 0.0023."""

_ZIP = re.compile(r"(\d{5})(-?\d{4}|\.0+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layer:
    """The districts of one kind as polygons, by id."""

    kind: str
    file: str
    nests: bool
    tolerance: float
    beyond_city: bool
    districts: Mapping[str, Area]


class AddressPoint(NamedTuple):
    """One address of the source: what it does not give is None, or a blank text."""

    address: str
    zip: str
    lon: float | None
    lat: float | None
    precinct: str


@dataclass(frozen=True, slots=True)
class Source:
    """Everything `map.toml` names. Precincts, layers and districts are in natural order of their ids."""

    place: str
    effective_from: date
    tolerance: float
    precincts: tuple[Precinct, ...]
    kinds: tuple[str, ...]
    layers: tuple[Layer, ...]
    city: Area | None
    addresses: tuple[AddressPoint, ...]
    address_files: tuple[str, ...]
    cities: tuple[str, ...]


def read_source(source: Path, progress: Progress) -> Source:
    """Read the directory (or the `map.toml`) of a map's source.

    Raises:
        MapError: anything missing, unknown, unreadable, doubled or contradicting, named by file and feature or line.
    """
    description = source if source.suffix == ".toml" else source / "map.toml"
    table = read_toml(description, MapError)
    table.where = description.name
    folder = description.parent
    place = table.text("place")
    if not SLUG.fullmatch(place):
        raise MapError(f"place {place!r:.60} is not a slug such as 'takoma-park'", table.where)
    effective_from = table.day("effective_from")
    precinct_table, layer_tables = table.table("precincts"), table.tables("layer")
    city_table, address_tables = table.optional_table("city"), _one_or_many(table, "addresses")
    cities = table.optional_texts("cities")
    table.refuse_unknown()

    progress("reading precincts", 0, 0)
    tolerance = precinct_table.optional_number("tolerance", PRECINCT_TOLERANCE, 0, 0.5)
    precincts, kinds = read_precincts(precinct_table, folder)
    layers: list[Layer] = []
    for layer_table in layer_tables:
        progress("reading layers", len(layers), len(layer_tables))
        layers.append(_read_layer(layer_table, folder))
    _refuse_doubled([layer.kind for layer in layers], "layer kind", table.where)
    if layers and any(precinct.shape is None for precinct in precincts):
        raise MapError("a layer needs precincts with polygons, and precincts.file is a table", table.where)
    city = _read_city(city_table, folder) if city_table else None
    addresses, files = _read_addresses(address_tables, folder, progress)
    if precincts[0].shape is None and not all(point.precinct for point in addresses):
        raise MapError("columns must name precinct: without polygons, points tell nothing", f"{table.where}: addresses")
    all_kinds = sorted({*kinds, *(layer.kind for layer in layers)})
    return Source(
        place, effective_from, tolerance, precincts, tuple(all_kinds), tuple(layers), city, addresses, files, cities
    )


def _one_or_many(table: Table, key: str) -> list[Table]:
    if key in table and isinstance(table.plain()[key], dict):
        return [table.table(key)]
    return table.tables(key)


def _read_layer(table: Table, folder: Path) -> Layer:
    kind, file, id_key = table.text("kind"), file_of(table, folder), table.text("id")
    require_kind(kind, table.where)
    nests = table.optional_flag("nests")
    tolerance = table.optional_number("tolerance", NESTS_TOLERANCE if nests else SPLIT_TOLERANCE, 0, 0.5)
    beyond_city = table.optional_flag("beyond_city")
    table.refuse_unknown()
    features = read_polygons(file)
    districts: dict[str, Feature] = {}
    for feature in features:
        name = district_id(feature_id(feature, id_key, features, table.where))
        assert name is not None
        if name in districts:
            raise MapError(f"the {kind} {name!r} is already that of {districts[name].where}", feature.where)
        districts[name] = feature
    ordered = {name: districts[name].shape for name in sorted(districts, key=natural)}
    return Layer(kind, file.name, nests, tolerance, beyond_city, ordered)


def _read_city(table: Table, folder: Path) -> Area:
    file = file_of(table, folder)
    table.refuse_unknown()
    features = read_polygons(file)
    if len(features) != 1:
        raise MapError(f"has {len(features)} features; a city's boundary is one", file.name)
    return features[0].shape


def _refuse_doubled(names: list[str], what: str, where: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise MapError(f"has the {what} {name!r} twice", where)


def _read_addresses(
    tables: list[Table], folder: Path, progress: Progress
) -> tuple[tuple[AddressPoint, ...], tuple[str, ...]]:
    points: list[AddressPoint] = []
    files = []
    for table in tables:
        file, columns = file_of(table, folder), table.table("columns")
        names = {key: columns.optional_text(key) for key in ("zip", "lon", "lat", "precinct")}
        names["address"] = columns.text("address")
        columns.refuse_unknown()
        table.refuse_unknown()
        if bool(names["lon"]) != bool(names["lat"]) or not (names["lon"] or names["precinct"]):
            raise MapError("must name lon and lat, or precinct, or all three", columns.where)
        csv = read_csv(file, lambda rows: progress("reading addresses", rows, 0))
        at = {key: csv.column(name, columns.where) for key, name in names.items() if name}
        points.extend(_read_point(row, at, csv.where, line) for line, row in zip(csv.lines, csv.rows, strict=True))
        files.append(file.name)
    # Sorted and without repeats: the order of a source's rows means nothing, so it must not reach the digest.
    return tuple(sorted(set(points), key=_address_order)), tuple(files)


def _address_order(point: AddressPoint) -> tuple[str, str, str, float, float]:
    return point.address, point.zip, point.precinct, point.lon or 0.0, point.lat or 0.0


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
    # A ZIP only ever contradicts; one that cannot be read is as good as none. Spreadsheets write 55401 as 55401.0.
    zip_code = _ZIP.fullmatch(row[at["zip"]].strip()) if "zip" in at else None
    return AddressPoint(row[at["address"]].strip(), zip_code[1] if zip_code else "", lon, lat, precinct)
