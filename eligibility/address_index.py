"""The address index of a map: an address as typed to the one it means, or to what it may mean. It never guesses.

Two tables, both looked up where they lie in the map file. `exact` holds every address in its canonical form and as its
source spells it, and answers without parsing. `houses` holds what stands at each house number of each street name, so
that a missing direction, type or unit finds what fits; a typed part that contradicts an address never finds it.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from eligibility.address import Address, AddressError, parse
from eligibility.address_choice import (
    MOST_CANDIDATES,
    Found,
    Record,
    Standing,
    choose,
    is_as_typed,
    search,
    without_units,
)
from eligibility.address_text import LONGEST
from eligibility.ahead_table import build_streets
from eligibility.key_table import TABLE_PARTS, KeyTable, build_table
from eligibility.range_index import RangeIndex, beside
from eligibility.street_line import name_key

_LIKENESS = 75  # of 100: "HENEPIN" and "HENNEPIN" are 93 alike, "PARK" and "OAK" 29
_SAME_CITY = 0.8  # of 1: "MINEAPOLIS" is 0.91 like its city, "WEST SAINT PAUL" 0.67 like another
_NEAR = 12  # house numbers: six houses of one side of a street
_MOST_NEIGHBOURS = 4
_RECORD = struct.Struct("<IIII")
"""The end of its text, its length without the unit, ZIP, split."""

__all__ = ["MOST_CANDIDATES", "SECTIONS", "AddressIndex", "AddressRow", "Built", "Found", "Record", "build_index"]

SECTIONS = (
    "address.records",
    "address.texts",
    "address.groups",
    "address.members",
    "address.names",
    *(f"address.{table}.{part}" for table in ("exact", "houses") for part in TABLE_PARTS),
)
"""The sections that `AddressIndex` needs, of those that `build_index` makes."""


class AddressRow(NamedTuple):
    """One address of a map's source. `split` is a number of the map's own."""

    address: str
    zip: str
    split: int


class Built(NamedTuple):
    """A built index: its sections, how many addresses it holds, and what the source has that it cannot use."""

    sections: dict[str, bytes]
    addresses: int
    unread: tuple[str, ...]
    doubled: tuple[str, ...]


class _Entry(NamedTuple):
    """One distinct address while building: the record and its parts."""

    record: Record
    parts: Address


def build_index(rows: Iterable[AddressRow]) -> Built:
    """Build the sections of an index.

    Rows with the same canonical form, ZIP and split are one address. Rows that are no address go to `unread`; canonical
    forms that stand in more than one split go to `doubled` and are answered as ambiguous.
    """
    entries: dict[Record, _Entry] = {}
    spellings: dict[str, set[Record]] = {}
    read = [(row, _read(row.address)) for row in rows]
    zips = {(str(parts), row.split): row.zip or parts.zip for row, parts in read if parts and (row.zip or parts.zip)}
    for row, parts in read:
        if parts is None:
            continue
        # A source may list one address twice, once without its ZIP: that is one address.
        zip_code = row.zip or parts.zip or zips.get((str(parts), row.split), "")
        record = Record(str(parts), zip_code, row.split)
        entries.setdefault(record, _Entry(record, parts))
        for spelling in (str(parts), _plain(row.address)):
            spellings.setdefault(spelling, set()).add(record)
    unread = [row.address for row, parts in read if parts is None]
    ordered = [entries[record] for record in sorted(entries)]
    numbers = {entry.record: number for number, entry in enumerate(ordered)}
    groups = _group(ordered)
    streets = build_streets((entry.parts, entry.record.split) for entry in ordered)
    sections = {**_records(ordered), **_houses(groups), **streets}
    unclear = _unclear(ordered, groups)
    exact = [
        (spelling.encode(), numbers[next(iter(records))])
        for spelling, records in spellings.items()
        if len(records) == 1 and not records & unclear
    ]
    sections.update(build_table("address.exact", exact))
    doubled = sorted(
        {s for s, records in spellings.items() if len({r.split for r in records}) > 1 and _is_own(s, records)}
    )
    return Built(sections, len(ordered), tuple(unread), tuple(doubled))


class AddressIndex:
    """An index over mapped sections; opening one reads nothing."""

    def __init__(
        self, sections: Mapping[str, memoryview], cities: Collection[str] = (), ranges: RangeIndex | None = None
    ) -> None:
        """`cities` are the names of the map's own city, as `address.place_name` writes them.

        `ranges` are asked for houses that are no address of the index, by the same rules.
        """
        self._records = sections["address.records"]
        self._texts = sections["address.texts"]
        self._groups = sections["address.groups"].cast("I")
        self._members = sections["address.members"].cast("I")
        self._names_text = sections["address.names"]
        self._exact = KeyTable("address.exact", sections)
        self._houses = KeyTable("address.houses", sections)
        self._cities = frozenset(cities)
        self._ranges = ranges
        self._names: list[str] | None = None

    def __len__(self) -> int:
        return len(self._records) // _RECORD.size

    def record(self, number: int) -> Record:
        """The address of a number."""
        end, _, zip_code, split = _RECORD.unpack_from(self._records, number * _RECORD.size)
        start = 0 if number == 0 else _RECORD.unpack_from(self._records, (number - 1) * _RECORD.size)[0]
        return Record(str(self._texts[start:end], "ascii"), f"{zip_code:05d}" if zip_code else "", split)

    def find(self, query: str) -> Found:
        """Look an address up as it was typed."""
        number = self._exact.get(_plain(query).encode("utf-8", "replace")) if len(query) <= LONGEST else -1
        return Found("found", self.record(number)) if number >= 0 else self.find_parsed(query)

    def find_parsed(self, query: str) -> Found:
        """The same, always by its parts; `find` must never answer otherwise."""
        try:
            typed = parse(query, cities=self._cities)
        except AddressError:
            return Found("not_found", None, kind="nothing")
        if typed.kind != "address":
            return Found("not_found", None, kind=typed.kind)
        if typed.city and not self._is_here(typed.city):
            return Found("outside", None)
        found = search(typed, self._at_house)
        if self._ranges is not None and not is_as_typed(typed, found):
            found = search(typed, self._at_house_or_range)
        return found or Found("not_found", None, self._candidates(typed))

    def _is_here(self, city: str) -> bool:
        """Whether a typed city is the map's own, or that mistyped; a map that was told no city takes any."""
        return not self._cities or any(OSA.normalized_similarity(city, own) >= _SAME_CITY for own in self._cities)

    def _at_house(self, house: str, name: str) -> list[Standing]:
        group = self._houses.get(_house_key(house, name))
        if group < 0:
            return []
        buildings: dict[str, Address] = {}  # a tower has hundreds of units, and its own text is read once
        standing = []
        for number in self._members[self._groups[group] : self._groups[group + 1]]:
            record = self.record(number)
            length = _RECORD.unpack_from(self._records, number * _RECORD.size)[1]
            text = record.address[:length]
            if text not in buildings:
                buildings[text] = parse(text)
            standing.append(Standing(record, buildings[text], record.address[length + 1 :]))
        return standing

    def _at_house_or_range(self, house: str, name: str) -> list[Standing]:
        points = self._at_house(house, name)
        return points if self._ranges is None else beside(points, self._ranges.standing(house, name))

    def _candidates(self, typed: Address) -> tuple[Record, ...]:
        """What may have been meant: this house in another direction or type, its neighbours, like names."""
        name, at = name_key(typed.name), self._at_house_or_range
        found = at(typed.house, name) or self._neighbours(typed, name)
        street, _, last = typed.name.rpartition(" ")
        if last and not typed.type:
            found.extend(at(typed.house, name_key(street)))  # the last word a mistyped type ("1ST AEV")
        for like in self._like(name):
            found.extend(at(typed.house, like))
        return without_units(found)

    def _neighbours(self, typed: Address, name: str) -> list[Standing]:
        """The nearest houses on the streets of that name that nothing else typed contradicts."""
        number, found = int(typed.number.partition("-")[0]), list[Standing]()
        for distance in range(_NEAR):
            for near in {number - distance, number + distance}:
                standing = self._at_house_or_range(str(near), name) if near >= 0 else []
                found.extend(standing if choose(typed, standing) else [])
            if len(without_units(found)) >= _MOST_NEIGHBOURS:
                break
        if found or self._ranges is None:
            return found
        nearest = (one for one in self._ranges.nearest(number, name) if choose(typed, [one]))
        return list(islice(nearest, _MOST_NEIGHBOURS))

    def _like(self, name: str) -> Iterator[str]:
        if self._names is None:
            names = str(self._names_text, "ascii").splitlines()
            ranged = self._ranges.names() if self._ranges is not None else []
            self._names = sorted({*names, *ranged}) if ranged else names
        # Distances within one edit of a short name are likely typos too, though their ratio is low ("PEN" for "PENN").
        cutoff = _LIKENESS if len(name) > 4 else 60
        for like, _, _ in process.extract(name, self._names, scorer=fuzz.ratio, score_cutoff=cutoff, limit=12):
            if like != name:
                yield like


