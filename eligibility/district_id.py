"""Ids as maps give them: cleaned of what spreadsheets add, and ordered as people count."""

from __future__ import annotations

import math
import re

_LONGEST = 80
_DIGITS = re.compile(r"(\d+)", re.ASCII)
_LEADING_ZEROS = re.compile(r"^0+(?=\d)", re.ASCII)
_WHOLE_AS_DECIMAL = re.compile(r"^(\d+)\.0+$", re.ASCII)
_ZIP = re.compile(r"(\d{5})(-?\d{4}|\.0+)?", re.ASCII)
_NULLS = frozenset({"", "null", "none", "nan", "n/a", "na", "<null>"})


def precinct_id(value: object) -> str | None:
    """A precinct's id as the source writes it: 5 and 5.0 are ``"5"``, text stays; None when it names nothing."""
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, float):
        text = str(int(value) if value == int(value) else value)
    elif isinstance(value, (int, str)):
        # Text of any length is cut before work is done on it; an int this long is nobody's id.
        text = value.strip() if isinstance(value, str) else (str(value) if abs(value) < 10**_LONGEST else "")
    else:
        return None
    if text.lower() in _NULLS or len(text) > _LONGEST or not text.isprintable():
        return None
    return text


def district_id(value: object) -> str | None:
    """A district's id, unpadded: ``3``, ``3.0``, ``"03"`` and ``"3.0"`` are all ``"3"``, ``"07B"`` is ``"7B"``.

    None when the value names no district (null, blank, a truth value, a list).
    """
    text = precinct_id(value)
    if text is None:
        return None
    return _LEADING_ZEROS.sub("", _WHOLE_AS_DECIMAL.sub(r"\1", text))


def zip_code(text: str) -> str:
    """The five digits of a ZIP as the post or a spreadsheet writes it (55401-1234, 55401.0), blank when it is none.

    A ZIP only ever contradicts; one that cannot be read is as good as none.
    """
    found = _ZIP.fullmatch(text.strip())
    return found[1] if found else ""


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that counts as people do: ``W-2`` before ``W-10``; a total order over distinct texts."""
    parts = [
        (0, int(part), part) if part.isdecimal() and part.isascii() else (1, 0, part) for part in _DIGITS.split(text)
    ]
    return (*parts, (2, 0, text))
