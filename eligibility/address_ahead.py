"""What an address may become while it is typed: the buildings at a house number on the streets that begin so.

A house number comes first: a street alone, or a number alone, has too many houses to be worth a list, and is answered
with nothing. What was typed is neither kept nor logged. An offer is no answer: the one chosen is looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from eligibility.address_text import AddressError
from eligibility.ahead_table import House, Street, StreetTable
from eligibility.ahead_words import Begun, Reading, lone_directions, one_direction, read_begun, readings
from eligibility.street_line import is_unit_id, spelled_name
from eligibility.street_words import DIRECTIONS, LONE_UNITS, NAME_TYPES, PLAIN_TYPES, STATES, UNIT_WORDS

MOST_OFFERS = 8
_MOST_NEIGHBOURS = 4
_SHORTEST_TYPO = 4  # letters: one edit away from three letters stand too many names
_SHORTEST_CITY = 3
_ANYWHERE = 10**10  # more than any house number

# How well a street fits what was typed, the best first.
_NAMED, _BEGUN, _LOOSELY = 0, 1, 2


class Offer(NamedTuple):
    """A building that stands in the map; `split` is None where its units lie in several."""

    address: str
    split: int | None


class AddressAhead:
    """The offers of a map, over its mapped sections."""

    def __init__(self, sections: Mapping[str, memoryview], cities: Collection[str] = ()) -> None:
        """`cities` are the names of the map's own city, as `address.place_name` writes them."""
        self._table = StreetTable(sections)
        self._cities = frozenset(cities)

    def offer(self, typed: str, limit: int = MOST_OFFERS) -> tuple[Offer, ...]:
        """At most `limit` buildings that the address may become.

        Those with exactly the number come first: on the street of exactly the name, then on streets that begin so,
        each in natural order. Where there are none, the nearest numbers on these streets. Last, the same number on
        streets one typing mistake away. Anything that is no beginning of an address is answered with nothing.
        """
        try:
            begun = read_begun(typed)
        except AddressError:
            return ()
        if begun is None or limit <= 0:
            return ()
        streets = self._streets(begun.words)
        found = self._standing(begun, streets)
        if len(found) < limit:
            found += self._standing(begun, dict.fromkeys(self._in_direction(begun.words), _LOOSELY), found)
        if not found:
            found = self._neighbours(begun, streets)
        if len(found) < limit:
            mistyped = {street: _LOOSELY for street in self._mistyped(begun.words) if street not in streets}
            found += self._standing(begun, mistyped, found)
        return tuple(found[:limit])

    def _streets(self, words: Sequence[str]) -> dict[int, int]:
        """The streets that the words may become, and how well each fits."""
        fits: dict[int, int] = {}
        for reading in readings(words):
            wholes = {street for key in reading.wholes for street in self._table.named(key)}
            begun = {street for key in reading.begun for street in self._table.begun(key)}
            for street in wholes | begun:
                fit = self._fit(reading, self._table.streets[street])
                if fit is not None:
                    fit = max(fit, _NAMED if street in wholes else _BEGUN)
                    fits[street] = min(fit, fits.get(street, fit))
        return fits

    def _fit(self, reading: Reading, street: Street) -> int | None:
        """How well a street fits what was typed before and behind its name; None when something contradicts it."""
        if not reading.directions and not reading.behind:
            return _NAMED
        directions, rest, has_type = _take_behind(reading, street)
        if not _directions_fit(directions, street.directions):
            return None
        # A direction or a type that the street does not have is another street's, and no unit.
        if rest and ((rest[0] in DIRECTIONS and not directions) or (rest[0] in PLAIN_TYPES and not has_type)):
            return None
        if rest and not self._may_follow(rest, after_street=has_type or bool(directions)):
            return None
        return _LOOSELY if rest or (directions and not street.directions) else _NAMED

    def _may_follow(self, rest: Sequence[str], *, after_street: bool) -> bool:
        """Whether the words behind a street are a unit, the map's own city, or the beginning of one of these."""
        first = rest[0]
        if first == "#" or first in UNIT_WORDS or first in LONE_UNITS or self._is_city(rest):
            return True
        if after_street and (is_unit_id(first) or first in STATES):
            return True
        return len(rest) == 1 and any(word.startswith(first) for word in (*UNIT_WORDS, *LONE_UNITS))

    def _is_city(self, rest: Sequence[str]) -> bool:
        text = spelled_name(list(rest))
        return len(text) >= _SHORTEST_CITY and any(
            city.startswith(text) or f"{text} ".startswith(f"{city} ") for city in self._cities
        )

    def _in_direction(self, words: Sequence[str]) -> Iterator[int]:
        """The streets of a direction, when nothing else of the street was typed."""
        directions = lone_directions(words)
        for number, street in enumerate(self._table.streets if directions else ()):
            if street.pre in directions or street.post in directions:
                yield number

    def _mistyped(self, words: Sequence[str]) -> Iterator[int]:
        """The streets whose names are one edit away; a number is never taken for another."""
        for reading in readings(words):
            for key in reading.wholes:
                if len(key) >= _SHORTEST_TYPO and key.isalpha():
                    yield from self._like(key, reading)

    def _like(self, key: str, reading: Reading) -> Iterator[int]:
        # Only names that begin with the first or the second letter: a mistake elsewhere than in the first is the rule,
        # and a tenth of the names is soon compared.
        for first in {key[0], key[1]}:
            for number in self._table.begun(first):
                street = self._table.streets[number]
                if (
                    _is_one_edit(key, street.key, open_end=not reading.behind)
                    and self._fit(reading, street) is not None
                ):
                    yield number

    def _standing(self, begun: Begun, streets: Mapping[int, int], known: Iterable[Offer] = ()) -> list[Offer]:
        """What stands at exactly the house number on the streets, in order, without what is known already."""
        found = [
            (fit, street, house)
            for street, fit in streets.items()
            for house in self._table.at(street, begun.number)
            if house.house == begun.house
        ]
        found.sort(key=lambda one: (one[0], self._table.order[one[1]]))
        offers = [self._offer(street, house) for _, street, house in found]
        return [offer for offer in offers if offer not in set(known)]

    def _neighbours(self, begun: Begun, streets: Mapping[int, int]) -> list[Offer]:
        """The nearest house numbers on the streets, the nearest first."""
        nearest: list[tuple[int, int, House]] = []  # distance, street, house
        for street in sorted(streets, key=lambda street: (streets[street], self._table.order[street])):
            # A street as near as another is behind it in order, so only a nearer one changes anything.
            farthest = nearest[-1][0] - 1 if len(nearest) == _MOST_NEIGHBOURS else _ANYWHERE
            houses = self._table.nearest(street, begun.number, farthest, _MOST_NEIGHBOURS)
            if houses:
                nearest += [(abs(house.number - begun.number), street, house) for house in houses]
                nearest.sort(key=lambda one: one[0])  # keeps the order of the streets
                del nearest[_MOST_NEIGHBOURS:]
        return [self._offer(street, house) for _, street, house in nearest]

    def _offer(self, street: int, house: House) -> Offer:
        return Offer(f"{house.house} {self._table.streets[street]}", house.split)


