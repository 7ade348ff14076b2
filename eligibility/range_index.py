"""House number ranges in a map file: what stands at a number of a street, looked up where it lies.

A record is a run of house numbers of one street and parity with one answer, so a look-up compares numbers and computes
no place on the ground: that was done when the map was built. Records of one street name lie together, named by a
`key_table`. Opening reads nothing, and a look-up reads the records of that name alone.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from eligibility.address import Address, parse
from eligibility.address_choice import Record, Standing, Street, street_of
from eligibility.house_numbers import first_of, has, last_of
from eligibility.key_table import TABLE_PARTS, KeyTable, build_table
from eligibility.street_line import name_key

_RECORD = struct.Struct("<IIIIIBB")
"""Lowest and highest house number, ZIP, street, answer, parity, and whether the source itself names the precinct."""

_HOUSE = re.compile(r"(\d{1,9})(?: (\d/\d)|([A-Z])(?: (\d/\d))?)?")

SECTIONS = (
    "range.records",
    "range.groups",
    "range.streets",
    "range.street_ends",
    "range.names",
    *(f"range.keys.{part}" for part in TABLE_PARTS),
)
"""The sections that `build_ranges` makes and `RangeIndex` needs; a map without ranges has none of them."""


class Run(NamedTuple):
    """House numbers `low` to `high` of one street and parity that have one answer, a number of the map's own.

    `parts` are the street's; `named` says that the source names the precinct, so that no place was computed.
    """

    parts: Address
    low: int
    high: int
    parity: int
    zip: str
    split: int
    named: bool

    def numbers(self) -> tuple[int, int]:
        """The lowest and highest number that the run really has; the first is larger when it has none."""
        return first_of(self.low, self.parity), last_of(self.high, self.parity)


def build_ranges(runs: Iterable[Run]) -> dict[str, bytes]:
    """The sections of a range index; the same runs in any order give the same bytes."""
    ordered = sorted(set(runs), key=lambda run: (name_key(run.parts.name), run.parts.building, run[1:]))
    streets: dict[str, int] = {}
    groups: dict[str, int] = {}
    packed, starts = bytearray(), array("I")
    for number, run in enumerate(ordered):
        street = streets.setdefault(run.parts.building, len(streets))
        if groups.setdefault(name_key(run.parts.name), len(groups)) == len(starts):
            starts.append(number)
        packed += _RECORD.pack(run.low, run.high, int(run.zip or 0), street, run.split, run.parity, run.named)
    starts.append(len(ordered))
    ends, at = array("I"), 0
    for text in streets:
        at += len(text)
        ends.append(at)
    return {
        "range.records": bytes(packed),
        "range.groups": starts.tobytes(),
        "range.streets": "".join(streets).encode("ascii"),
        "range.street_ends": ends.tobytes(),
        "range.names": "\n".join(groups).encode("ascii"),
        **build_table("range.keys", ((key.encode(), number) for key, number in groups.items())),
    }


class _Stored(NamedTuple):
    low: int
    high: int
    zip: int
    street: int
    split: int
    parity: int
    named: int

    def nearest(self, number: int) -> int:
        """The house number of the run that is nearest to a number."""
        low, high = first_of(self.low, self.parity), last_of(self.high, self.parity)
        inside = min(max(number, low), high)
        return first_of(inside, self.parity) if inside < high else high


class RangeIndex:
    """An index over mapped sections; opening one reads nothing."""

    def __init__(self, sections: Mapping[str, memoryview]) -> None:
        self._records = sections["range.records"]
        self._groups = sections["range.groups"].cast("I")
        self._streets = sections["range.streets"]
        self._street_ends = sections["range.street_ends"].cast("I")
        self._names_text = sections["range.names"]
        self._keys = KeyTable("range.keys", sections)
        self._parsed: dict[int, Address] = {}

    def names(self) -> list[str]:
        """The names of its streets, as `street_line.name_key` writes them."""
        return str(self._names_text, "ascii").splitlines()

    def standing(self, house: str, name: str) -> list[Standing]:
        """What stands at a house number, with its letter or fraction, on the streets of a name.

        A letter or a fraction stands where its number does. Where the source names the precinct of a house, no answer
        computed for the same house counts.
        """
        read = _HOUSE.fullmatch(house)
        if read is None:
            return []
        number = int(read[1])
        found = [
            (one, self._parts(one.street))
            for one in self._group(name)
            if one.low <= number <= one.high and has(one.parity, number)
        ]
        named = {(street_of(parts), one.zip) for one, parts in found if one.named}
        kept = [pair for pair in found if pair[0].named or not _is_taken(street_of(pair[1]), pair[0].zip, named)]
        suffix = house[len(read[1]) :].strip()
        return _standing(((one, replace(parts, number=str(number), suffix=suffix)) for one, parts in kept))

    def nearest(self, number: int, name: str) -> Iterator[Standing]:
        """The house nearest to a number on each side of the streets of a name, the nearest first."""
        sides: dict[tuple[int, int], _Stored] = {}
        for one in self._group(name):
            best = sides.setdefault((one.street, one.parity), one)
            if abs(one.nearest(number) - number) < abs(best.nearest(number) - number):
                sides[one.street, one.parity] = one
        for one in sorted(sides.values(), key=lambda one: (abs(one.nearest(number) - number), one)):
            yield from _standing([(one, replace(self._parts(one.street), number=str(one.nearest(number))))])

    def _group(self, name: str) -> Iterator[_Stored]:
        group = self._keys.get(name.encode())
        if group < 0:
            return
        start, end = (number * _RECORD.size for number in self._groups[group : group + 2])
        for fields in _RECORD.iter_unpack(self._records[start:end]):
            yield _Stored(*fields)

    def _parts(self, street: int) -> Address:
        if street not in self._parsed:
            start = self._street_ends[street - 1] if street else 0
            text = str(self._streets[start : self._street_ends[street]], "ascii")
            self._parsed[street] = read_street(text)
        return self._parsed[street]


def read_street(text: str) -> Address:
    """The parts of a street that a list gives without a house number; `parse` reads one only behind a number."""
    return replace(parse(f"1 {text}"), number="")


def _standing(houses: Iterable[tuple[_Stored, Address]]) -> list[Standing]:
    """Each street, ZIP and answer once: one street may be listed with its direction in front and behind."""
    once: dict[object, Standing] = {}
    own: dict[object, Address] = {}
    for one, parts in houses:
        street = street_of(parts)
        building = own.setdefault(street, parts)
        record = Record(building.building, f"{one.zip:05d}" if one.zip else "", one.split)
        once.setdefault((street, record.zip, record.split), Standing(record, building, ""))
    return list(once.values())


def beside(points: Sequence[Standing], ranges: Sequence[Standing]) -> list[Standing]:
    """Address points, and the ranges of other streets: a point always wins over a range of the same house.

    A building that is listed by its units alone then stands as a whole too, or a range of another street, which has no
    units, would look like the only building without one.
    """
    if not ranges:
        return list(points)
    taken = {(street_of(one.building), one.record.zip) for one in points}
    others = [one for one in ranges if not _is_taken(street_of(one.building), one.record.zip, taken)]
    whole = {(one.building.building, one.record.split) for one in points if not one.unit}
    lone = {(one.building.building, one.record.split): one for one in points} if others else {}
    buildings = [Standing(one.without_unit, one.building, "") for key, one in lone.items() if key not in whole]
    return [*points, *buildings, *others]


def _is_taken(street: Street, zip_code: str | int, taken: Iterable[tuple[Street, str | int]]) -> bool:
    """Whether a house on a street is one of those `taken`; a ZIP that either does not have contradicts nothing."""
    return any(street == own and (not zip_code or not other or zip_code == other) for own, other in taken)
