"""What polygons of a map have to do with one another on the ground: slivers, overlaps, gaps, shares.

Shapes here are in metres on a local plane, so that a width means something. Two drawings of one line never coincide:
what is narrower than `SLIVER_WIDTH` is the drawing's, not the law's. Measured on the real layers of Minneapolis, St
Paul and Takoma Park: overlaps and gaps within a layer are at most 2.1 m wide, 0.17 % of a precinct and 0.23 % of the
median one; between independently drawn layers, 10 m wide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

SLIVER_WIDTH = 15.0
"""Metres. Land that holds no circle this wide is a sliver, however long."""

CHANNEL_WIDTH = 100.0
"""Metres. A strip between precincts that is open to the outside is seen as a gap up to this width; beyond, the city
may simply have two parts."""

_METRES_PER_DEGREE = 111_320.0

Shapes = NDArray[Any]
"""An array of shapely geometries."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Degrees to metres around one latitude. Over a city the error is below 1 part in 1,000; shares do not notice."""

    latitude: float

    @classmethod
    def around(cls, shapes: Sequence[BaseGeometry]) -> Plane:
        """The plane for these shapes: that of the middle latitude."""
        bounds = shapely.total_bounds(np.array(shapes, dtype=object))
        return cls(float((bounds[1] + bounds[3]) / 2))

    def shapes(self, shapes: Sequence[BaseGeometry]) -> Shapes:
        """Shapes in degrees as shapes in metres."""
        flat: Shapes = shapely.transform(np.array(shapes, dtype=object), self._flatten)
        return flat

    def points(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Shapes:
        """Points in degrees as points in metres."""
        return np.asarray(shapely.points(self._flatten(np.column_stack([lons, lats]))), dtype=object)

    def _flatten(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        east = _METRES_PER_DEGREE * max(math.cos(math.radians(self.latitude)), 1e-6)
        metres: NDArray[np.float64] = degrees * np.array([east, _METRES_PER_DEGREE])
        return metres


def is_sliver(shape: BaseGeometry, width: float = SLIVER_WIDTH) -> bool:
    """Whether no circle of a width in metres fits into the shape anywhere."""
    # GEOS leaves something of a few very thin shapes, which hold no such circle, as their area tells.
    if shape.area < math.pi * (width / 2) ** 2:
        return True
    return bool(shape.buffer(-width / 2, quad_segs=4).is_empty)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Land that two shapes of one layer both claim; `share` is of the smaller of the two."""

    first: int
    second: int
    share: float
    sliver: bool


def overlaps(shapes: Shapes, least: float) -> Iterator[Overlap]:
    """Pairs of shapes that overlap on more than `least` of the smaller or more than a sliver, largest share first."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    common = shapely.intersection(shapes[first], shapes[second])
    area = shapely.area(shapes)
    share = shapely.area(common) / np.minimum(area[first], area[second])
    for n in np.argsort(-share, kind="stable"):
        sliver = share[n] == 0 or is_sliver(common[n])
        if share[n] > least or not sliver:
            yield Overlap(int(first[n]), int(second[n]), float(share[n]), sliver)


@dataclass(frozen=True, slots=True)
class Gap:
    """Land that no precinct covers: who stands around it, and its area as a share of the median precinct.

    `is_open` tells a strip that is open to the outside, which may as well be the city's own ragged edge, from a hole.
    """

    around: tuple[int, ...]
    share: float
    is_open: bool


def gaps(shapes: Shapes) -> Iterator[Gap]:
    """Holes between shapes and strips between two of them, beyond slivers, largest first.

    A hole that one shape draws within itself counts as well: an enclave has to be said, not guessed.
    """
    union = shapely.union_all(shapes)
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(union)])
    tree = shapely.STRtree(shapes)
    holes = list(shapely.get_parts(shapely.difference(filled, union)))
    found = [Gap(_around(hole, tree), hole.area, False) for hole in holes if not is_sliver(hole)]
    found += [Gap(around, strip.area, True) for strip, around in _strips(filled, tree) if len(around) > 1]
    median = float(np.median(shapely.area(shapes)))
    for gap in sorted(found, key=lambda gap: (-gap.share, gap.around)):
        yield Gap(gap.around, gap.share / median, gap.is_open)


def _strips(filled: BaseGeometry, tree: shapely.STRtree) -> Iterator[tuple[BaseGeometry, tuple[int, ...]]]:
    if len(tree) == 1:
        return  # a strip lies between two shapes; one shape's bays and coves are its own
    # Vertices closer than a metre to the line say nothing about gaps of 15 m and cost most of the time.
    outline = filled.simplify(1.0)
    closed = outline.buffer(CHANNEL_WIDTH / 2, quad_segs=2).buffer(-CHANNEL_WIDTH / 2, quad_segs=2)
    for part in shapely.get_parts(closed.difference(filled)):
        if not is_sliver(part):
            yield part, _around(part, tree)


def _around(land: BaseGeometry, tree: shapely.STRtree) -> tuple[int, ...]:
    return tuple(sorted(int(n) for n in tree.query(land, predicate="dwithin", distance=1.0)))


def shares(shapes: Shapes, districts: Shapes) -> NDArray[np.float64]:
    """The share of each shape's area that lies in each district: one row a shape, one column a district."""
    found = np.zeros((len(shapes), len(districts)))
    shape, district = shapely.STRtree(districts).query(shapes, predicate="intersects")
    area = shapely.area(shapely.intersection(shapes[shape], districts[district]))
    found[shape, district] = area / shapely.area(shapes)[shape]
    return found


def beyond(districts: Shapes, shapes: Shapes) -> float:
    """The largest piece of the districts' land, slivers apart, that none of the shapes covers, in square metres."""
    outside = shapely.difference(shapely.union_all(districts), shapely.union_all(shapes))
    opened = outside.buffer(-SLIVER_WIDTH / 2, quad_segs=4).buffer(SLIVER_WIDTH / 2, quad_segs=4)
    return max((float(part.area) for part in shapely.get_parts(opened)), default=0.0)
