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
from typing import Literal, NamedTuple

from rapidfuzz import fuzz, process

from eligibility.address import Address, AddressError, direction_as_unit, parse, type_in_name
from eligibility.key_table import TABLE_PARTS, KeyTable, build_table
from eligibility.street_line import name_key

Status = Literal["found", "ambiguous", "outside", "not_found"]

MOST_CANDIDATES = 8
_LIKENESS = 75  # of 100: "HENEPIN" and "HENNEPIN" are 93 alike, "PARK" and "OAK" 29
_RECORD = struct.Struct("<IIIIii")
"""The end of its text, its length without the unit, ZIP, split, longitude and latitude in millionths of a degree."""

_NOWHERE = -(2**31)
SECTIONS = (
    "address.records",
    "address.texts",
    "address.groups",
    "address.members",
    "address.names",
    *(f"address.{table}.{part}" for table in ("exact", "houses") for part in TABLE_PARTS),
)
"""The sections that `build_index` makes and `AddressIndex` needs."""


class AddressRow(NamedTuple):
    """One address of a map's source. `split` is a number of the map's own; `lon` and `lat` may be unknown."""

    address: str
    zip: str
    split: int
    lon: float | None
    lat: float | None


class Record(NamedTuple):
    """One address of the index, in canonical form; `zip` is empty where the source has none."""

    address: str
    zip: str
    split: int


class Found(NamedTuple):
    """An answer: `record` when found, `candidates` when ambiguous or perhaps mistyped."""

    status: Status
    record: Record | None
    candidates: tuple[Record, ...] = ()


class Built(NamedTuple):
    """A built index: its sections, how many addresses it holds, and what the source has that it cannot use."""

    sections: dict[str, bytes]
    addresses: int
    unread: tuple[str, ...]
    doubled: tuple[str, ...]


class _Standing(NamedTuple):
    """What stands at a house number: the address, its building's parts, and its unit."""

    record: Record
    building: Address
    unit: str

    @property
    def without_unit(self) -> Record:
        return self.record._replace(address=self.building.building)


class _Entry(NamedTuple):
    """One distinct address while building: the record, its parts, and how sources spell it."""

    record: Record
    parts: Address
    lon: float | None
    lat: float | None


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
        entries.setdefault(record, _Entry(record, parts, row.lon, row.lat))
        for spelling in (str(parts), _plain(row.address)):
            spellings.setdefault(spelling, set()).add(record)
    unread = [row.address for row, parts in read if parts is None]
    ordered = [entries[record] for record in sorted(entries)]
    numbers = {entry.record: number for number, entry in enumerate(ordered)}
    groups = _group(ordered)
    sections = {**_records(ordered), **_houses(groups)}
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

    def __init__(self, sections: Mapping[str, memoryview], cities: Collection[str] = ()) -> None:
        """`cities` are the names of the map's own city, as `address.place_name` writes them."""
        self._records = sections["address.records"]
        self._texts = sections["address.texts"]
        self._groups = sections["address.groups"].cast("I")
        self._members = sections["address.members"].cast("I")
        self._names_text = sections["address.names"]
        self._exact = KeyTable("address.exact", sections)
        self._houses = KeyTable("address.houses", sections)
        self._cities = frozenset(cities)
        self._names: list[str] | None = None

    def __len__(self) -> int:
        return len(self._records) // _RECORD.size

    def record(self, number: int) -> Record:
        """The address of a number."""
        end, _, zip_code, split, _, _ = _RECORD.unpack_from(self._records, number * _RECORD.size)
        start = 0 if number == 0 else _RECORD.unpack_from(self._records, (number - 1) * _RECORD.size)[0]
        return Record(str(self._texts[start:end], "ascii"), f"{zip_code:05d}" if zip_code else "", split)

    def find(self, query: str) -> Found:
        """Look an address up as it was typed."""
        number = self._exact.get(_plain(query).encode("utf-8", "replace"))
        return Found("found", self.record(number)) if number >= 0 else self.find_parsed(query)

    def find_parsed(self, query: str) -> Found:
        """The same, always by its parts; `find` must never answer otherwise."""
        try:
            typed = parse(query, cities=self._cities)
        except AddressError:
            return Found("not_found", None)
        if typed.kind != "address":
            return Found("not_found", None)
        if typed.city and self._cities and typed.city not in self._cities:
            return Found("outside", None)
        found = self._decide_at_house(typed) or self._decide_unit(typed) or self._decide_at_house(type_in_name(typed))
        return found or Found("not_found", None, self._candidates(typed))

    def _decide_at_house(self, typed: Address | None) -> Found | None:
        """What fits at the house number; None when nothing does."""
        return None if typed is None else _decide(typed, self._at_house(typed.house, name_key(typed.name)))

    def _decide_unit(self, typed: Address) -> Found | None:
        """The last letter read as a unit ("Nicollet Mall E"), only where there is such a unit.

        Anywhere else it is the direction that was typed, and an address without it would be another street's.
        """
        read = direction_as_unit(typed)
        if read is None:
            return None
        standing = [one for one in self._at_house(read.house, name_key(read.name)) if one.unit == read.unit]
        return _decide(read, standing)

    def _at_house(self, house: str, name: str) -> list[_Standing]:
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
            standing.append(_Standing(record, buildings[text], record.address[length + 1 :]))
        return standing

    def _candidates(self, typed: Address) -> tuple[Record, ...]:
        """What may have been meant: the same house with another direction or type, then streets with a like name."""
        name = name_key(typed.name)
        found = self._at_house(typed.house, name)
        for like in self._like(name):
            found.extend(self._at_house(typed.house, like))
        return _without_units(found)[:MOST_CANDIDATES]

    def _like(self, name: str) -> Iterator[str]:
        if self._names is None:
            self._names = str(self._names_text, "ascii").splitlines()
        # Distances within one edit of a short name are likely typos too, though their ratio is low ("PEN" for "PENN").
        cutoff = _LIKENESS if len(name) > 4 else 60
        for like, _, _ in process.extract(name, self._names, scorer=fuzz.ratio, score_cutoff=cutoff, limit=12):
            if like != name:
                yield like


