"""A street address as a person types it, read into its parts and written in one canonical form.

`parse` never looks anything up and never guesses: what it cannot read as a house on a street it calls an intersection,
a street or a description. The parts follow USPS Publication 28; the words are in `eligibility.street_words`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from eligibility import street_line
from eligibility.address_text import AddressError, in_figures, words_of
from eligibility.spot import Kind, kind_of, spot_behind
from eligibility.street_line import UnitParts, is_unit_id, spelled_name, split_units
from eligibility.street_words import (
    COUNTRIES,
    DIRECTIONS,
    DOUBTFUL_STATES,
    LONE_UNITS,
    PLAIN_TYPES,
    STATES,
    UNIT_WORDS,
)

__all__ = ["Address", "AddressError", "Kind", "direction_as_unit", "parse", "place_name", "take_house", "type_in_name"]

_HOUSE = re.compile(r"(\d{1,9})(-\d{1,6})?-?([A-Z])?")
_HALVES = (["AND", "A", "HALF"], ["AND", "ONE", "HALF"], ["ONE", "HALF"])
_FRACTION = re.compile(r"\d/\d")
_ZIP = re.compile(r"(\d{5})(-?\d{4})?")
_MOST_READINGS = 4


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts, each upper-case ASCII and empty when not given.

    `number` is the house number without leading zeros, `suffix` what follows it (``1/2``, ``A``). A direction stands
    where it was typed, in `pre` or `post`. `unit` begins with ``#`` or with what kind of unit it is (``FL 2``).
    What is not a house on a street has its words in `name` and its `kind` says what it looks like instead.
    """

    kind: Kind = "address"
    number: str = ""
    suffix: str = ""
    pre: str = ""
    name: str = ""
    type: str = ""
    post: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    # "S E" behind a street is Southeast, or South and unit E: true when typed as two letters.
    two_letters: bool = field(default=False, compare=False, repr=False)

    @property
    def house(self) -> str:
        """The house number with its suffix: ``1704 1/2``, ``12A``."""
        return f"{self.number} {self.suffix}" if self.suffix[:1].isdigit() else self.number + self.suffix

    @property
    def building(self) -> str:
        """The address without its unit: ``3816 W 44TH ST``."""
        return " ".join(filter(None, (self.house, self.pre, self.name, self.type, self.post)))

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions, wherever they stand: ``S 3RD AVE`` and ``3RD AVE S`` are one street."""
        return tuple(filter(None, (self.pre, self.post)))

    def __str__(self) -> str:
        """The canonical form, without city and ZIP; `parse` reads it back to the same parts."""
        return f"{self.building} {self.unit}" if self.unit else self.building


def parse(text: str, *, cities: Collection[str] = ()) -> Address:
    """Read an address in its parts.

    Args:
        text: as typed, at most 200 characters.
        cities: names as `place_name` writes them, known to be cities where no comma or ZIP tells.

    Raises:
        AddressError: empty, too long, or without a letter or digit.
    """
    words = in_figures(words_of(text))
    address = _read(words, cities)
    for _ in range(_MOST_READINGS):
        # A line without a type may read otherwise once its city is off it; it is what it settles on, if on anything.
        if address.type or address.kind != "address":
            return address
        again = replace(_read(words_of(str(address)), ()), city=address.city, state=address.state, zip=address.zip)
        if again.kind != "address":
            break
        if again == address:
            return address
        address = again
    return _no_house(words, cities)


def _read(words: list[str], cities: Collection[str]) -> Address:
    rest, zip_code = _take_zip(words)
    rest, state = _take_state(rest, after_zip=bool(zip_code))
    rest, front_unit = _take_front_unit(rest)
    number, suffix, rest = take_house(rest)
    if not number:
        return _no_house(words, cities)
    spot = spot_behind(rest, cities)
    if spot:
        return Address(kind=spot, name=" ".join(words))
    body, tail = _take_tail(rest)
    if not tail.city:
        body, tail.city = _take_known_city(body, cities)
    body, units, after = split_units(body)
    body, after = (body + after, []) if _is_all(after, DIRECTIONS) else (body, after)
    line = street_line.read(body, has_unit=bool(units))
    if line is None or body[0] == "BLOCK":  # "1200 block of Lake St"
        return _no_house(words, cities)
    city, state = _city_and_state(tail.city or after or line.rest, tail.state or state)
    if any(map(str.isdigit, city)):  # no city, so that nobody knows what it is: "100 S Ave 3rd"
        return _no_house(words, cities)
    return Address(
        number=number,
        suffix=suffix,
        pre=line.pre,
        name=line.name,
        type=line.type,
        post=line.post,
        unit=" ".join([*front_unit, *line.unit, *units, *tail.unit]),
        city=city,
        state=state,
        zip=zip_code,
        two_letters=line.two_letters,
    )


def place_name(text: str) -> str:
    """A city's name as `Address.city` has it: ``St. Paul`` is ``SAINT PAUL``."""
    return spelled_name([word for word in words_of(text) if word.isalnum()])


def direction_as_unit(address: Address) -> Address | None:
    """The same words read with the last letter of the direction as a unit: ``7TH ST S E``, ``NICOLLET MALL E``."""
    if address.unit or not address.post:
        return None
    if address.two_letters:
        return replace(address, post=address.post[0], unit=f"#{address.post[1]}", two_letters=False)
    return replace(address, post="", unit=f"#{address.post}") if len(address.post) == 1 else None


