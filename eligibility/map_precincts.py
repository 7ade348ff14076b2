"""The precincts of a map's source: polygons or a table, and a table joined to them; both must agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from shapely.geometry import MultiPolygon, Polygon

from eligibility.csv_table import CsvTable, read_csv
from eligibility.district_id import district_id, natural, precinct_id
from eligibility.errors import MapError
from eligibility.geojson import Feature, read_polygons
from eligibility.toml_table import Table, nearest

Area = Polygon | MultiPolygon

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""How a place and a district kind are written: they become parts of ids and file names."""


@dataclass(frozen=True, slots=True)
class Precinct:
    """One precinct as the source has it: `districts` are those its attributes name.

    `shape` is in degrees, and None in a map without polygons.
    """

    id: str
    shape: Area | None
    districts: Mapping[str, str]


class _Row(NamedTuple):
    """One precinct's row, from polygons or from a table, before the two are joined."""

    where: str
    shape: Area | None
    attributes: Mapping[str, Any]


def read_precincts(table: Table, folder: Path) -> tuple[tuple[Precinct, ...], tuple[str, ...]]:
    """Read what `[precincts]` names: the precincts in natural order of their ids, and the district kinds they hold.

    Raises:
        MapError: a doubled or missing id, a missing attribute, a table that lacks, adds or contradicts precincts.
    """
    file, id_key = file_of(table, folder), table.text("id")
    kinds = kinds_of(table, "districts")
    joined = _read_join(table, folder, id_key, kinds)
    table.refuse_unknown()
    rows = _rows_by_id(file, id_key, table.where)
    own = _present(kinds, rows.values()) if joined else dict(kinds)
    named = _districts(rows, own, file.name, table.where)
    if joined:
        join_file, join_rows, join_kinds = joined
        if not join_kinds:
            raise MapError(f"has no column of the districts that {table.where} names", join_file)
        _require_same_ids(rows, join_rows, file.name, join_file)
        missing = sorted(kind for kind in kinds if kind not in own and kind not in join_kinds)
        if missing:
            raise _no_attribute(kinds[missing[0]], _names(rows) | _names(join_rows), file.name, table.where)
        _agree(named, _districts(join_rows, join_kinds, join_file, table.where), file.name, join_file)
    precincts = tuple(Precinct(name, rows[name].shape, named[name]) for name in sorted(rows, key=natural))
    return precincts, tuple(sorted({kind for districts in named.values() for kind in districts}))


_Join = tuple[str, dict[str, _Row], dict[str, str]]


def _read_join(table: Table, folder: Path, id_key: str, kinds: Mapping[str, str]) -> _Join | None:
    """The table joined to the precincts: `table = "file.csv"`, or `[precincts.table]` with file, id and districts."""
    if table.is_text("table"):
        file, join_id, named = file_of(table, folder, "table"), table.optional_text("table_id", id_key), {}
    else:
        inner = table.optional_table("table")
        table.optional_text("table_id")
        if inner is None:
            return None
        file, join_id, named = file_of(inner, folder), inner.optional_text("id", id_key), kinds_of(inner, "districts")
        inner.refuse_unknown()
    rows = _rows_of_csv(read_csv(file), join_id, table.where)
    return file.name, rows, named or _present(kinds, rows.values())


def _rows_by_id(file: Path, id_key: str, asked_by: str) -> dict[str, _Row]:
    if file.suffix.lower() == ".csv":
        return _rows_of_csv(read_csv(file), id_key, asked_by)
    features = read_polygons(file)
    return _unique(
        (feature_id(feature, id_key, features, asked_by), _Row(feature.where, feature.shape, feature.properties))
        for feature in features
    )


def _rows_of_csv(table: CsvTable, id_key: str, asked_by: str) -> dict[str, _Row]:
    column = table.column(id_key, asked_by)
    if not table.rows:
        raise MapError("has no rows", table.where)
    found = []
    for line, row in zip(table.lines, table.rows, strict=True):
        where = f"{table.where}: line {line}"
        name = precinct_id(row[column])
        if name is None:
            raise MapError(f"has no {id_key}: {row[column]!r:.60}", where)
        found.append((name, _Row(where, None, dict(zip(table.header, row, strict=True)))))
    return _unique(found)


