"""Street edges with address ranges, as the Census Bureau's TIGER/Line files have them, read from a CSV file.

One row is one piece of a street between two corners: its end points, and for each side the house numbers from the first
point to the second (TIGER/Line Technical Documentation, 2024, "Address Ranges": LFROMADD, LTOADD, PARITYL, ZIPL and the
same for the right). Left and right are those of a walker from the first point to the second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from eligibility.csv_table import read_csv
from eligibility.district_id import zip_code
from eligibility.errors import MapError
from eligibility.geojson import misplaced
from eligibility.house_numbers import BOTH, EVEN, ODD, has
from eligibility.toml_table import Table

MOST_NUMBERS = 100_000
"""Most house numbers from one end of a range to the other; more is a mistake, not a street."""

_PARITY: Mapping[str, int] = {"E": EVEN, "O": ODD, "B": BOTH}
_NUMBER = re.compile(r"(\d{1,9})(\.0+)?", re.ASCII)  # spreadsheets write 600 as 600.0
_LONGEST_EDGE = 0.5  # degrees; a block is a thousandth of it, and a mistyped coordinate makes one a continent long
_PARTS = tuple(f"{side}_{part}" for side in "lr" for part in ("from", "to", "parity"))
_PLACES = ("lon1", "lat1", "lon2", "lat2")


class Side(NamedTuple):
    """The houses of one side: the numbers at the edge's first point and at its second, either of them the larger."""

    first: int
    last: int
    parity: int
    zip: str


class Edge(NamedTuple):
    """One piece of a street, its end points in degrees; a side without houses is None."""

    street: str
    lon1: float
    lat1: float
    lon2: float
    lat2: float
    left: Side | None
    right: Side | None


class Edges(NamedTuple):
    """What a file holds: the edges with houses, and the ranges left out since their numbers are no plain numbers."""

    edges: tuple[Edge, ...]
    left_out: tuple[str, ...]


def read_edges(file: Path, columns: Table, progress: Callable[[int], None]) -> Edges:
    """Read the edges of a CSV file whose columns `columns` names.

    House numbers with letters or hyphens (Queens, "12-05") count in a way that a range does not tell: such a side is
    left out, and told of, so that its houses are not found rather than found in a wrong place.

    Raises:
        MapError: a column that is missing, half a range, an unknown parity, more than `MOST_NUMBERS` numbers, no place
            on the ground, or no range that can be read at all; named by file and line.
    """
    names = {key: columns.text(key) for key in ("street", *_PARTS, *_PLACES)}
    names |= {key: columns.optional_text(key) for key in ("l_zip", "r_zip")}
    columns.refuse_unknown()
    csv = read_csv(file, progress)
    at = {key: csv.column(name, columns.where) for key, name in names.items() if name}
    edges, left_out = set[Edge](), list[str]()
    for line, row in zip(csv.lines, csv.rows, strict=True):
        cells = {key: row[place].strip() for key, place in at.items()}
        edge = _read_edge(cells, f"{csv.where}: line {line}", left_out)
        if edge.left or edge.right:
            edges.add(edge)
    if not edges:
        raise MapError("has no address range that can be read", csv.where)
    # Sorted and without repeats: the order of a source's rows means nothing, so it must not reach the digest.
    return Edges(tuple(sorted(edges, key=_edge_order)), tuple(sorted(left_out)))


def _edge_order(edge: Edge) -> tuple[object, ...]:
    return *edge[:5], edge.left or (), edge.right or ()


def _read_edge(cells: Mapping[str, str], where: str, left_out: list[str]) -> Edge:
    left, right = (_read_side(cells, side, where, left_out) for side in "lr")
    try:
        lon1, lat1, lon2, lat2 = (float(cells[key]) for key in _PLACES)
    except ValueError:
        shown = ", ".join(repr(cells[key][:20]) for key in _PLACES)
        raise MapError(f"longitude and latitude are not numbers: {shown}", where) from None
    problem = misplaced(lon1, lat1) or misplaced(lon2, lat2)
    if not problem and max(abs(lon1 - lon2), abs(lat1 - lat2)) > _LONGEST_EDGE:
        problem = f"has end points more than {_LONGEST_EDGE} degrees apart; a street's edge is a block"
    if problem:
        raise MapError(problem, where)
    return Edge(cells["street"], lon1, lat1, lon2, lat2, left, right)


def _read_side(cells: Mapping[str, str], side: str, where: str, left_out: list[str]) -> Side | None:
    first, last, letter = (cells[f"{side}_{part}"] for part in ("from", "to", "parity"))
    if not first and not last:
        return None
    if not first or not last:
        raise MapError(f"has {side}_from {first!r:.20} and {side}_to {last!r:.20}; a range has both or neither", where)
    numbers = _NUMBER.fullmatch(first), _NUMBER.fullmatch(last)
    if numbers[0] is None or numbers[1] is None:
        left_out.append(f"{first} to {last} {cells['street']}")
        return None
    ends = int(numbers[0][1]), int(numbers[1][1])
    parity = _PARITY.get(letter)
    if parity is None:
        raise MapError(f"{side}_parity is {letter!r:.20}; it must be E (even), O (odd) or B (both)", where)
    if not any(has(parity, end) for end in ends):
        raise MapError(f"{side}_parity is {letter}, and yet the range is from {first} to {last}", where)
    return Side(*refuse_absurd(*ends, where), parity, zip_code(cells.get(f"{side}_zip", "")))


def refuse_absurd(first: int, last: int, where: str) -> tuple[int, int]:
    """The ends of a range, unless it holds more numbers than any street."""
    if abs(first - last) >= MOST_NUMBERS:
        raise MapError(f"has a range of more than {MOST_NUMBERS:,} house numbers, {first} to {last}", where)
    return first, last
