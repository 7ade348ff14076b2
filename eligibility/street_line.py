"""The line of an address behind the house number: direction, name, type, direction, unit, and what is left over."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from eligibility.street_words import (
    DIRECTIONS,
    LONE_UNIT_KINDS,
    LONE_UNITS,
    NAME_ABBREVIATIONS,
    NAME_TYPES,
    NUMBER_WORDS,
    PLAIN_TYPES,
    ROUTE_PREFIXES,
    ROUTE_WORDS,
    SPELLED_OUT,
    UNIT_WORDS,
    ordinal,
)

_NO_UNIT_ID = PLAIN_TYPES.keys() | NAME_TYPES.keys() | UNIT_WORDS.keys()
UnitParts = list[str]  # such as ["BLDG 3", "#4"]

_ORDINAL = re.compile(r"(\d{1,6})(?:ST|ND|RD|TH)")
_NUMBER = re.compile(r"\d{1,6}")
_ROUTE_NUMBER = re.compile(r"\d{1,3}[A-Z]?|[A-Z]\d{0,2}|[A-Z]{2}")
_GLUED_UNIT = re.compile(r"(APT|UNIT|STE|SUITE|FL|RM|BLDG|LOT)(\d\w*)")


class StreetLine(NamedTuple):
    """The parts of a line; `rest` is what stood behind them, most likely a city."""

    pre: str
    name: str
    type: str
    post: str
    unit: UnitParts
    rest: list[str]
    two_letters: bool


def read(words: list[str], *, has_unit: bool) -> StreetLine | None:
    """Read a line that has no commas and whose designated units were taken off; None when it names no street.

    `has_unit` says that there were some: then a number at the end of a line without a type is not one more.
    """
    end = _route_end(words)
    at = 0 if end else _type_at(words)
    behind = words[end or at + 1 :] if end or at else []
    named = words[: end or at] if end or at else words
    if not named or _only_a_type(named, has_type=bool(end or at)):
        return None
    if end or at:
        post, unit, rest, two_letters = _take_behind(behind)
    else:
        named, unit = (named, []) if has_unit else _take_last_number(named)
        named, post, two_letters = _take_last_direction(named)
        rest = []
    pre, named = _take_pre(named)
    while pre and pre == post:  # "N 3rd Ave N"
        pre, named = _take_pre(named)
    kind = _abbreviated_type(words[at]) if at else ""
    return StreetLine(pre, _street_name(named, before_type=bool(at)), kind, post, unit, rest, two_letters)


def split_units(words: list[str]) -> tuple[list[str], UnitParts, list[str]]:
    """Part `words` at the first unit with a designator: what stands before, the units, what stands behind them.

    The first word is never a designator: it is the street (Ste Marie Ave).
    """
    before, units, at = len(words), UnitParts(), 0
    while at < len(words):
        part, length = _unit_at(words, at)
        if not length:
            if units:
                break
            at += 1
            continue
        before = min(before, at)
        units.extend(part)
        at += length
    after = words[at:]
    while units and before > 1 and words[before - 1] in UNIT_WORDS:  # "Floor Unit 3"
        before -= 1
    return words[:before], units, after


def is_unit_id(word: str) -> bool:
    """Whether a word looks like a unit's number: it has a digit, or is a letter or one letter repeated (``AAA``)."""
    return any(map(str.isdigit, word)) or (word.isalpha() and len(set(word)) == 1 and len(word) <= 5)


def lone_unit(words: list[str]) -> int:
    """How many words in front name a unit without a number: ``REAR``, ``LOWER LEVEL``, ``MAIN FLOOR``; 0 for none."""
    kind = LONE_UNIT_KINDS.intersection(words[1:2])
    named = words[:1] and (words[0] in LONE_UNITS or (words[0] == "MAIN" and kind))
    return 1 + len(kind) if named else 0


def bare_unit(words: list[str]) -> str:
    """A unit written without a designator, as `Address.unit` has it."""
    joined = "".join(LONE_UNITS.get(word, word) for word in words).replace("-", "")
    return "#" + (joined.replace("/", "") if len(words) > 1 else joined)


def spelled_name(words: list[str]) -> str:
    """A name with its abbreviated words spelled out where another word follows: ``ST ANTHONY`` is ``SAINT ANTHONY``."""
    return " ".join([SPELLED_OUT.get(word, word) for word in words[:-1]] + words[-1:])


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """What spellings of a street name have in common: ``COMO LAKE`` and ``COMO LK``, ``MC KNIGHT`` and ``MCKNIGHT``."""
    words = [_folded(word) for word in name.split()]
    return re.sub(r"(?<=\d)-(?=\D)|(?<=\D)-", "", "-".join(words))