def type_in_name(address: Address) -> Address | None:
    """The same words read with the type as the end of the name: ``OAK PARK`` for Oak Park Avenue."""
    if not address.type:
        return None
    words = [*address.name.split(), address.type]
    if address.pre or words[0] not in DIRECTIONS:
        return replace(address, name=" ".join(words), type="")
    return replace(address, pre=DIRECTIONS[words[0]], name=" ".join(words[1:]), type="")


@dataclass(slots=True)
class _Tail:
    """What stood behind commas."""

    unit: UnitParts = field(default_factory=list)
    city: list[str] = field(default_factory=list)
    state: str = ""


def _is_all(words: list[str], known: Collection[str]) -> bool:
    return bool(words) and all(word in known for word in words)


def _without_comma(words: list[str]) -> list[str]:
    return words[:-1] if words[-1:] == [","] else words


def _take_zip(words: list[str]) -> tuple[list[str], str]:
    """Take a ZIP or ZIP+4 off the end, and a country behind it."""
    words = _without_comma(words)
    if len(words) > 3 and words[-1] in COUNTRIES and (words[-2] == "," or _ZIP.fullmatch(words[-2])):
        words = _without_comma(words[:-1])
    if len(words) > 3 and len(words[-1]) == 4 and words[-1].isdigit() and re.fullmatch(r"\d{5}", words[-2]):
        words = words[:-1]
    found = _ZIP.fullmatch(words[-1])
    # Five digits may be a unit, or all the street that there is (a grid city's "100 N 20000").
    named = any(word == "," or (not word[0].isdigit() and word not in DIRECTIONS) for word in words[1:-1])
    if not found or not named or words[-2] in UNIT_WORDS:
        return words, ""
    return _without_comma(words[:-1]), found[1]


def _take_state(words: list[str], *, after_zip: bool) -> tuple[list[str], str]:
    """Take a state off the end where a ZIP behind it or a comma before it shows that it is one."""
    if len(words) < 4 or words[-1] not in STATES or words[-2] in UNIT_WORDS:
        return words, ""
    if words[-2] == "," or (after_zip and words[-1] not in DOUBTFUL_STATES):
        return _without_comma(words[:-1]), words[-1]
    return words, ""


def _take_front_unit(words: list[str]) -> tuple[list[str], UnitParts]:
    """Take ``Apt 3,`` off the front when a house number follows, and ``No.`` when that stands behind it."""
    if words[0] in {"#", "NO"} and len(words) > 2 and _HOUSE.fullmatch(words[1]) and not _HOUSE.fullmatch(words[2]):
        return words[1:], []  # "No. 404 Marquette Ave"
    if words[0] not in UNIT_WORDS or len(words) < 4 or not is_unit_id(words[1]):
        return words, []
    rest = words[3:] if words[2] == "," else words[2:]
    return (rest, split_units(["", *words[:2]])[1]) if _HOUSE.fullmatch(rest[0]) else (words, [])


def take_house(words: list[str]) -> tuple[str, str, list[str]]:
    """Take the house number and its suffix off the front; an empty number when none stands there."""
    found = _HOUSE.fullmatch(words[0])
    if not found:
        return "", "", words
    number = str(int(found[1])) + (found[2] or "")
    rest = words[2:] if words[1:2] == [","] else words[1:]
    for half in _HALVES:
        rest = ["1/2", *rest[len(half) :]] if rest[: len(half)] == half else rest
    fraction = [word for word in rest[:1] if _FRACTION.fullmatch(word)]
    return number, " ".join([*filter(None, [found[3]]), *fraction]), rest[len(fraction) :]


def _take_tail(words: list[str]) -> tuple[list[str], _Tail]:
    """Part the street from what stands behind commas: units, a direction, the city."""
    parts = _segments(words)
    body, tail = (parts[0] if parts else []), _Tail()
    for part in parts[1:]:
        before, units, after = split_units(["", *part])
        left = before[1:] + after
        tail.unit += units
        if not left or tail.city:
            continue
        if _is_all(left, DIRECTIONS.keys() | PLAIN_TYPES.keys()):
            body = body + left
        elif street_line.lone_unit(left) == len(left):
            tail.unit.append(street_line.bare_unit(left[:1]))
        elif len(left) <= 2 and all(word in LONE_UNITS or is_unit_id(word) for word in left):
            tail.unit.append(street_line.bare_unit(left))
        else:
            tail.city = left
    return body, tail


def _segments(words: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            parts.append([])
        else:
            parts[-1].append("AND" if word == "&" else word)
    return [part for part in parts if part]


def _take_known_city(body: list[str], cities: Collection[str]) -> tuple[list[str], list[str]]:
    """Take one of `cities`, with a state behind it, off the end of a street that has a name besides."""
    ends = [len(body), len(body) - 1] if body and body[-1] in STATES else [len(body)]
    for end in ends if cities else ():
        for start in range(max(1, end - 3), end):
            if spelled_name(body[start:end]) in cities:
                named = start - 1 if start > 2 and body[start - 1] == "IN" else start  # "12 Elm St in Minneapolis"
                return body[:named], body[start:]
    return body, []


def _city_and_state(words: list[str], state: str) -> tuple[str, str]:
    if len(words) > 1 and words[-1] in STATES:
        words, state = words[:-1], words[-1]
    elif len(words) == 1 and words[0] in STATES and not state:
        words, state = [], words[0]
    return spelled_name(words), state


def _no_house(words: list[str], cities: Collection[str]) -> Address:
    """What the words look like when they are not a house on a street."""
    return Address(kind=kind_of(words, cities), name=" ".join(words))
