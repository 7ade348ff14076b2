"""A typed address cleaned into words: one alphabet, one case, no punctuation but what means something."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

from eligibility.errors import BadInput
from eligibility.street_words import ORDINAL_WORDS, TENS, ordinal

LONGEST = 200  # characters; the longest address that the post office knows fits in half of it

_FRACTIONS = str.maketrans({"½": " 1/2 ", "⅓": " 1/3 ", "⅔": " 2/3 ", "¼": " 1/4 ", "¾": " 3/4 ", "№": " # "})
# Letters, marks, numbers, punctuation, spaces and + stay; pictures, controls and private characters become a space.
_KEPT = frozenset("LMNPZ")
# A full stop inside initials (N.E., U.S.) joins them; any other parts words.
_INITIALS = re.compile(r"(?<=\b[A-Z])\.(?=[A-Z]\b)")
_HYPHENED_FRACTION = re.compile(r"(?<=\d)-(?=\d/\d)")
# A hyphen belongs to a number (42-15, A-201, 3-B, 55408-1234) and otherwise parts words (Forty-Second).
_WORD = re.compile(
    r"(?<![\dA-Z/])\d/\d(?![\dA-Z/])"
    r"|[A-Z0-9]+(?:(?:-(?=\d)|(?<=\d)-(?=[A-Z]\b))[A-Z0-9]+)*"
    r"|[,#&@+/]"
)


class AddressError(BadInput):
    """A text that cannot be an address: empty, too long, or without a letter or digit."""

    def __init__(self, what: str) -> None:
        super().__init__(what, "address")


def words_of(text: str) -> list[str]:
    """Split `text` into upper-case ASCII words and the signs ``, # & @ + /`` that part or name something.

    Diacritics and other scripts fold to ASCII (anyascii, ISC licence); apostrophes and full stops go.

    Raises:
        AddressError: longer than `LONGEST` characters, or without a letter or digit.
    """
    if len(text) > LONGEST:
        raise AddressError(f"is longer than {LONGEST} characters")
    plain = _HYPHENED_FRACTION.sub(" ", _INITIALS.sub("", _ascii(text).upper().translate(_PUNCTUATION)))
    words = _WORD.findall(plain)
    if not any(word.isalnum() for word in words):
        raise AddressError("has no letter or digit")
    return words


def in_figures(words: list[str]) -> list[str]:
    """The words with spelled ordinals in figures: ``FORTY SECOND`` is ``42ND``."""
    figures: list[str] = []
    for word in words:
        number = ORDINAL_WORDS.get(word)
        if number is None:
            figures.append(word)
            continue
        tens = TENS.get(figures[-1], 0) if figures and number < 10 else 0
        figures[len(figures) - bool(tens) :] = [ordinal(tens + number)]
    return figures


_PUNCTUATION = str.maketrans({"'": None, "`": None, '"': None, ";": ","})


def _ascii(text: str) -> str:
    if text.isascii():
        return text
    return anyascii("".join(_visible(character) for character in text.translate(_FRACTIONS)))


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # joiners and direction marks stand inside words
        return ""
    return character if category[0] in _KEPT or character.isascii() else " "
