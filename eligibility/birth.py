"""A birth date that may be known only to the month or the year, and the birthdays that follow from it."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from eligibility.errors import BadInput

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def anniversary(born: date, years: int) -> date:
    """The day on which someone born on `born` turns `years`; 29 February falls on 1 March in a common year."""
    year = born.year + years
    if (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return date(year, born.month, born.day)


def age_on(born: date, day: date) -> tuple[int, int]:
    """The age on `day` of someone born on `born`: whole years, and the days since that birthday.

    Years are negative before birth.
    """
    years = day.year - born.year
    if anniversary(born, years) > day:
        years -= 1
    return years, (day - anniversary(born, years)).days


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date; `day`, or `month` and `day`, may be unknown (many papers of refugees name only a year)."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise BadInput("a birth date with a day needs its month", "birth date")
        try:
            # Not `or`: a month of 0 is a mistake, not an unknown month.
            date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)
        except ValueError as problem:
            raise BadInput(f"{self.iso()} is not a day of the calendar", "birth date") from problem

    @classmethod
    def parse(cls, text: str) -> BirthDate:
        """Read ``1990-01-31``, ``1990-01`` or ``1990``.

        Raises:
            BadInput: not of that form, or not a day of the calendar.
        """
        found = _ISO.fullmatch(text)
        if not found:
            raise BadInput(f"{text[:40]!r} is not YYYY, YYYY-MM or YYYY-MM-DD", "birth date")
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        return cls(year, month, day)

    def iso(self) -> str:
        """ISO 8601, as precise as what is known."""
        known = [f"{self.year:04d}"]
        if self.month is not None:
            known.append(f"{self.month:02d}")
        if self.day is not None:
            known.append(f"{self.day:02d}")
        return "-".join(known)

    @property
    def earliest(self) -> date:
        """The first day that it may be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that it may be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])