def _read(text: str) -> Address | None:
    try:
        parts = parse(text)
    except AddressError:
        return None
    return parts if parts.kind == "address" else None


def _plain(text: str) -> str:
    return " ".join(text.upper().split())


def _house_key(house: str, name: str) -> bytes:
    return f"{house}|{name}".encode()


def _group(entries: Sequence[_Entry]) -> dict[bytes, list[int]]:
    """House number and street name -> the numbers of the addresses there."""
    groups: dict[bytes, list[int]] = {}
    for number, entry in enumerate(entries):
        key = _house_key(entry.parts.house, name_key(entry.parts.name))
        groups.setdefault(key, []).append(number)
    return groups


def _unclear(entries: Sequence[_Entry], groups: Mapping[bytes, Sequence[int]]) -> set[Record]:
    """The addresses whose own canonical form does not find them alone: these are never answered without thinking."""
    unclear = set()
    for members in groups.values():
        if len({entries[number].record.split for number in members}) > 1:
            standing = [_standing(entries[number]) for number in members]
            for number in members:
                found = choose(entries[number].parts, standing)
                if found is None or found.record != entries[number].record:
                    unclear.add(entries[number].record)
    return unclear


def _standing(entry: _Entry) -> Standing:
    return Standing(entry.record, replace(entry.parts, unit=""), entry.parts.unit)


def _is_own(spelling: str, records: Iterable[Record]) -> bool:
    return any(record.address == spelling for record in records)


def _records(entries: Sequence[_Entry]) -> dict[str, bytes]:
    texts, packed, at = [], bytearray(), 0
    for entry in entries:
        text = entry.record.address.encode("ascii")
        texts.append(text)
        at += len(text)
        zip_code = int(entry.record.zip or 0)
        building = len(entry.parts.building)
        packed += _RECORD.pack(at, building, zip_code, entry.record.split)
    return {"address.records": bytes(packed), "address.texts": b"".join(texts)}


def _houses(groups: Mapping[bytes, Sequence[int]]) -> dict[str, bytes]:
    starts, members = array("I", [0]), array("I")
    for numbers in groups.values():
        members.extend(numbers)
        starts.append(len(members))
    names = sorted({key.decode().partition("|")[2] for key in groups})
    return {
        "address.groups": starts.tobytes(),
        "address.members": members.tobytes(),
        "address.names": "\n".join(names).encode("ascii"),
        **build_table("address.houses", ((key, number) for number, key in enumerate(groups))),
    }
