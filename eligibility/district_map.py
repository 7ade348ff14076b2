"""A built map: open it, look an address up, ask which precinct a point lies in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from eligibility import ahead_table
from eligibility.address_ahead import MOST_OFFERS, AddressAhead
from eligibility.address_choice import ReadAs, Record
from eligibility.address_index import SECTIONS, AddressIndex
from eligibility.errors import MapError
from eligibility.map_file import MapFile
from eligibility.range_index import SECTIONS as RANGE_SECTIONS
from eligibility.range_index import RangeIndex
from eligibility.split import Split

Status = Literal["found", "ambiguous", "near_boundary", "outside", "not_found"]


class Candidate(NamedTuple):
    """An address that may have been meant; precinct and split are None where it lies, or may lie, outside the city."""

    address: str
    precinct: str | None
    split: str | None


class Lookup(NamedTuple):
    """The answer for one address. `precinct`, `split` and `districts` are given only with `found`.

    With `near_boundary`, the candidates are the one `address` in every split that it may be in.
    `kind` is how the text was read: only an ``address`` can be found, and ``nothing`` has no letter or digit.
    """

    query: str
    status: Status
    address: str | None
    precinct: str | None
    split: str | None
    districts: Mapping[str, str]
    candidates: tuple[Candidate, ...]
    kind: ReadAs = "address"

    @property
    def needs_review(self) -> bool:
        """Whether a person must look: it is a crossing or a described place, where someone may live all the same."""
        return self.kind in ("intersection", "description")


_NO_DISTRICTS: Mapping[str, str] = MappingProxyType({})


class DistrictMap:
    """One city's map, as `map build` made it. Opening reads its directory alone; the rest is read when it is used."""

    def __init__(self, file: MapFile, where: str) -> None:
        self._file = file
        self._where = where
        meta = file.meta
        self.place: str = meta["place"]
        self.effective_from = date.fromisoformat(meta["effective_from"])
        last: str | None = meta.get("effective_until")
        self.effective_until = date.fromisoformat(last) if last else None
        self.digest = file.digest
        self._listed = tuple(
            Split(split_id, precinct, MappingProxyType(districts)) for split_id, precinct, districts in meta["splits"]
        )
        self.splits: Mapping[str, Split] = MappingProxyType({split.id: split for split in self._listed})

    @classmethod
    def open(cls, path: str | Path) -> DistrictMap:
        """Open a built map.

        Raises:
            MapError: it is no map, or was cut short or changed since it was built.
        """
        path = Path(path)
        return cls(MapFile(path), path.name)

    def holds_on(self, day: date) -> bool:
        """Whether its lines are those of a day."""
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)

    def require(self, place: str, on: date) -> None:
        """Refuse another city's map, or lines of another time: the ballots would look right and be wrong.

        Raises:
            MapError: names what differs.
        """
        if self.place != place:
            raise MapError(f"the map is of {self.place!r}, the pack of {place!r}", self._where)
        if self.effective_from > on:
            raise MapError(f"its lines hold from {self.effective_from}, after the election of {on}", self._where)
        if not self.holds_on(on):
            raise MapError(f"its lines held until {self.effective_until}, before the election of {on}", self._where)

    def lookup(self, query: str) -> Lookup:
        """Look an address up as it was typed."""
        found = self._index.find(query)
        record = found.record
        if record is not None:
            if record.split < len(self._listed):
                split = self._listed[record.split]
                return Lookup(query, "found", record.address, split.precinct, split.id, split.districts, ())
            if record.split == len(self._listed):
                return Lookup(query, "outside", record.address, None, None, _NO_DISTRICTS, ())
            candidates = tuple(self._candidates(record))
            return Lookup(query, "near_boundary", record.address, None, None, _NO_DISTRICTS, candidates)
        once = dict.fromkeys(one for record in found.candidates for one in self._candidates(record))
        return Lookup(query, found.status, None, None, None, _NO_DISTRICTS, tuple(once), found.kind)

    def ahead(self, typed: str, limit: int = MOST_OFFERS) -> tuple[Candidate, ...]:
        """What the beginning of an address may become, at most `limit` buildings; `address_ahead` says in which order.

        A house number comes first, and a letter or digit of the street behind it: anything else is answered with
        nothing. Precinct and split are None as well where a building's units lie in several. Nothing typed is kept.
        """
        return tuple(self._candidate(*offer) for offer in self._ahead.offer(typed, limit))

    def split_at(self, lon: float, lat: float) -> str | None:
        """The precinct's only split at a point in degrees; None outside, and where the precinct is split.

        On a line between two precincts, the first of them in natural order of ids.
        """
        import shapely  # noqa: PLC0415 - a look-up must not wait for the geometry library

        hits = sorted(int(n) for n in self._tree.query(shapely.Point(lon, lat), predicate="intersects"))
        if not hits:
            return None
        precincts = list(dict.fromkeys(split.precinct for split in self._listed))
        precinct = precincts[hits[0]]
        return precinct if precinct in self.splits else None

    def info(self) -> dict[str, Any]:
        """What the map is, for people and scripts."""
        kinds = sorted({kind for split in self._listed for kind in split.districts})
        return {
            "place": self.place,
            "effective_from": self.effective_from.isoformat(),
            "effective_until": self.effective_until.isoformat() if self.effective_until else None,
            "digest": self.digest,
            "precincts": len({split.precinct for split in self._listed}),
            "splits": len(self._listed),
            "districts": {
                kind: len({s.districts[kind] for s in self._listed if kind in s.districts}) for kind in kinds
            },
            "addresses": self._file.meta["addresses"],
            "ranges": self._file.meta.get("ranges", 0),
            "warnings": list(self._file.meta["warnings"]),
        }

    def _candidates(self, record: Record) -> Iterator[Candidate]:
        """Every split that an address may be in: one, or near a line those on both sides of it."""
        count = len(self._listed)
        for number in [record.split] if record.split <= count else self._file.meta["near"][record.split - count - 1]:
            yield self._candidate(record.address, number)

    def _candidate(self, address: str, number: int | None) -> Candidate:
        if number is None or number >= len(self._listed):
            return Candidate(address, None, None)
        split = self._listed[number]
        return Candidate(address, split.precinct, split.id)

    @cached_property
    def _index(self) -> AddressIndex:
        sections = {name: self._file.section(name) for name in SECTIONS}
        return AddressIndex(sections, self._file.meta["cities"], self._ranges)

    @property
    def _ranges(self) -> RangeIndex | None:
        if "ranges" not in self._file.meta:
            return None
        return RangeIndex({name: self._file.section(name) for name in RANGE_SECTIONS})

    @cached_property
    def _ahead(self) -> AddressAhead:
        sections = {name: self._file.section(name) for name in ahead_table.SECTIONS}
        return AddressAhead(sections, self._file.meta["cities"])

    @cached_property
    def _tree(self) -> Any:
        import shapely  # noqa: PLC0415 - a look-up must not wait for the geometry library

        raw, shapes, at = bytes(self._file.section("shapes")), [], 0
        while at < len(raw):
            length = int.from_bytes(raw[at : at + 4], "little")
            if not length:
                raise MapError("has no polygons, only addresses", self._where)
            shapes.append(shapely.from_wkb(raw[at + 4 : at + 4 + length]))
            at += 4 + length
        return shapely.STRtree(shapes)


def map_in_force(path: Path, place: str, on: date) -> tuple[DistrictMap, Path]:
    """The map of a place whose lines hold on a day: the file itself, or the one among the maps of a directory.

    Raises:
        MapError: another city's, lines of another time, or no such map in the directory.
    """
    if not path.is_dir():
        found = DistrictMap.open(path)
        found.require(place, on)
        return found, path
    held = [(DistrictMap.open(file), file) for file in sorted(path.glob("*.map"))]
    fitting = [(one, file) for one, file in held if one.place == place and one.holds_on(on)]
    if not fitting:
        known = ", ".join(f"{file.name} ({one.place}, from {one.effective_from})" for one, file in held) or "no map"
        raise MapError(f"has no map of {place!r} for {on}; it has {known}", str(path))
    return max(fitting, key=lambda pair: (pair[0].effective_from, pair[1].name))
