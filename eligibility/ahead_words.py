"""The beginning of an address, as someone types it: its house number, and every way to part the words behind it.

Names are compared spelled out and run together (``SAINTANTHONY``, ``COMOLAKE``, ``3RD``): unlike an abbreviation, what
is spelled out begins with what was typed of it so far.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from eligibility.address import Address, take_house
from eligibility.address_text import in_figures, words_of
from eligibility.spot import SIGNS
from eligibility.street_line import spelled_name
from eligibility.street_words import (
    DIRECTIONS,
    NAME_ABBREVIATIONS,
    NAME_TYPES,
    ORDINAL_WORDS,
    PLAIN_TYPES,
    SPELLED_OUT,
    TENS,
    ordinal,
)

_FIGURES = re.compile(r"(\d{1,6})(?:ST|ND|RD|TH)?")
_BEFORE_FIGURES = re.compile(r"(?<=\d)(?:ST|ND|RD|TH)(?=-\d)")  # "36th 1/2" is signed 36 1/2
_RUN_TOGETHER = re.compile(r"(?<=\d)-(?=\D)|(?<=\D)-")  # 36-1 is not 361
_ENDINGS = ("ST", "ND", "RD", "TH")
_LONGEST_NAME = 8  # words


class Begun(NamedTuple):
    """What was typed: the house number as `Address.house` writes it, its figures, and the words behind it."""

    house: str
    number: int
    words: list[str]


class Reading(NamedTuple):
    """One way to part the words: directions, a street's name, what stands behind the name.

    The street's key is one of `wholes`, or begins with one of `begun`; with something `behind` it, the name is whole.
    """

    directions: tuple[str, ...]
    wholes: tuple[str, ...]
    begun: tuple[str, ...]
    behind: tuple[str, ...]


def read_begun(text: str) -> Begun | None:
    """Read what was typed; None without a house number and a letter or digit of the street.

    Raises:
        AddressError: longer than an address may be, or without a letter or digit.
    """
    number, suffix, rest = take_house(words_of(text))
    rest = rest[:-1] if rest[-1:] == ["/"] else rest  # of "36 1/2 Ave", so far
    if not number or SIGNS.intersection(rest):
        return None
    words = in_figures(["AND" if word == "&" else word for word in rest if word != ","])
    house = Address(number=number, suffix=suffix).house
    return Begun(house, int(number.partition("-")[0]), words) if words and words[0] != "#" else None


def readings(words: Sequence[str]) -> Iterator[Reading]:
    """Every way to part the words with at least one of them in the name."""
    for directions, start in _in_front(words):
        for end in range(start + 1, min(len(words), start + _LONGEST_NAME) + 1):
            name, behind = words[start:end], tuple(words[end:])
            wholes = tuple({_key(spelled) for spelled in _wholes(name)})
            yield Reading(directions, wholes, () if behind else tuple({*wholes, *_beginnings(name)}), behind)


def lone_directions(words: Sequence[str]) -> frozenset[str]:
    """The directions that the words are, or are the beginning of; none when they are anything else."""
    if len(words) == 1:
        return frozenset(short for word, short in DIRECTIONS.items() if word.startswith(words[0]))
    joined = one_direction(*words) if len(words) == 2 else ""
    return frozenset([joined] if joined else [])


def one_direction(first: str, second: str) -> str:
    """``N`` and ``E`` are one direction, ``NE``; empty when the two are none."""
    joined = DIRECTIONS.get(first, "") + DIRECTIONS.get(second, "")
    return joined if len(joined) == 2 and joined in DIRECTIONS else ""


def street_key(name: str) -> str:
    """A street's name spelled out and run together: ``COMO LK`` is ``COMOLAKE``."""
    return _key(name.split())


def _in_front(words: Sequence[str]) -> Iterator[tuple[tuple[str, ...], int]]:
    """The directions that may stand in front, and how many words they take; a name is left behind them."""
    yield (), 0
    if len(words) > 1 and words[0] in DIRECTIONS:
        yield (DIRECTIONS[words[0]],), 1
    if len(words) > 2 and (joined := one_direction(*words[:2])):
        yield (joined,), 2


def _wholes(name: Sequence[str]) -> Iterator[list[str]]:
    """The name as typed in full, with its number as a number and as an ordinal."""
    *first, last = spelled_name(list(name)).split()
    yield [*first, last]
    if figures := _FIGURES.fullmatch(last):
        yield [*first, ordinal(int(figures[1]))]
    if first and first[-1].isdigit() and first[-1] + last == ordinal(int(first[-1])):  # "3 rd"
        yield [*first[:-1], first[-1] + last]


def _beginnings(name: Sequence[str]) -> Iterator[str]:
    """What a street's key begins with when the last word is not yet typed to its end."""
    *first, last = spelled_name(list(name)).split()
    for word in (last, *_abbreviated(last), *_ordinals(last)):
        yield _key(first, word)
    if figures := _FIGURES.fullmatch(last):
        yield _key(first, f"{figures[1]}-")  # "36th" may go on as 36 1/2
    if first and first[-1].isdigit() and any(ending.startswith(last) for ending in _ENDINGS):
        yield _key(first[:-1], first[-1] + last)
    if first and first[-1] in TENS:
        for word, number in ORDINAL_WORDS.items():
            if number < 10 and word.startswith(last):
                yield _key(first[:-1], ordinal(TENS[first[-1]] + number))


def _abbreviated(last: str) -> Iterator[str]:
    """The words that a typed abbreviation, or the beginning of one, stands for: ``BLV`` for BOULEVARD."""
    if last in SPELLED_OUT:
        yield SPELLED_OUT[last]
    if last in _FULL:
        yield _FULL[last]
    if len(last) > 1:
        yield from (full for short, full in _UNLIKE if short.startswith(last))


def _ordinals(last: str) -> Iterator[str]:
    """The ordinals that a spelled one may become: ``THI`` is 3rd, 13th and all from 30th to 39th."""
    for word, number in ORDINAL_WORDS.items():
        if word.startswith(last):
            yield ordinal(number)
    for word, number in TENS.items():
        if word.startswith(last):
            yield from (ordinal(number + one) for one in range(10))


def _key(words: Sequence[str], unfinished: str = "") -> str:
    spelled = [_FULL.get(word, word) for word in words]
    joined = "-".join([*spelled, unfinished] if unfinished else spelled)
    return _RUN_TOGETHER.sub("", _BEFORE_FIGURES.sub("", joined))


def _full_words() -> dict[str, str]:
    """From every spelling of a direction, a type or an abbreviated word to the one that is spelled out."""
    full: dict[str, str] = {}
    for table in (NAME_TYPES, PLAIN_TYPES, DIRECTIONS):  # of a word that stands in two, the last holds
        spellings: dict[str, list[str]] = {}
        for word, short in table.items():
            spellings.setdefault(short, []).append(word)
        for short, words in spellings.items():
            # The first is the abbreviation and the second the word, or its plural where nothing is abbreviated.
            long = short if words[1:2] == [f"{short}S"] else max(words[:2], key=len)
            full |= dict.fromkeys(words, long)
    for long, short in NAME_ABBREVIATIONS.items():
        full[long] = full.setdefault(short, long)
    return full


_FULL = _full_words()
# The abbreviations that the word does not begin with (BLVD, HWY), which nobody would find letter by letter.
_UNLIKE = sorted(
    {
        (short, _FULL[short])
        for table in (PLAIN_TYPES, NAME_TYPES)
        for short in table.values()
        if not _FULL[short].startswith(short)
    }
)