def _decide(typed: Address, standing: Sequence[_Standing]) -> Found | None:
    """Which of the addresses that stand at a house number was meant; None when everything there contradicts it."""
    fitting = _by_unit(typed, [one for one in standing if _fits(typed, one)])
    same = _by_unit(typed, [one for one in standing if _fits(typed, one) and _is_same_street(typed, one.building)])
    # A source may have "100 3RD AVE" beside "100 3RD AVE S" elsewhere in the city. Typed without its direction, the
    # first is as written, and yet both may be meant: unless they agree on the split, it is asked.
    chosen = same if same and (_is_whole(typed) or len(_splits(fitting)) == 1) else fitting
    if not chosen:
        return None
    buildings = {one.building.building for one in chosen}
    if len(_splits(chosen)) == 1 and len(buildings) == 1:
        first = chosen[0]
        return Found("found", first.record if first.unit == typed.unit else first.without_unit)
    if len(buildings) > 1:
        return Found("ambiguous", None, _without_units(chosen))
    return Found("ambiguous", None, tuple(one.record for one in chosen[:MOST_CANDIDATES]))


def _splits(standing: Iterable[_Standing]) -> set[int]:
    return {one.record.split for one in standing}


def _fits(typed: Address, one: _Standing) -> bool:
    """Whether nothing typed contradicts the address; what either leaves out contradicts nothing."""
    stands = one.building
    return (
        (not typed.type or not stands.type or typed.type == stands.type)
        and (not typed.directions or not stands.directions or sorted(typed.directions) == sorted(stands.directions))
        and (not typed.zip or not one.record.zip or typed.zip == one.record.zip)
    )


def _is_same_street(typed: Address, stands: Address) -> bool:
    return typed.type == stands.type and sorted(typed.directions) == sorted(stands.directions)


def _is_whole(typed: Address) -> bool:
    return bool(typed.type and typed.directions)


def _by_unit(typed: Address, standing: Sequence[_Standing]) -> Sequence[_Standing]:
    """The unit typed; else the building; else all its units, which must then agree on the split to be one answer."""
    same = [one for one in standing if one.unit == typed.unit]
    building = [one for one in standing if not one.unit]
    return same or building or standing


def _without_units(standing: Iterable[_Standing]) -> tuple[Record, ...]:
    """Each building and split once, in order."""
    once = {(one.record.split, one.building.building): one.without_unit for one in standing}
    return tuple(once.values())[:MOST_CANDIDATES]


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
                found = _decide(entries[number].parts, standing)
                if found is None or found.record != entries[number].record:
                    unclear.add(entries[number].record)
    return unclear


def _standing(entry: _Entry) -> _Standing:
    return _Standing(entry.record, replace(entry.parts, unit=""), entry.parts.unit)


def _is_own(spelling: str, records: Iterable[Record]) -> bool:
    return any(record.address == spelling for record in records)


def _records(entries: Sequence[_Entry]) -> dict[str, bytes]:
    texts, packed, at = [], bytearray(), 0
    for entry in entries:
        text = entry.record.address.encode("ascii")
        texts.append(text)
        at += len(text)
        zip_code = int(entry.record.zip) if entry.record.zip.isdecimal() else 0
        building = len(entry.parts.building)
        packed += _RECORD.pack(
            at, building, zip_code, entry.record.split, _millionths(entry.lon), _millionths(entry.lat)
        )
    return {"address.records": bytes(packed), "address.texts": b"".join(texts)}


def _millionths(degrees: float | None) -> int:
    return _NOWHERE if degrees is None else round(degrees * 1_000_000)


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