def _take_behind(reading: Reading, street: Street) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Take the street's type and directions off what stands behind the name, the last word perhaps unfinished.

    Returns the directions with those in front, the words left over, and whether there was a type.
    """
    directions, words, at, has_type = list(reading.directions), reading.behind, 0, False
    while at < len(words):
        is_last = at + 1 == len(words)
        joined = "" if is_last else one_direction(words[at], words[at + 1])
        if joined in street.directions:
            directions.append(joined)
            at += 1
        elif not has_type and _is_type(words[at], street.type, is_last=is_last):
            has_type = True
        elif direction := _direction(words[at], street, directions, is_last=is_last):
            directions.append(direction)
        else:
            break
        at += 1
    return tuple(directions), words[at:], has_type


def _is_type(word: str, kind: str, *, is_last: bool) -> bool:
    """Whether a word is a street's type, or the beginning of it; a street without one has any."""
    types = (PLAIN_TYPES, NAME_TYPES)
    if any(word in table and kind in ("", table[word]) for table in types):
        return True
    return is_last and any(short == kind and long.startswith(word) for table in types for long, short in table.items())


def _direction(word: str, street: Street, known: Sequence[str], *, is_last: bool) -> str:
    """The direction that a word is, or is the beginning of, that is not `known`; a street without one has any."""
    whole = DIRECTIONS.get(word, "")
    left = [direction for direction in street.directions if direction not in known]
    if whole in left:
        return whole
    begun = (short for long, short in DIRECTIONS.items() if long.startswith(word) and short in left)
    found = next(begun, "") if is_last else ""
    return found or (whole if whole in known or not street.directions else "")


def _directions_fit(typed: tuple[str, ...], stands: tuple[str, ...]) -> bool:
    """Typed directions narrow; in front and behind mean the same, but two have an order (as a look-up has it)."""
    if len(typed) == len(stands):
        return typed == stands
    return set(typed) <= set(stands) or set(stands) <= set(typed)


def _is_one_edit(typed: str, key: str, *, open_end: bool) -> bool:
    """Whether a letter was left out, added, changed or swapped in a name, or in the beginning of one.

    A beginning must end in the letter typed last: until the next one, it may as well be another name.
    """
    lengths = range(len(typed) - 1, len(typed) + 2) if open_end else [len(key)]
    return any(
        OSA.distance(typed, key[:length], score_cutoff=1) <= 1 and (not open_end or key[:length].endswith(typed[-1]))
        for length in lengths
    )
