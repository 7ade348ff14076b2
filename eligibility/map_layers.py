"""Precincts and district layers on the ground: what contradicts is refused, what crosses a precinct splits it.

A layer with `nests`, or one whose district kind the precincts' own attributes name, gives every precinct one district.
Any other layer cuts precincts into splits where its lines cross them beyond slivers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from eligibility.address_lists import Progress
from eligibility.errors import MapError
from eligibility.map_geometry import SLIVER_WIDTH, Plane, Shapes, beyond, gaps, is_sliver, overlaps, shares
from eligibility.map_precincts import Precinct, some
from eligibility.map_source import NESTS_TOLERANCE, Layer, Source
from eligibility.split import Split

_SLIVER_OVERLAP = 0.05  # of the smaller of two shapes; 10 m along the side of one that is 200 m wide
_SPLIT_WIDTH = 30.0  # metres; land this wide has houses, whatever its share of a large precinct (measured: 13 m)
_UNCOVERED = 0.02  # share of a precinct that no district covers, from which on it is worth a warning
_BARE = 0.5  # share of a precinct that no district covers, beyond which a district of the layer is missing
_OPEN_STRIP = 0.05  # of the median precinct; the real edge of Minneapolis has one of 0.013, between it and its airport
_MISSING_PRECINCT = 0.5  # of the median precinct: district land this large without a precinct is a precinct missing


@dataclass(frozen=True, slots=True)
class Piece:
    """One precinct split, its land and its whole precinct's in metres (None in a map without polygons)."""

    split: Split
    land: BaseGeometry | None
    precinct: BaseGeometry | None


def put_together(read: Source, plane: Plane | None, progress: Progress, warnings: list[str]) -> list[Piece]:
    """Every precinct split, in natural order of its precinct. What a map's maker should look at goes to `warnings`.

    Raises:
        MapError: precincts or districts that overlap, leave gaps or contradict one another, named.
    """
    if plane is None:
        return [Piece(Split(p.id, p.id, dict(p.districts)), None, None) for p in read.precincts]
    progress("comparing precincts", 0, 0)
    land = plane.shapes([precinct.shape for precinct in read.precincts if precinct.shape is not None])
    _refuse_overlaps(land, [precinct.id for precinct in read.precincts], "precinct", read.tolerance)
    _refuse_gaps(land, [precinct.id for precinct in read.precincts], read.tolerance)
    if read.city is not None:
        _refuse_other_outline(plane.shapes([read.city]), land, warnings)
    named = [dict(precinct.districts) for precinct in read.precincts]
    crossing: list[tuple[Layer, Shapes]] = []
    for done, layer in enumerate(read.layers):
        progress("comparing layers", done, len(read.layers))
        districts = plane.shapes(list(layer.districts.values()))
        _refuse_overlaps(districts, list(layer.districts), layer.kind, 0, layer.file)
        if not layer.beyond_city:
            _refuse_missing_precincts(layer.file, districts, land, warnings)
        share = shares(land, districts)
        _refuse_bare(read, layer, share, warnings)
        if layer.nests or layer.kind in read.precincts[0].districts:
            _nest(read, layer, share, named)
        else:
            crossing.append((layer, districts))
    pieces = list(_cut(read.precincts, land, named, crossing, warnings))
    _refuse_doubled_ids(pieces)
    return pieces


def _refuse_overlaps(shapes: Shapes, ids: Sequence[str], what: str, least: float, file: str = "") -> None:
    found = next((o for o in overlaps(shapes, max(least, _SLIVER_OVERLAP))), None)
    if found is not None:
        pair = some(what, [ids[found.first], ids[found.second]])
        raise MapError(f"overlap on {found.share:.1%} of the smaller one", f"{file}: {pair}" if file else pair)


def _refuse_gaps(land: Shapes, ids: Sequence[str], least: float) -> None:
    gap = next((g for g in gaps(land) if g.share > (_OPEN_STRIP if g.is_open else least)), None)
    if gap is not None:
        what = "surround" if len(gap.around) > 1 else "surrounds"
        raise MapError(
            f"{what} a gap, {gap.share:.1%} of a median precinct, that no precinct covers",
            some("precinct", [ids[number] for number in gap.around]),
        )


def _refuse_other_outline(city: Shapes, land: Shapes, warnings: list[str]) -> None:
    """The city's own boundary: precincts must fill it, and not reach beyond it by a precinct."""
    _refuse_missing_precincts("city", city, land, warnings)
    share = beyond(land, city) / float(np.median(shapely.area(land)))
    if share > _MISSING_PRECINCT:
        raise MapError(
            f"precincts cover land, {share:.1f} times a median precinct, outside the city's boundary", "city"
        )


