"""Where the houses of a street edge lie on the ground, and in which precinct split: worked out when a map is built.

A house number lies between the end points of its edge in proportion, and `OFFSET` metres to its own side, since
precinct lines run along the middle of streets. Such a place is a guess within some ten metres, and worse on an edge
that bends, so a house with a second split or the city's edge within `NEAR` metres is answered as near a boundary, with
every split that it may be in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from eligibility.address_ranges import Edge, Side
from eligibility.house_numbers import BOTH, first_of, last_of
from eligibility.map_geometry import SLIVER_WIDTH, Plane, Shapes
from eligibility.map_layers import Piece

OFFSET = 8.0
"""Metres from the middle of the street to a house: half a street of 12 m, and little enough to stay in its block."""

NEAR = 20.0
"""Metres. With another split this near, the side of the line that a computed place lies on proves nothing."""

_BATCH = 200_000  # houses placed at a time, which keeps the memory of it to some 100 MB

Floats = NDArray[np.float64]


class Placed(NamedTuple):
    """House numbers from `low` to `high` (every one of the side's parity) of one side of an edge with one answer.

    `splits` are numbers of pieces: one where the houses surely lie, several where they may; the number after the last
    piece is land outside all.
    """

    street: str
    low: int
    high: int
    parity: int
    zip: str
    splits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """The sides with houses: what they are of, and in metres where the first and the last number lie."""

    edges: tuple[int, ...]
    sides: tuple[Side, ...]
    starts: Floats
    ends: Floats


def lines_of(edges: Sequence[Edge], plane: Plane) -> Lines:
    """The lines on which the houses of edges lie; those of an edge without length all lie at its point."""
    numbers, sides, signs = [], [], []
    for number, edge in enumerate(edges):
        for side, sign in ((edge.left, 1.0), (edge.right, -1.0)):
            if side is not None:
                numbers.append(number)
                sides.append(side)
                signs.append(sign)
    at = np.array([edges[number][1:5] for number in numbers], float).reshape(-1, 4)
    first = shapely.get_coordinates(plane.points(at[:, 0], at[:, 1]))
    second = shapely.get_coordinates(plane.points(at[:, 2], at[:, 3]))
    along = second - first
    length = np.hypot(along[:, 0], along[:, 1])[:, None]
    left = np.column_stack([-along[:, 1], along[:, 0]])
    offset = (
        OFFSET * np.array(signs, float)[:, None] * np.divide(left, length, out=np.zeros_like(left), where=length > 0)
    )
    return Lines(tuple(numbers), tuple(sides), first + offset, second + offset)


def numbers_of(side: Side) -> range:
    """The house numbers of a side, the lowest first."""
    low, high = sorted((side.first, side.last))
    return range(first_of(low, side.parity), last_of(high, side.parity) + 1, 1 if side.parity == BOTH else 2)


def houses_on(side: Side, start: Floats, end: Floats) -> Floats:
    """Where each of `numbers_of` lies between two points; the only house of a side lies in the middle."""
    numbers = np.array(numbers_of(side), float)
    span = side.last - side.first
    share = (numbers - side.first) / span if span else np.full(len(numbers), 0.5)
    places: Floats = start + share[:, None] * (end - start)
    return places


def place_edges(edges: Sequence[Edge], pieces: Sequence[Piece], plane: Plane) -> tuple[list[Placed], int]:
    """The split of every house, in runs, and how many edges lie outside every precinct with all their houses."""
    lines = lines_of(edges, plane)
    ground = _Ground.of(pieces)
    whole = ground.surely(lines)
    placed = list[Placed]()
    unsure = [n for n, split in enumerate(whole) if split is None]
    for n, split in enumerate(whole):
        if split is not None:
            placed.append(_run(edges, lines, n, numbers_of(lines.sides[n]), (split,)))
    inside = {lines.edges[n] for n, split in enumerate(whole) if split is not None}
    for batch in _batches(unsure, lines):
        places = [houses_on(lines.sides[n], lines.starts[n], lines.ends[n]) for n in batch]
        answers = iter(ground.answers(np.concatenate(places)))
        for n in batch:
            houses = [(number, next(answers)) for number in numbers_of(lines.sides[n])]
            for splits, run in groupby(houses, key=lambda house: house[1]):
                placed.append(_run(edges, lines, n, [number for number, _ in run], splits))
            if any(splits != (len(pieces),) for _, splits in houses):
                inside.add(lines.edges[n])
    return placed, len(set(lines.edges) - inside)


def _run(edges: Sequence[Edge], lines: Lines, n: int, numbers: Sequence[int], splits: tuple[int, ...]) -> Placed:
    side = lines.sides[n]
    return Placed(edges[lines.edges[n]].street, numbers[0], numbers[-1], side.parity, side.zip, splits)


def _batches(unsure: Sequence[int], lines: Lines) -> Iterator[list[int]]:
    batch, houses = list[int](), 0
    for n in unsure:
        batch.append(n)
        houses += len(numbers_of(lines.sides[n]))
        if houses >= _BATCH:
            yield batch
            batch, houses = [], 0
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Ground:
    """The land of the splits, and of whole precincts, and the city's edge, to be asked many times."""

    pieces: Sequence[Piece]
    land: shapely.STRtree
    precincts: shapely.STRtree
    edge: BaseGeometry

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> _Ground:
        land: Shapes = np.array([piece.land for piece in pieces], dtype=object)
        precincts: Shapes = np.array([piece.precinct for piece in pieces], dtype=object)
        shapely.prepare(land)
        # Slivers between neighbours are no edge of the city: closed before its outline is taken.
        city = shapely.union_all(land).buffer(SLIVER_WIDTH).buffer(-SLIVER_WIDTH)
        edge = city.boundary
        shapely.prepare(edge)
        return cls(pieces, shapely.STRtree(land), shapely.STRtree(precincts), edge)

    def surely(self, lines: Lines) -> list[int | None]:
        """The split that a whole line lies in with no other near; None where its houses must be asked one by one."""
        found: list[int | None] = [None] * len(lines.sides)
        if not found:
            return found
        drawn: Shapes = np.asarray(shapely.linestrings(np.stack([lines.starts, lines.ends], axis=1)), dtype=object)
        near, splits = self.land.query(drawn, predicate="dwithin", distance=NEAR)
        lonely = (np.bincount(near, minlength=len(drawn)) == 1) & ~shapely.dwithin(self.edge, drawn, NEAR)
        for n, split in zip(near[lonely[near]], splits[lonely[near]], strict=True):
            if self.land.geometries[split].covers(drawn[n]):
                found[n] = int(split)
        return found

    def answers(self, places: Floats) -> list[tuple[int, ...]]:
        """The splits that each place may be in, ascending; the number after the last is outside."""
        points: Shapes = np.asarray(shapely.points(places), dtype=object)
        near: list[set[int]] = [set() for _ in points]
        for n, split in self.land.query(points, predicate="dwithin", distance=NEAR).T:
            near[n].add(int(split))
        inside = set(self.land.query(points, predicate="intersects")[0])
        lost = np.array([n for n, splits in enumerate(near) if n not in inside], dtype=int)
        # In a split precinct, land that no district covers (a river's bank): it may be in any of the splits.
        within: dict[int, set[int]] = {}
        for n, split in self.precincts.query(points[lost], predicate="intersects").T:
            within.setdefault(int(lost[n]), set()).add(int(split))
        for n in lost:
            near[n] |= within.get(int(n)) or {len(self.pieces)}
        for n in np.flatnonzero(shapely.dwithin(self.edge, points, NEAR)):
            near[n].add(len(self.pieces))
        return [tuple(sorted(splits)) for splits in near]
