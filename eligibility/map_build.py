"""Building a map: precincts, layers and addresses put together on the ground, and refused where they contradict.

The tie rule for a point that two precincts claim (a sliver of overlap) or none does (a sliver of gap) is the nearest
precinct, and between equals the first in natural order of ids; only slivers are left to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from eligibility.address import place_name
from eligibility.address_index import AddressRow, build_index
from eligibility.errors import MapError
from eligibility.map_file import write_map
from eligibility.map_geometry import SLIVER_WIDTH, Plane, Shapes, beyond, gaps, is_sliver, overlaps, shares
from eligibility.map_precincts import Precinct, some
from eligibility.map_source import NESTS_TOLERANCE, AddressPoint, Layer, Progress, Source, read_source
from eligibility.split import Split

MOST_OUTSIDE = 0.05
"""Largest share of addresses that may lie outside every precinct: a few at the edge are real, more is another city."""

_UNCOVERED = 0.02  # share of a precinct that no district covers, from which on it is worth a warning
_OPEN_STRIP = 0.05  # of the median precinct; the real edge of Minneapolis has one of 0.013, between it and its airport
_MISSING_PRECINCT = 0.5  # of the median precinct: district land this large without a precinct is a precinct missing
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "minneapolis": ("Mpls",),
    "san-francisco": ("SF", "San Fran"),
    "washington-dc": ("Washington",),
    "new-york-city": ("New York", "NYC", "Manhattan", "Brooklyn", "Queens", "Bronx", "Staten Island"),
}
"""What people call some cities besides the name of their slug."""


@dataclass(frozen=True, slots=True)
class MapReport:
    """What was built: the digest of the map's content, and what its maker should look at."""

    digest: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One precinct split with its land in metres (None in a map without polygons)."""

    split: Split
    land: BaseGeometry | None


def _no_progress(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def build_map(source: Path, out: Path, progress: Progress = _no_progress) -> MapReport:
    """Build the map that `source` (a directory with a map.toml) describes into one file.

    Raises:
        MapError: anything that is missing, malformed or contradictory, named; `out` is then left as it was.
    """
    read = read_source(source, progress)
    warnings: list[str] = []
    drawn = [precinct.shape for precinct in read.precincts if precinct.shape is not None]
    plane = Plane.around(drawn) if drawn else None
    pieces = _pieces(read, drawn, plane, progress, warnings)
    placed = _place_addresses(read, pieces, plane, progress, warnings)
    progress("indexing addresses", 0, len(placed))
    index = build_index(placed)
    warnings += _index_warnings(index.unread, index.doubled)
    sections = {**index.sections, "shapes": _shapes(read)}
    return MapReport(write_map(out, _meta(read, pieces, index.addresses, warnings), sections), tuple(warnings))


def _pieces(
    read: Source, drawn: Sequence[BaseGeometry], plane: Plane | None, progress: Progress, warnings: list[str]
) -> list[_Piece]:
    """Every precinct split, in natural order of its precinct."""
    if plane is None:
        return [_Piece(Split(p.id, p.id, dict(p.districts)), None) for p in read.precincts]
    progress("comparing precincts", 0, 0)
    land = plane.shapes(drawn)
    _refuse_overlaps_and_gaps(read, land)
    named = [dict(precinct.districts) for precinct in read.precincts]
    crossing: list[tuple[Layer, Shapes]] = []
    for done, layer in enumerate(read.layers):
        progress("comparing layers", done, len(read.layers))
        districts = plane.shapes(list(layer.districts.values()))
        _refuse_missing_precincts(layer, districts, land, warnings)
        nested = layer.nests or layer.kind in read.precincts[0].districts
        if nested:
            _nest(read, layer, shares(land, districts), named, warnings)
        else:
            crossing.append((layer, districts))
    return list(_cut(read.precincts, land, named, crossing, warnings))


def _refuse_overlaps_and_gaps(read: Source, land: Shapes) -> None:
    ids = [precinct.id for precinct in read.precincts]
    found = next(overlaps(land, read.tolerance), None)
    if found is not None:
        raise MapError(f"overlap on {found.share:.1%} of the smaller one", _pair(ids, (found.first, found.second)))
    gap = next((g for g in gaps(land) if g.share > (_OPEN_STRIP if g.is_open else read.tolerance)), None)
    if gap is not None:
        what = "surround" if len(gap.around) > 1 else "surrounds"
        raise MapError(
            f"{what} a gap, {gap.share:.1%} of a median precinct, that no precinct covers", _pair(ids, gap.around)
        )


def _pair(ids: Sequence[str], numbers: Sequence[int]) -> str:
    return some("precinct", [ids[number] for number in numbers])


def _refuse_missing_precincts(layer: Layer, districts: Shapes, land: Shapes, warnings: list[str]) -> None:
    if layer.beyond_city:
        return
    share = beyond(districts, land) / float(np.median(shapely.area(land)))
    if share > _MISSING_PRECINCT:
        raise MapError(
            f"covers land, {share:.1f} times a median precinct, that no precinct covers: is a precinct missing, or is "
            "it another city's? (beyond_city = true if it is meant)",
            layer.file,
        )
    if share > _UNCOVERED:
        warnings.append(f"{layer.file}: covers land, {share:.1%} of a median precinct, that no precinct covers")


def _nest(read: Source, layer: Layer, share: np.ndarray, named: list[dict[str, str]], warnings: list[str]) -> None:
    """Give each precinct the district that holds most of it; refuse a layer that contradicts its attribute."""
    ids = list(layer.districts)
    tolerance = layer.tolerance if layer.nests else max(layer.tolerance, NESTS_TOLERANCE)
    differ, crossed, bare = [], [], []
    for precinct, row, districts in zip(read.precincts, share, named, strict=True):
        order = np.argsort(-row, kind="stable")
        best = ids[order[0]]
        if row[order[0]] == 0:
            raise MapError(f"lies in no {layer.kind} of {layer.file}", f"precinct {precinct.id}")
        second = float(row[order[1]]) if len(order) > 1 else 0.0
        if second > tolerance:
            crossed.append(f"{precinct.id} ({second:.0%} in {layer.kind} {ids[order[1]]})")
        if districts.setdefault(layer.kind, best) != best:
            differ.append(f"{precinct.id} ({layer.kind} {districts[layer.kind]}, drawn in {best})")
        if row.sum() < 1 - _UNCOVERED:
            bare.append(f"{precinct.id} ({1 - row.sum():.0%})")
    if differ:
        raise MapError(f"contradicts the precincts on {some('precinct', differ)}", layer.file)
    if crossed:
        raise MapError(f"cuts {some('precinct', crossed)}, though each should lie in one {layer.kind}", layer.file)
    if bare:
        warnings.append(f"{layer.file}: no {layer.kind} covers a part of {some('precinct', bare)}")


def _cut(
    precincts: Sequence[Precinct],
    land: Shapes,
    named: Sequence[dict[str, str]],
    crossing: Sequence[tuple[Layer, Shapes]],
    warnings: list[str],
) -> Iterator[_Piece]:
    """Cut precincts where a district line crosses them beyond slivers."""
    trees = [shapely.STRtree(districts) for _, districts in crossing]
    for precinct, shape, districts in zip(precincts, land, named, strict=True):
        parts: list[tuple[dict[str, str], BaseGeometry]] = [(districts, shape)]
        for (layer, drawn), tree in zip(crossing, trees, strict=True):
            ids = list(layer.districts)
            near = sorted(int(n) for n in tree.query(shape))
            parts = [
                ({**had, layer.kind: ids[n]}, common)
                for had, part in parts
                for n, common in _crossed(part, drawn, near, shape.area * layer.tolerance)
            ]
            if not parts:
                raise MapError(f"lies in no {layer.kind} of {layer.file}", f"precinct {precinct.id}")
        if len(parts) == 1:
            yield _Piece(Split(precinct.id, precinct.id, parts[0][0]), shape)
            continue
        warnings.append(f"precinct {precinct.id}: split in {len(parts)} by district lines")
        for number, (had, part) in enumerate(parts, start=1):
            yield _Piece(Split(f"{precinct.id}.{number}", precinct.id, had), part)


def _crossed(
    part: BaseGeometry, drawn: Shapes, near: Sequence[int], least: float
) -> Iterator[tuple[int, BaseGeometry]]:
    """The districts that a part lies in, with the common land; slivers count only when there is nothing else."""
    common = [(n, part.intersection(drawn[n])) for n in near]
    common = [(n, land) for n, land in common if land.area > 0]
    real = [(n, land) for n, land in common if land.area > least and not is_sliver(land)]
    yield from real or sorted(common, key=lambda pair: -pair[1].area)[:1]


def _place_addresses(
    read: Source, pieces: Sequence[_Piece], plane: Plane | None, progress: Progress, warnings: list[str]
) -> list[AddressRow]:
    """Give every address its split; one outside every precinct gets the number after the last."""
    progress("placing addresses", 0, len(read.addresses))
    outside = len(pieces)
    by_precinct: dict[str, list[int]] = {}
    for number, piece in enumerate(pieces):
        by_precinct.setdefault(piece.split.precinct, []).append(number)
    drawn = [] if plane is None else _drawn_splits(read.addresses, pieces, plane)
    rows, lost = [], []
    for n, point in enumerate(read.addresses):
        split = drawn[n] if plane is not None and point.lon is not None else None
        if point.precinct:
            split = _agreed(point, split, pieces, by_precinct, plane)
        if split is None:
            split = outside
            lost.append(point.address)
        rows.append(AddressRow(point.address, point.zip, split, point.lon, point.lat))
    if len(lost) > MOST_OUTSIDE * len(rows):
        raise MapError(
            f"{len(lost)} of {len(rows)} addresses lie outside every precinct ({lost[0]!r:.60} first): another city's?",
            ", ".join(read.address_files),
        )
    if lost:
        warnings.append(f"{len(lost)} addresses lie outside every precinct; they are answered as outside")
    return rows


def _drawn_splits(addresses: Sequence[AddressPoint], pieces: Sequence[_Piece], plane: Plane) -> list[int | None]:
    """The split of each address by its point: the one it lies in, else the nearest within a sliver's width."""
    found: list[int | None] = [None] * len(addresses)
    at = [n for n, point in enumerate(addresses) if point.lon is not None and point.lat is not None]
    if not at:
        return found
    lons, lats = np.array([addresses[n].lon for n in at], float), np.array([addresses[n].lat for n in at], float)
    points = plane.points(lons, lats)
    tree = shapely.STRtree([piece.land for piece in pieces if piece.land is not None])
    number, piece = tree.query(points, predicate="intersects")
    for n in np.lexsort((-piece, number)):  # of several pieces the first in natural order comes last, and stays
        found[at[number[n]]] = int(piece[n])
    missed = np.array([n for n, address in enumerate(at) if found[address] is None], dtype=int)
    if len(missed):
        near = tree.query_nearest(points[missed], max_distance=SLIVER_WIDTH, all_matches=False)
        for n, nearest in near.T:
            found[at[missed[n]]] = int(nearest)
    return found