def _refuse_missing_precincts(where: str, districts: Shapes, land: Shapes, warnings: list[str]) -> None:
    share = beyond(districts, land) / float(np.median(shapely.area(land)))
    if share > _MISSING_PRECINCT:
        raise MapError(
            f"covers land, {share:.1f} times a median precinct, that no precinct covers: is a precinct missing, or is "
            "it another city's? (a layer may say beyond_city = true if it is meant)",
            where,
        )
    if share > _UNCOVERED:
        warnings.append(f"{where}: covers land, {share:.1%} of a median precinct, that no precinct covers")


def _refuse_bare(read: Source, layer: Layer, share: np.ndarray, warnings: list[str]) -> None:
    """Warn of precincts that the layer covers in part (a river), and refuse those it hardly covers."""
    bare = []
    for precinct, covered in zip(read.precincts, share.sum(axis=1), strict=True):
        if covered == 0:
            raise MapError(f"lies in no {layer.kind} of {layer.file}", f"precinct {precinct.id}")
        if covered < 1 - _BARE:
            raise MapError(f"lies {1 - covered:.0%} in no {layer.kind} of {layer.file}", f"precinct {precinct.id}")
        if covered < 1 - _UNCOVERED:
            bare.append(f"{precinct.id} ({1 - covered:.0%})")
    if bare:
        warnings.append(f"{layer.file}: no {layer.kind} covers a part of {some('precinct', bare)}")


def _nest(read: Source, layer: Layer, share: np.ndarray, named: Sequence[dict[str, str]]) -> None:
    """Give each precinct the district that holds most of it; refuse a layer that contradicts its attribute."""
    ids = list(layer.districts)
    tolerance = layer.tolerance if layer.nests else max(layer.tolerance, NESTS_TOLERANCE)
    differ, crossed = [], []
    for precinct, row, districts in zip(read.precincts, share, named, strict=True):
        order = np.argsort(-row, kind="stable")
        best = ids[order[0]]
        second = float(row[order[1]]) if len(order) > 1 else 0.0
        if second > tolerance:
            crossed.append(f"{precinct.id} ({second:.0%} in {layer.kind} {ids[order[1]]})")
        if districts.setdefault(layer.kind, best) != best:
            differ.append(f"{precinct.id} ({layer.kind} {districts[layer.kind]}, drawn in {best})")
    if differ:
        raise MapError(f"contradicts the precincts on {some('precinct', differ)}", layer.file)
    if crossed:
        raise MapError(f"cuts {some('precinct', crossed)}, though each should lie in one {layer.kind}", layer.file)


def _cut(
    precincts: Sequence[Precinct],
    land: Shapes,
    named: Sequence[dict[str, str]],
    crossing: Sequence[tuple[Layer, Shapes]],
    warnings: list[str],
) -> Iterator[Piece]:
    """Cut precincts where a district line crosses them beyond slivers."""
    trees = [shapely.STRtree(districts) for _, districts in crossing]
    for precinct, shape, districts in zip(precincts, land, named, strict=True):
        parts: list[tuple[dict[str, str], BaseGeometry]] = [(districts, shape)]
        for (layer, drawn), tree in zip(crossing, trees, strict=True):
            ids = list(layer.districts)
            near = sorted(int(n) for n in tree.query(shape))
            least = shape.area * layer.tolerance
            cut = [(had, _divide(part, drawn, near, least)) for had, part in parts]
            if not all(found for _, found in cut):
                raise MapError(f"lies in part in no {layer.kind} of {layer.file}", f"precinct {precinct.id}")
            parts = [({**had, layer.kind: ids[n]}, part) for had, found in cut for n, part in found]
        if len(parts) == 1:
            yield Piece(Split(precinct.id, precinct.id, parts[0][0]), shape, shape)
            continue
        warnings.append(f"precinct {precinct.id}: split in {len(parts)} by district lines")
        for number, (had, part) in enumerate(parts, start=1):
            yield Piece(Split(f"{precinct.id}.{number}", precinct.id, had), part, shape)


def _divide(part: BaseGeometry, drawn: Shapes, near: Sequence[int], least: float) -> list[tuple[int, BaseGeometry]]:
    """The districts that a part lies in, each with its land; slivers count only when there is nothing else."""
    common = [(n, part.intersection(drawn[n])) for n in near]
    common = [(n, land) for n, land in common if land.area > 0]
    real = [(n, land) for n, land in common if not is_sliver(land, SLIVER_WIDTH if land.area > least else _SPLIT_WIDTH)]
    return real or sorted(common, key=lambda pair: -pair[1].area)[:1]


def _refuse_doubled_ids(pieces: Sequence[Piece]) -> None:
    """A precinct named like a split of another ("5.1" beside a split "5") would take its place."""
    seen: dict[str, Mapping[str, str]] = {}
    for piece in pieces:
        if piece.split.id in seen:
            raise MapError("is also the id of a split of another precinct; rename it", f"precinct {piece.split.id}")
        seen[piece.split.id] = piece.split.districts