def feature_id(feature: Feature, key: str, features: list[Feature], asked_by: str) -> str:
    """The id that an attribute gives a feature; `features` are its layer, to name what else there is.

    Raises:
        MapError: no such attribute, or one that names nothing.
    """
    if key not in feature.properties:
        raise _no_attribute(key, {name for other in features for name in other.properties}, feature.where, asked_by)
    name = precinct_id(feature.properties[key])
    if name is None:
        raise MapError(f"has no {key}: {feature.properties[key]!r:.60}", feature.where)
    return name


def _unique(rows: Iterable[tuple[str, _Row]]) -> dict[str, _Row]:
    by_id: dict[str, _Row] = {}
    for name, row in rows:
        if name in by_id:
            raise MapError(f"the id {name!r} is already that of {by_id[name].where}", row.where)
        by_id[name] = row
    return by_id


def _names(rows: Mapping[str, _Row]) -> set[str]:
    return {name for row in rows.values() for name in row.attributes}


def _no_attribute(name: str, known: Iterable[str], where: str, asked_by: str) -> MapError:
    names = sorted(set(known) - {name})
    hint = nearest(name, names) or (f"; attributes: {', '.join(names)}" if names else "; it has none")
    return MapError(f"has no attribute {name!r}, which {asked_by} names{hint}", where)


def _present(kinds: Mapping[str, str], rows: Iterable[_Row]) -> dict[str, str]:
    names = {name for row in rows for name in row.attributes}
    return {kind: name for kind, name in kinds.items() if name in names}


def _districts(
    rows: Mapping[str, _Row], kinds: Mapping[str, str], file: str, asked_by: str
) -> dict[str, dict[str, str]]:
    """Precinct id -> district kind -> district id, from the attributes or columns that `kinds` names."""
    named: dict[str, dict[str, str]] = {name: {} for name in rows}
    for kind, attribute in kinds.items():
        for name, row in rows.items():
            if attribute not in row.attributes:
                raise _no_attribute(attribute, _names(rows), f"{file}: precinct {name}", asked_by)
            district = district_id(row.attributes[attribute])
            if district is None:
                raise MapError(f"precinct {name} has no {kind}: {row.attributes[attribute]!r:.60}", row.where)
            named[name][kind] = district
    return named


def _require_same_ids(rows: Mapping[str, _Row], joined: Mapping[str, _Row], file: str, join_file: str) -> None:
    for here, there, has, lacks in ((rows, joined, file, join_file), (joined, rows, join_file, file)):
        missing = sorted(set(here) - set(there), key=natural)
        if missing:
            hint = nearest(missing[0], there)
            raise MapError(f"lacks {some('precinct', missing)} of {has}{hint}", lacks)


def _agree(
    named: dict[str, dict[str, str]], joined: Mapping[str, Mapping[str, str]], file: str, join_file: str
) -> None:
    """Add the joined table's districts, refusing any that the polygons' own attributes contradict."""
    differ = [
        f"{name} ({kind} {named[name][kind]} in {file}, {district} in {join_file})"
        for name in sorted(named, key=natural)
        for kind, district in joined[name].items()
        if named[name].get(kind, district) != district
    ]
    if differ:
        raise MapError(f"contradicts {file} on {some('precinct', differ)}", join_file)
    for name, districts in joined.items():
        named[name].update(districts)


def some(what: str, names: list[str]) -> str:
    """``precinct A``, ``precincts A, B``, or ``5 precincts: A, B, C and 2 more``."""
    if len(names) == 1:
        return f"{what} {names[0]}"
    if len(names) <= 3:
        return f"{what}s {', '.join(names)}"
    return f"{len(names)} {what}s: {', '.join(names[:3])} and {len(names) - 3} more"


def file_of(table: Table, folder: Path, key: str = "file") -> Path:
    """The file that a key names, from the directory of the `map.toml`."""
    name = table.text(key)
    if "\0" in name:
        raise MapError(f"{key} is not a file name", table.where)
    return folder / name


def kinds_of(table: Table, key: str) -> dict[str, str]:
    """District kind -> the attribute or column that holds it."""
    inner = table.optional_table(key)
    if inner is None:
        return {}
    kinds = {kind: inner.text(kind) for kind in inner.plain()}
    for kind in kinds:
        require_kind(kind, inner.where)
    return kinds


def require_kind(kind: str, where: str) -> None:
    """Refuse a district kind that could not stand in an id such as ``ward-3``."""
    if not SLUG.fullmatch(kind):
        raise MapError(
            f"the district kind {kind!r:.60} must be small letters, digits and hyphens, such as 'ward'", where
        )