def _agreed(
    point: AddressPoint,
    drawn: int | None,
    pieces: Sequence[_Piece],
    by_precinct: Mapping[str, Sequence[int]],
    plane: Plane | None,
) -> int:
    """The split of an address whose source names its precinct: the point must agree, but for slivers."""
    named = by_precinct.get(point.precinct)
    if named is None:
        raise MapError(
            f"is in precinct {point.precinct!r}, which the map does not have", f"address {point.address!r:.80}"
        )
    if drawn is not None and drawn in named:
        return drawn
    if plane is None or point.lon is None or point.lat is None:
        if len(named) > 1:
            raise MapError(f"precinct {point.precinct} is split, and it has no point", f"address {point.address!r:.80}")
        return named[0]
    place = plane.points(np.array([point.lon]), np.array([point.lat]))[0]
    metres = {number: place.distance(pieces[number].land) for number in named}
    nearest = min(metres, key=lambda number: metres[number])
    if metres[nearest] > SLIVER_WIDTH:
        there = "outside every precinct" if drawn is None else f"in precinct {pieces[drawn].split.precinct}"
        raise MapError(
            f"is said to be in precinct {point.precinct}, and lies {there}", f"address {point.address!r:.80}"
        )
    return nearest


def _index_warnings(unread: Sequence[str], doubled: Sequence[str]) -> list[str]:
    warnings = []
    if unread:
        warnings.append(
            f"{len(unread)} addresses are left out, without a number and a street ({unread[0]!r:.60} first)"
        )
    if doubled:
        warnings.append(f"{len(doubled)} addresses stand in two precinct splits ({doubled[0]} first) and are ambiguous")
    return warnings


def _shapes(read: Source) -> bytes:
    """The precincts' polygons in degrees as WKB, each after its length, in natural order of their ids."""
    shapes = [b"" if p.shape is None else shapely.to_wkb(p.shape, byte_order=1) for p in read.precincts]
    return b"".join(len(raw).to_bytes(4, "little") + raw for raw in shapes)


def _meta(read: Source, pieces: Sequence[_Piece], addresses: int, warnings: Sequence[str]) -> dict[str, object]:
    names = [read.place.replace("-", " "), *_OTHER_NAMES.get(read.place, ()), *read.cities]
    return {
        "place": read.place,
        "effective_from": read.effective_from.isoformat(),
        "cities": sorted({place_name(name) for name in names}),
        "splits": [[p.split.id, p.split.precinct, dict(sorted(p.split.districts.items()))] for p in pieces],
        "addresses": addresses,
        "warnings": list(warnings),
    }
