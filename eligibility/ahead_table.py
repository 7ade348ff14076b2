"""The streets of a map and the house numbers on each, kept as flat bytes in which a number is found by bisection.

A street is a name with its type and directions. Its houses stand in order of number, so that what stands at a number
and what is nearest to it are found at once, in a map of any size. Only the list of streets is read when it is opened:
some thousand lines, a few milliseconds.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from eligibility.address import Address
from eligibility.ahead_words import street_key
from eligibility.district_id import natural

_TEXTS = ("ahead.streets", "ahead.endings")
_ARRAYS = ("ahead.order", "ahead.starts", "ahead.numbers", "ahead.suffixes", "ahead.splits")
SECTIONS = _TEXTS + _ARRAYS
"""The sections that `build_streets` makes and `StreetTable` needs."""

_UNCLEAR = 2**32 - 1


class Street(NamedTuple):
    """One street: `key` is its name spelled out and run together, as `ahead_words.street_key` writes it."""

    key: str
    pre: str
    name: str
    type: str
    post: str

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions, wherever they stand."""
        return tuple(filter(None, (self.pre, self.post)))

    def __str__(self) -> str:
        """As addresses of the map write it: ``3RD AVE S``."""
        return " ".join(filter(None, self[1:]))


class House(NamedTuple):
    """One building on a street. `split` is None where its units, or the sources, disagree on it."""

    number: int
    house: str
    split: int | None


def build_streets(buildings: Iterable[tuple[Address, int]]) -> dict[str, bytes]:
    """The sections of a table from addresses in their parts, each with its split; a building's units become one."""
    streets: dict[Street, dict[tuple[int, str], int]] = {}
    for parts, split in buildings:
        street = Street(street_key(parts.name), parts.pre, parts.name, parts.type, parts.post)
        houses = streets.setdefault(street, {})
        digits = parts.number.partition("-")[0]
        house = int(digits), parts.house[len(digits) :]
        houses[house] = split if houses.get(house, split) == split else _UNCLEAR
    endings = sorted({ending for houses in streets.values() for _, ending in houses})
    places = {ending: place for place, ending in enumerate(endings)}
    starts, numbers, suffixes, splits = array("I", [0]), array("I"), array("I"), array("I")
    listed = sorted(streets)
    for street in listed:
        for (number, ending), split in sorted(streets[street].items()):
            numbers.append(number)
            suffixes.append(places[ending])
            splits.append(split)
        starts.append(len(numbers))
    order = array("I", bytes(4 * len(listed)))
    for place, at in enumerate(sorted(range(len(listed)), key=lambda at: _natural(listed[at]))):
        order[at] = place
    texts = ("\n".join("|".join(street) for street in listed), "\n".join(endings))
    arrays = (order, starts, numbers, suffixes, splits)
    return {
        **{name: text.encode("ascii") for name, text in zip(_TEXTS, texts, strict=True)},
        **{name: content.tobytes() for name, content in zip(_ARRAYS, arrays, strict=True)},
    }


def _natural(street: Street) -> tuple[object, ...]:
    return natural(street.name), street.type, street.post, street.pre


class StreetTable:
    """A table over mapped sections; streets are asked for by their place in the order of their keys."""

    def __init__(self, sections: Mapping[str, memoryview]) -> None:
        self.streets = [Street(*line.split("|")) for line in str(sections["ahead.streets"], "ascii").splitlines()]
        self._keys = [street.key for street in self.streets]
        self.order = sections["ahead.order"].cast("I")
        """The place of each street in natural order."""
        self._starts = sections["ahead.starts"].cast("I")
        self._numbers = sections["ahead.numbers"].cast("I")
        self._suffixes = sections["ahead.suffixes"].cast("I")
        self._endings = str(sections["ahead.endings"], "ascii").split("\n")
        self._splits = sections["ahead.splits"].cast("I")

    def named(self, key: str) -> range:
        """The streets of exactly this name."""
        return self._between(key, f"{key} ")

    def begun(self, key: str) -> range:
        """The streets whose names begin so."""
        return self._between(key, f"{key}~")  # behind every letter and digit

    def at(self, street: int, number: int) -> Iterator[House]:
        """What stands at a number, whatever is behind the number (``1704``, ``1704 1/2``)."""
        end = self._starts[street + 1]
        at = bisect_left(self._numbers, number, self._starts[street], end)
        while at < end and self._numbers[at] == number:
            yield self._house(at)
            at += 1

    def nearest(self, street: int, number: int, farthest: int, most: int) -> list[House]:
        """The `most` houses nearest to a number, none farther from it than `farthest`."""
        start, end = self._starts[street], self._starts[street + 1]
        above = bisect_left(self._numbers, number, start, end)
        below, found = above - 1, list[House]()
        while len(found) < most:
            up = self._numbers[above] - number if above < end else farthest + 1
            down = number - self._numbers[below] if below >= start else farthest + 1
            if min(up, down) > farthest:
                break
            found.append(self._house(above if up < down else below))
            above, below = (above + 1, below) if up < down else (above, below - 1)
        return found

    def _between(self, low: str, high: str) -> range:
        first = bisect_left(self._keys, low)
        return range(first, bisect_left(self._keys, high, first))

    def _house(self, at: int) -> House:
        number, split = self._numbers[at], self._splits[at]
        return House(number, f"{number}{self._endings[self._suffixes[at]]}", None if split == _UNCLEAR else split)