def _folded(word: str) -> str:
    found = _ORDINAL.fullmatch(word)
    if found:
        return found[1]
    for table in (DIRECTIONS, PLAIN_TYPES, NAME_TYPES, NAME_ABBREVIATIONS):
        if word in table:
            return table[word]
    return word


def _abbreviated_type(word: str) -> str:
    return PLAIN_TYPES.get(word) or NAME_TYPES[word]


def _only_a_type(named: list[str], *, has_type: bool) -> bool:
    """Whether ``3 Ave S`` was typed: then the house number was the street's own."""
    return not has_type and named[0] in PLAIN_TYPES and all(word in DIRECTIONS for word in named[1:])


def _route_end(words: list[str]) -> int:
    """Where the name of a numbered highway ends (``CO RD 2``, ``HWY 61``), 0 when the line is none."""
    at = 0
    while at < len(words) and words[at] in ROUTE_PREFIXES:
        at += 1
    kind, number = [PLAIN_TYPES.get(word, word) for word in words[at : at + 2]] if at + 1 < len(words) else ("", "")
    known = kind in ROUTE_WORDS and (at > 0 or kind != "RD")
    # A letter that is a direction is one: Old Rd N is the northern Old Road.
    numbered = _ROUTE_NUMBER.fullmatch(number) and number not in PLAIN_TYPES and number not in DIRECTIONS
    return at + 2 if known and numbered else 0


def _type_at(words: list[str]) -> int:
    """Where the street's type stands, 0 when there is none.

    The last one with nothing but a direction and a unit behind it; else the last one, with a city behind it, that is
    not itself the city's beginning (Lake St St Paul); else a word that is a name as often as a type (Nicollet Mall).
    """
    places = [at for at in range(len(words) - 1, 0, -1) if words[at] in PLAIN_TYPES]
    for at in places:
        if _is_clean(words[at + 1 :]):
            return at
    for at in places:
        before = words[1:at]  # the first word is the name whatever it is
        if before[-1:] and before[-1] in DIRECTIONS:
            before = before[:-1]
        if not before or before[-1] not in PLAIN_TYPES:
            return at
    for at in range(len(words) - 1, 0, -1):
        if words[at] in NAME_TYPES and _is_clean(words[at + 1 :]):
            return at
    return 0


def _is_clean(rest: list[str]) -> bool:
    """Whether nothing but a direction and a unit stands behind the type."""
    return not _take_behind(rest)[2]


def _take_behind(words: list[str]) -> tuple[str, UnitParts, list[str], bool]:
    """Take a direction and a unit, in either order, off the front of what stands behind the type."""
    post, rest, two_letters = _take_post(words)
    unit, rest = _take_bare_unit(rest)
    if unit and not post:
        post, rest, two_letters = _take_post(rest)
    return post, unit, rest, two_letters


def _joined(first: str, second: str) -> str:
    """``N`` and ``E`` are one direction, ``NE``."""
    return DIRECTIONS[first] + DIRECTIONS[second] if _are_one(first, second) else ""


def _are_one(first: str, second: str) -> bool:
    return DIRECTIONS.get(first) in ("N", "S") and DIRECTIONS.get(second) in ("E", "W")


def _take_post(words: list[str]) -> tuple[str, list[str], bool]:
    """Take a direction off the front of what stands behind the type, and say whether it was two single letters."""
    if not words or words[0] not in DIRECTIONS or (words[0] == "NO" and is_unit_id("".join(words[1:2]) or "-")):
        return "", words, False
    # "South East" and "S E" are southeast; "South E" is how a city writes unit E of a southern street.
    if len(words) > 1 and _are_one(*words[:2]) and (len(words[0]) == 1) == (len(words[1]) == 1):
        return _joined(*words[:2]), words[2:], len(words[0]) == 1
    return DIRECTIONS[words[0]], words[1:], False


def _take_pre(named: list[str]) -> tuple[str, list[str]]:
    """Take a direction off the front of a name, unless it is the name (North St, N St)."""
    if len(named) > 2 and _are_one(*named[:2]):
        return _joined(*named[:2]), named[2:]
    if len(named) > 1 and named[0] in DIRECTIONS:
        return DIRECTIONS[named[0]], named[1:]
    return "", named


