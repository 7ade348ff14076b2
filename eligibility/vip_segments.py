"""Street segments of a Voting Information Project file (VIP 5 and 6, XML): which precinct each range of houses is in.

The elements are those of the VIP 6.0 schema: `Precinct` (Name, Number, PrecinctSplitName) and `StreetSegment`. Of
`StreetSegment`, IncludesAllStreets, HouseNumberPrefix and HouseNumberSuffix are not understood: such segments are left
out and told of, so that their houses are not found rather than found wrongly. A UnitNumber is taken for its whole
house; where the rest of the house is said to lie elsewhere, the two segments contradict and the file is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from eligibility.address_ranges import refuse_absurd
from eligibility.district_id import zip_code
from eligibility.errors import MapError
from eligibility.geojson import read_file
from eligibility.house_numbers import BOTH, EVEN, ODD

LONGEST_FILE = 100_000_000
"""Bytes; the segments of the largest city fit in it, and in memory."""

HIGHEST_NUMBER = 999_999_999
"""The last house of a segment that says IncludesAllAddresses; no address is read with more digits."""

_PARITY: Mapping[str, int] = {"even": EVEN, "odd": ODD, "both": BOTH, "": BOTH}
_LONGEST_TEXT = 1_000  # characters of one field; a street's name has forty
_STREET = ("StreetDirection", "StreetName", "StreetSuffix", "AddressDirection")
_NOT_UNDERSTOOD = ("HouseNumberPrefix", "HouseNumberSuffix")
_TRUE = frozenset({"true", "1"})


class VipPrecinct(NamedTuple):
    """What a file calls a precinct, or a split of one; blank where it gives nothing."""

    id: str
    name: str
    number: str
    split: str


class Segment(NamedTuple):
    """The houses of one street that one precinct has; `where` is its file, line and id, for messages."""

    street: str
    first: int
    last: int
    parity: int
    zip: str
    city: str
    precinct: VipPrecinct
    where: str


class Segments(NamedTuple):
    """What a file holds: its segments, and those left out since they say what is not understood."""

    segments: tuple[Segment, ...]
    left_out: tuple[str, ...]


def read_segments(path: Path) -> Segments:
    """Read the street segments of a VIP file.

    A document type is refused, and with it every entity: a file can neither grow while it is read nor read others.

    Raises:
        MapError: missing, longer than `LONGEST_FILE`, not UTF-8, no XML or cut short, with a document type, no VIP
            file, or a segment without a street, numbers or precinct; named by file, line and element.
    """
    reader = _Reader(path.name)
    reader.read(read_file(path, LONGEST_FILE))
    precincts: dict[str, VipPrecinct] = {}
    for element in reader.precincts:
        if element.id in precincts:
            raise MapError("has an id that another Precinct has", element.where)
        precincts[element.id] = VipPrecinct(
            element.id, *(element.fields.get(key, "") for key in ("Name", "Number", "PrecinctSplitName"))
        )
    segments, left_out = list[Segment](), list[str]()
    for element in reader.segments:
        if element.fields.get("IncludesAllStreets") in _TRUE or any(map(element.fields.get, _NOT_UNDERSTOOD)):
            left_out.append(_told(element))
        else:
            segments.append(_segment(element, precincts))
    if not segments:
        raise MapError("has no StreetSegment that can be read", path.name)
    # Sorted: the order of a source's elements means nothing, so it must not reach the digest.
    return Segments(tuple(sorted(segments)), tuple(sorted(left_out)))


class _Element(NamedTuple):
    where: str
    id: str
    fields: dict[str, str]


class _Reader:
    """The precincts and segments of a file, each with the text of its children; everything else is passed over."""

    def __init__(self, where: str) -> None:
        self.precincts: list[_Element] = []
        self.segments: list[_Element] = []
        self._kept = {"Precinct": self.precincts, "StreetSegment": self.segments}
        self._where = where
        self._depth = 0
        self._element: _Element | None = None
        self._text: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, text: str) -> None:
        try:
            self._parser.Parse(text, True)
        except expat.ExpatError as problem:
            cut = " (is the file cut short?)" if problem.lineno >= text.rstrip().count("\n") + 1 else ""
            what = f"is not XML at column {problem.offset + 1}: {expat.ErrorString(problem.code)}{cut}"
            raise MapError(what, f"{self._where}: line {problem.lineno}") from problem

    def _line(self) -> str:
        return f"{self._where}: line {self._parser.CurrentLineNumber}"

    def _refuse_doctype(self, *_: object) -> None:
        raise MapError("has a document type (DOCTYPE), which a VIP file has no use for", self._line())

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            version = attributes.get("schemaVersion", "")
            if name != "VipObject" or version.partition(".")[0] not in {"5", "6"}:
                raise MapError(f"is not a VIP file of version 5 or 6, but {name:.40} {version:.20}", self._where)
        elif self._depth == 2 and name in self._kept:
            own = attributes.get("id", "")[:80]
            self._element = _Element(f"{self._line()}: {name} {own}", own, {})
            self._kept[name].append(self._element)
        elif self._depth == 3 and self._element is not None:
            self._text = []

    def _end(self, name: str) -> None:
        if self._depth == 3 and self._element is not None and self._text is not None:
            self._element.fields[name] = " ".join("".join(self._text).split())
            self._text = None
        elif self._depth == 2:
            self._element = None
        self._depth -= 1

    def _characters(self, text: str) -> None:
        if self._text is None or self._element is None or self._depth != 3:
            return
        self._text.append(text)
        if sum(map(len, self._text)) > _LONGEST_TEXT:
            raise MapError(f"has a text of more than {_LONGEST_TEXT} characters", self._element.where)


def _segment(element: _Element, precincts: Mapping[str, VipPrecinct]) -> Segment:
    fields, where = element.fields, element.where
    precinct = precincts.get(fields.get("PrecinctId", ""))
    if precinct is None:
        raise MapError(f"has the PrecinctId {fields.get('PrecinctId', '')!r:.60}, which no Precinct has", where)
    if not fields.get("StreetName"):
        raise MapError("has no StreetName", where)
    letter = fields.get("OddEvenBoth", "")
    if letter not in _PARITY:
        raise MapError(f"has the OddEvenBoth {letter!r:.20}; it must be odd, even or both", where)
    street = " ".join(filter(None, (fields.get(key, "") for key in _STREET)))
    city = fields.get("City", "")
    return Segment(
        street, *_numbers(fields, where), _PARITY[letter], zip_code(fields.get("Zip", "")), city, precinct, where
    )


def _numbers(fields: Mapping[str, str], where: str) -> tuple[int, int]:
    if fields.get("IncludesAllAddresses") in _TRUE:
        return 0, HIGHEST_NUMBER
    numbers = []
    for key in ("StartHouseNumber", "EndHouseNumber"):
        text = fields.get(key, "")
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise MapError(f"has the {key} {text!r:.20}, which is no house number", where)
        numbers.append(int(text))
    first, last = numbers
    if last < first:
        raise MapError(f"starts at house number {first} and ends before it, at {last}", where)
    return refuse_absurd(first, last, where)


def _told(element: _Element) -> str:
    """A segment as a warning names it: not by its line, which says nothing of what it means."""
    fields = element.fields
    if fields.get("IncludesAllStreets") in _TRUE:
        return f"all streets of {fields.get('City', '')} {fields.get('Zip', '')}".strip()
    prefix, suffix = (fields.get(key, "") for key in _NOT_UNDERSTOOD)
    ends = (f"{prefix}{fields.get(key, '')}{suffix}" for key in ("StartHouseNumber", "EndHouseNumber"))
    return f"{' to '.join(ends)} {fields.get('StreetName', '')}"
