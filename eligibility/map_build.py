"""Building a map: what `map.toml` names put together into one file, every address in its precinct split.

The tie rule for a point that two precincts claim (a sliver of overlap) or none does (a sliver of gap) is the nearest
precinct, and between equals the first in natural order of ids; only slivers are left to it. Within a split precinct,
the same holds for land that no district covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from eligibility.address import place_name
from eligibility.address_index import AddressRow, build_index
from eligibility.address_lists import AddressPoint, Progress
from eligibility.address_text import AddressError
from eligibility.errors import MapError
from eligibility.map_file import write_map
from eligibility.map_geometry import SLIVER_WIDTH, Plane, Shapes
from eligibility.map_layers import Piece, put_together
from eligibility.map_ranges import BuiltRanges, build_all_ranges
from eligibility.map_source import Source, read_source

MOST_OUTSIDE = 0.05
"""Largest share of addresses that may lie outside every precinct: a few at the edge are real, more is another city."""

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
    pieces = put_together(read, plane, progress, warnings)
    placed = _place_addresses(read, pieces, plane, progress, warnings)
    progress("indexing addresses", 0, len(placed))
    index = build_index(placed)
    warnings += _index_warnings(index.unread, index.doubled)
    progress("placing ranges", 0, len(read.lists.edges))
    ranges = build_all_ranges(read, pieces, plane, _cities(read), MOST_OUTSIDE)
    sections = {**index.sections, "shapes": _shapes(read)}
    if ranges is not None:
        sections.update(ranges.sections)
        warnings += ranges.warnings
    meta = _meta(read, pieces, index.addresses, warnings) | _range_meta(ranges)
    return MapReport(write_map(out, meta, sections), tuple(warnings))


def _place_addresses(
    read: Source, pieces: Sequence[Piece], plane: Plane | None, progress: Progress, warnings: list[str]
) -> list[AddressRow]:
    """Give every address its split; one outside every precinct gets the number after the last."""
    progress("placing addresses", 0, len(read.lists.points))
    outside = len(pieces)
    by_precinct: dict[str, list[int]] = {}
    for number, piece in enumerate(pieces):
        by_precinct.setdefault(piece.split.precinct, []).append(number)
    drawn = [] if plane is None else _drawn_splits(read.lists.points, pieces, plane)
    rows, lost = [], []
    for n, point in enumerate(read.lists.points):
        split = drawn[n] if plane is not None and point.lon is not None else None
        if point.precinct:
            split = _agreed(point, split, pieces, by_precinct, plane)
        if split is None:
            split = outside
            lost.append(point.address)
        rows.append(AddressRow(point.address, point.zip, split))
    if len(lost) > MOST_OUTSIDE * len(rows):
        raise MapError(
            f"{len(lost)} of {len(rows)} addresses lie outside every precinct ({lost[0]!r:.60} first): another city's?",
            ", ".join(read.lists.files),
        )
    if lost:
        warnings.append(f"{len(lost)} addresses lie outside every precinct; they are answered as outside")
    return rows


def _drawn_splits(addresses: Sequence[AddressPoint], pieces: Sequence[Piece], plane: Plane) -> list[int | None]:
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
    _fill_from_own_precinct(found, at, points, pieces)
    missed = np.array([n for n, address in enumerate(at) if found[address] is None], dtype=int)
    if len(missed):
        near = tree.query_nearest(points[missed], max_distance=SLIVER_WIDTH, all_matches=False)
        for n, nearest in near.T:
            found[at[missed[n]]] = int(nearest)
    return found


def _fill_from_own_precinct(
    found: list[int | None], at: Sequence[int], points: Shapes, pieces: Sequence[Piece]
) -> None:
    """Land of a split precinct that none of its splits has, a sliver or a river's bank: the nearest of its splits."""
    missed = [n for n, address in enumerate(at) if found[address] is None]
    tree = shapely.STRtree([piece.precinct for piece in pieces if piece.precinct is not None])
    near: dict[int, list[tuple[float, int]]] = {}
    for n, piece in tree.query(points[missed], predicate="intersects").T:
        near.setdefault(missed[n], []).append((points[missed[n]].distance(pieces[piece].land), int(piece)))
    for n, distances in near.items():
        found[at[n]] = min(distances)[1]


def _agreed(
    point: AddressPoint,
    drawn: int | None,
    pieces: Sequence[Piece],
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


def _cities(read: Source) -> list[str]:
    """What the map's own city may be called, as `place_name` writes it."""
    names = [read.place.replace("-", " "), *_OTHER_NAMES.get(read.place, ()), *read.cities]
    try:
        return sorted({place_name(name) for name in names})
    except AddressError as problem:
        raise MapError(f"names something that is no city's name: it {problem.what}", "map.toml: cities") from None


def _meta(read: Source, pieces: Sequence[Piece], addresses: int, warnings: Sequence[str]) -> dict[str, object]:
    last = read.effective_until
    return {
        "place": read.place,
        "effective_from": read.effective_from.isoformat(),
        **({"effective_until": last.isoformat()} if last else {}),
        "cities": _cities(read),
        "splits": [[p.split.id, p.split.precinct, dict(sorted(p.split.districts.items()))] for p in pieces],
        "addresses": addresses,
        "warnings": list(warnings),
    }


def _range_meta(ranges: BuiltRanges | None) -> dict[str, object]:
    """What a map with ranges says besides; one without says nothing, and is the file that it always was."""
    return {} if ranges is None else {"ranges": ranges.runs, "near": [list(splits) for splits in ranges.near]}