def _take_last_direction(named: list[str]) -> tuple[list[str], str, bool]:
    """Take a direction off the end of a name whose type is missing."""
    if len(named) > 2 and _are_one(*named[-2:]):
        return named[:-2], _joined(*named[-2:]), len(named[-2]) == len(named[-1]) == 1
    if len(named) > 1 and named[-1] in DIRECTIONS:
        return named[:-1], DIRECTIONS[named[-1]], False
    return named, "", False


def _take_last_number(named: list[str]) -> tuple[list[str], UnitParts]:
    """Take a trailing unit off a name whose type is missing, unless the number is the name (Avenue 3, 100 E 200)."""
    last = named[-1]
    if len(named) == 1 or _is_street_number(last) or not any(map(str.isdigit, last)) or is_unit_id(named[-2]):
        return named, []
    if len(named) == 2 and (named[0] in PLAIN_TYPES or named[0] in DIRECTIONS):
        return named, []
    return named[:-1], [bare_unit([last])]


def _take_bare_unit(rest: list[str]) -> tuple[UnitParts, list[str]]:
    """Take a unit without designator off the front (``715``, ``3 B``, ``PPPPP``, ``REAR``)."""
    if rest and rest[0] == "NO":
        rest = rest[1:]
    if lone := lone_unit(rest):
        return [bare_unit(rest[:1])], rest[lone:]
    length = 0
    rest = [DIRECTIONS.get(word, word) for word in rest[:1]] + rest[1:]  # South, and a second direction: unit N
    for word in rest[:2]:
        if not is_unit_id(word) or _is_street_number(word) or (length and word in DIRECTIONS):
            break
        length += 1
    return ([bare_unit(rest[:length])], rest[length:]) if length else ([], rest)


def _is_street_number(word: str) -> bool:
    """Whether a numeral can only belong to a street: ``3RD``, or the half of 36 1/2 Avenue."""
    return "/" in word or _ORDINAL.fullmatch(word) is not None


def _unit_at(words: list[str], at: int) -> tuple[UnitParts, int]:
    """The unit that begins at a word, and how many words it takes; 0 when none does."""
    word, following = words[at], words[at + 1 : at + 2]
    if word == "#":
        return ([bare_unit(following)], 2) if following and following != ["#"] else ([], 1)
    if at == 0:
        return [], 0
    glued = _GLUED_UNIT.fullmatch(word)
    if glued:
        return [_unit(glued[1], glued[2])], 1
    if _is_floor(words[at : at + 3]):
        return [_unit("FL", word)], 2
    if word not in UNIT_WORDS:
        return [], 0
    sign = 1 if following and following[0] in {"#", "NO"} and len(words) > at + 2 else 0  # "Apt # 3", "Unit No. 3"
    number = "".join(words[at + 1 + sign : at + 2 + sign])
    number = NUMBER_WORDS.get(number, DIRECTIONS.get(number, number))
    is_number = number in LONE_UNITS or is_unit_id(number) or (len(number) == 2 and number.isalpha())
    return ([_unit(word, number)], 2 + sign) if is_number and number not in _NO_UNIT_ID else ([], 0)


def _is_floor(words: list[str]) -> bool:
    """Whether the words begin with ``2ND FLOOR``; in ``42ND FL 2`` the ordinal is the street's."""
    named = len(words) > 1 and _ORDINAL.fullmatch(words[0]) and UNIT_WORDS.get(words[1]) == "FL"
    return bool(named) and not any(map(is_unit_id, words[2:]))


def _unit(designator: str, number: str) -> str:
    kind = UNIT_WORDS[designator]
    found = _ORDINAL.fullmatch(number)
    number = found[1] if found and kind == "FL" else LONE_UNITS.get(number, number).replace("-", "")
    return f"#{number}" if kind == "#" else f"{kind} {number}"


def _street_name(named: list[str], *, before_type: bool) -> str:
    """The name with its number as an ordinal (``3 Ave``, ``42 nd St``) and abbreviated words spelled out."""
    *first, last = named
    if first and before_type and _NUMBER.fullmatch(first[-1]) and last in {"ST", "ND", "RD", "TH"}:
        first, last = first[:-1], ordinal(int(first[-1]))
    if last == "1/2" and first and _ORDINAL.fullmatch(first[-1]):  # 36th 1/2 Avenue is signed 36 1/2
        first[-1] = _folded(first[-1])
    figures = _ORDINAL.fullmatch(last) or (_NUMBER.fullmatch(last) if before_type else None)
    if figures:
        last = ordinal(int(figures[figures.re.groups]))
    return spelled_name([*first, last])
