"""Reading what a person typed: names, dates and addresses, each refused in one plain sentence.

Nothing here knows a form or a clock; the day comes from outside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

from eligibility.birth import BirthDate, anniversary
from eligibility.errors import BadInput
from voter_reg.language import OWN_NAMES, Said, said, words

HOMES: Final = ("address", "no-fixed", "facility", "program", "unlisted")
"""How a home may be told: an address of the map; where someone without a fixed one stays; a shelter or facility; the
address that an address protection program gave; an address that the map does not have yet."""

LONGEST_NAME: Final = 200
LONGEST_ADDRESS: Final = 200
LONGEST_UNIT: Final = 40
OLDEST_AGE: Final = 130

_TURNING_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_JOINERS = frozenset("\u200c\u200d")  # many scripts need them inside a name
_NAME_KINDS = frozenset(
    ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Zs", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sk")
)
"""Unicode categories of letters, marks, digits, spaces and punctuation; Sk holds the accents some people type alone."""


class Refused(Exception):
    """An answer that cannot be taken: which field, and what to do, in words for the person."""

    def __init__(self, field: str, message: Said) -> None:
        super().__init__(str(message))
        self.field = field
        self.message = message


def tidy(text: str) -> str:
    """One spelling of the same text: composed characters, single spaces, no marks that only turn the direction."""
    plain = "".join(character for character in text if character not in _TURNING_MARKS)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def read_name(text: str, field: str) -> str:
    """A name in any script, of one letter or more.

    Raises:
        Refused: too long, without a letter, or with characters that no name has.
    """
    name = tidy(text)
    if len(name) > LONGEST_NAME:
        raise Refused(field, said("This is too long. Type up to %(most)s characters.", most=LONGEST_NAME))
    if any(unicodedata.category(c) not in _NAME_KINDS and c not in _JOINERS for c in name):
        raise Refused(field, said("This has a character that we cannot use in a name, such as an emoji. Take it out."))
    if not any(c.isalpha() for c in name):
        raise Refused(field, said("A name needs at least one letter."))
    return name


def read_line(text: str, field: str, longest: int) -> str:
    """One line of an address.

    Raises:
        Refused: too long, or with characters that cannot be printed.
    """
    line = tidy(text)
    if len(line) > longest:
        raise Refused(field, said("This is too long. Type up to %(most)s characters.", most=longest))
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in line) or "\ufffd" in line:
        raise Refused(field, said("This has a character that we cannot read. Take it out."))
    return line


def read_birth(values: Mapping[str, str], today: date) -> str:
    """A birth date from `birth_month`, `birth_day`, `birth_year` and `birth_partly`, as ISO text as precise as known.

    Raises:
        Refused: missing, not a day of the calendar, still to come, or more than 130 years ago.
    """
    year = _year(values["birth_year"], "birth_year", said("Enter the year of your birth date."))
    month = _month(values["birth_month"], "birth_month")
    day = _day(values["birth_day"], "birth_day")
    partly = bool(values.get("birth_partly"))
    if month is None and (day is not None or not partly):
        raise Refused(
            "birth_month", said("Enter the month. If you do not know it, tick the box and leave the day empty.")
        )
    if day is None and not partly:
        raise Refused("birth_day", said("Enter the day, or tick the box if you do not know it."))
    born = _calendar(year, month, day, "birth")
    if born.earliest > today:
        raise Refused("birth_year", said("This birth date has not come yet. Check the year."))
    if born.latest < anniversary(today, -OLDEST_AGE):
        raise Refused(
            "birth_year", said("This birth date is more than %(years)s years ago. Check the year.", years=OLDEST_AGE)
        )
    return born.iso()


def read_since(values: Mapping[str, str], today: date, birth: str | None) -> str:
    """Since when someone lives here, from `since_month`, `since_day`, `since_year`, as "YYYY-MM" or an ISO date.

    Raises:
        Refused: missing, not a day of the calendar, still to come, or before the person was born.
    """
    year = _year(values["since_year"], "since_year", said("Enter the year when you came to live here."))
    month = _month(values["since_month"], "since_month")
    day = _day(values["since_day"], "since_day")
    if month is None:
        raise Refused("since_month", said("Enter the month. Your best memory of it is fine."))
    since = _calendar(year, month, day, "since")
    if since.earliest > today:
        raise Refused("since_year", said("This date has not come yet. You can register when you live here."))
    if birth is not None and since.latest < BirthDate.parse(birth).earliest:
        raise Refused(
            "since_year", said("This is before your birth date. If you were born here, enter your birth date.")
        )
    return since.iso()


def date_fields(prefix: str, iso: str | None) -> dict[str, str]:
    """The three fields of a date kept as ISO text, so that a page shows what was answered."""
    parts = (iso or "").split("-")
    year, month, day = (*parts, "", "")[:3]
    fields = {f"{prefix}_year": year, f"{prefix}_month": month.lstrip("0"), f"{prefix}_day": day.lstrip("0")}
    if prefix == "birth" and iso and not day:
        fields["birth_partly"] = "yes"
    return fields


def _calendar(year: int, month: int | None, day: int | None, prefix: str) -> BirthDate:
    """A partly known date, of birth or of coming: both are as precise as a person remembers."""
    try:
        return BirthDate(year, month, day)
    except (BadInput, ValueError) as problem:
        raise Refused(
            f"{prefix}_day", said("There is no such day in the calendar. Check the day and the month.")
        ) from problem


def _year(text: str, field: str, missing: Said) -> int:
    text = tidy(text)
    if not text:
        raise Refused(field, missing)
    if not re.fullmatch(r"\d{4}", text):
        raise Refused(field, said("Enter the year with 4 digits, for example 1990."))
    year = int(text)
    if year < 1000:
        raise Refused(field, said("This is more than %(years)s years ago. Check the year.", years=OLDEST_AGE))
    return year


def _month(text: str, field: str) -> int | None:
    """A month by number, in any script's digits, or by its name in any of the service's languages."""
    text = tidy(text)
    if not text:
        return None
    if len(text) >= 3 and not text.isdecimal():
        named = {number for name, number in _month_names() if name.startswith(text.casefold())}
        if len(named) == 1:
            return named.pop()
    if not re.fullmatch(r"\d{1,2}", text) or not 1 <= int(text) <= 12:
        raise Refused(field, said("Enter the month as a number from 1 to 12."))
    return int(text)


@cache
def _month_names() -> tuple[tuple[str, int], ...]:
    return tuple((words(code).month(number).casefold(), number) for code in OWN_NAMES for number in range(1, 13))


def _day(text: str, field: str) -> int | None:
    text = tidy(text)
    if not text:
        return None
    if not re.fullmatch(r"\d{1,2}", text) or not 1 <= int(text) <= 31:
        raise Refused(field, said("Enter the day as a number from 1 to 31."))
    return int(text)


def resident_since_day(text: str | None) -> date | None:
    """The last day that a stated "YYYY-MM-DD", "YYYY-MM" or "YYYY" may mean: what is not known never helps."""
    return None if text is None else BirthDate.parse(text).latest
