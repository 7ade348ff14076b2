"""What is no house on a street: a crossing, a street, or a spot that someone describes. These go to a person, by name.

People with no fixed address say where they sleep ("3 blocks north of Lake St", "tent behind the Cub on Lake"). None of
it may be mistaken for the house that it may name on the way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

from eligibility import street_line
from eligibility.street_words import DIRECTIONS, PLAIN_TYPES

Kind = Literal["address", "intersection", "street", "description"]

SIGNS = frozenset({"/", "@", "+"})
"""Signs that cross two streets and stand in no street's name."""

_AND = frozenset({"&", "AND"})
_ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that place a person beside an address and so describe a spot instead of naming a home.
_BESIDE = _words("""
    ABOVE ACROSS BEFORE BEHIND BELOW BENEATH BESIDE BETWEEN BY INSIDE NEAR NEXT OPPOSITE OUTSIDE TENT UNDER UNDERNEATH
    WHERE
""")
# Where no house stands before them, these describe a place as well.
_PLACES = _BESIDE | _words("""
    BENCH BENCHES BLOCK BOX CAMPING CORNER ENCAMPMENT HOMELESS MY ON PARKED SHELTER SLEEP SLEEPING STAY STAYING TENTS
""")
# Directly behind a whole street.
_BEHIND_A_STREET = _BESIDE | {"ALONG", "FROM", "IN", "OFF", "ON", "PARKING", "PAST"}
# What a person counts who says how far away it is, and the words that such a sentence has.
_COUNTED = _words("""
    BENCHES BLK BLKS BLOCKS CARS DOORS FEET FOOT FT HOUSES KM METERS METRES MILES MINUTES PEOPLE STOPS TENTS YARDS YDS
""")
_DISTANCE = _BEHIND_A_STREET | {"AT", "AWAY", "DOWN", "OF", "THE", "TO", "TOWARD", "TOWARDS", "UP"}


def spot_behind(rest: Sequence[str], cities: Collection[str]) -> Kind | None:
    """What the words behind a number are when they describe a crossing or a spot; None when a house may be meant."""
    if list(rest[:2]) == ["PO", "BOX"] or (rest[:1] and rest[0] in _COUNTED and _DISTANCE.intersection(rest[1:])):
        return "description"
    if (rest[:1] and rest[0] in _AND) or SIGNS.intersection(rest):
        return "intersection"
    for at in range(1, len(rest) - 1):
        if not _ends_a_street(rest[:at]):
            continue
        if rest[at] in _AND or rest[at] == "AT":
            return "intersection"
        if rest[at] in _BEHIND_A_STREET and not (rest[at] == "IN" and _is_city(rest[at + 1 :], cities)):
            return "description"
    return None


def kind_of(words: Sequence[str], cities: Collection[str]) -> Kind:
    """What words look like that are not a house on a street."""
    streets = [word in PLAIN_TYPES or _ORDINAL.fullmatch(word) is not None for word in words]
    inner = words[1:-1]
    if any(word in SIGNS | _AND for word in inner) or ("AT" in inner and any(streets)):
        return "intersection"
    if _PLACES.intersection(words) or "IN" in inner:
        return "description"
    if not any(streets) and words[-1] not in DIRECTIONS:
        return "description"
    end = words.index(",") if "," in inner else len(words)
    line = street_line.read([word for word in words[:end] if word != ","], has_unit=False)
    # "38th Street light rail station" has a street's beginning, and is none.
    return "street" if line and (not line.rest or _is_city(line.rest, cities)) else "description"


def _ends_a_street(words: Sequence[str]) -> bool:
    """Whether words end as a street does: in its type or its number, a direction perhaps behind it."""
    words = [word for word in words if word != ","]
    if len(words) > 1 and words[-1] in DIRECTIONS:
        words = words[:-1]
    return bool(words) and (words[-1] in PLAIN_TYPES or _ORDINAL.fullmatch(words[-1]) is not None)


def _is_city(words: Sequence[str], cities: Collection[str]) -> bool:
    named = [word for word in words if word != ","]
    return any(street_line.spelled_name(named[:end]) in cities for end in range(1, len(named) + 1))
