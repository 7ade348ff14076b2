"""A map's source: `map.toml` and the layers, tables and address lists it names, read and checked one by one.

Whether they fit together on the ground is `map_build`'s question; here each must be whole and known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eligibility.address_lists import AddressLists, Progress, read_lists
from eligibility.district_id import district_id, natural
from eligibility.errors import MapError
from eligibility.geojson import Feature, read_polygons
from eligibility.map_precincts import SLUG, Area, Precinct, feature_id, file_of, read_precincts, require_kind
from eligibility.toml_table import Table, read_toml

NESTS_TOLERANCE = 0.10
"""Largest second share of a precinct's area under `nests`; two real layers of one city measured up to 0.046."""

SPLIT_TOLERANCE = 0.05
"""Without `nests`, a smaller piece of a precinct must be wider to be more than two drawings of the same line."""

PRECINCT_TOLERANCE = 0.01
"""Share of a median precinct that a hole between precincts may have; real layers measured at most 0.0023."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The districts of one kind as polygons, by id."""

    kind: str
    file: str
    nests: bool
    tolerance: float
    beyond_city: bool
    districts: Mapping[str, Area]


@dataclass(frozen=True, slots=True)
class Source:
    """Everything `map.toml` names. Precincts, layers and districts are in natural order of their ids."""

    place: str
    effective_from: date
    effective_until: date | None
    tolerance: float
    precincts: tuple[Precinct, ...]
    kinds: tuple[str, ...]
    layers: tuple[Layer, ...]
    city: Area | None
    lists: AddressLists
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
    effective_until = _last_day(table, effective_from)
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
    lists = read_lists(address_tables, folder, progress)
    if precincts[0].shape is None:
        _refuse_places(lists, f"{table.where}: addresses")
    all_kinds = tuple(sorted({*kinds, *(layer.kind for layer in layers)}))
    return Source(
        place=place,
        effective_from=effective_from,
        effective_until=effective_until,
        tolerance=tolerance,
        precincts=precincts,
        kinds=all_kinds,
        layers=tuple(layers),
        city=city,
        lists=lists,
        cities=cities,
    )


def _last_day(table: Table, first: date) -> date | None:
    last = table.optional_day("effective_until")
    if last is not None and last < first:
        raise MapError(f"effective_until, {last}, is before effective_from, {first}", table.where)
    return last


def _refuse_places(lists: AddressLists, where: str) -> None:
    """Without polygons, a place on the ground tells nothing: an address must name its precinct."""
    if not all(point.precinct for point in lists.points):
        raise MapError("columns must name precinct: without polygons, points tell nothing", where)
    if lists.edges:
        raise MapError("ranges need precincts with polygons, and precincts.file is a table", where)


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
