"""Offices and questions a pack controls, what lies outside it, and when each is up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from eligibility.dated import Citation, Dated

CONTROLLED_AUTHORITIES = ("city", "park-board", "school-district")
"""Bodies whose elections a city may control. Any other authority under [[office]] is refused."""

FORBIDDEN_AUTHORITIES = ("federal", "state", "county")
"""Bodies whose contests can never be a municipal contest."""

OUTSIDE_AUTHORITIES = (*FORBIDDEN_AUTHORITIES, "school-district", "special-district", "judicial", "party", "city")
"""Whose contests a pack may list as outside: not the city's to open or, for "city", not opened by its law."""


@dataclass(frozen=True, slots=True)
class Voting:
    """How a contest is voted: the method, and how many candidates may be ranked (None where it is not ranked)."""

    method: str
    ranks: int | None


@dataclass(frozen=True, slots=True)
class Years:
    """The years in which an office is up: `first` and every so many years after it, and extra ones.

    Where districts take turns, `first_in` holds each district's own first year; it is empty where all are up together.
    """

    first: int
    every: int
    extra: tuple[int, ...]
    first_in: Mapping[str, int] = field(default_factory=dict)

    def include(self, year: int) -> bool:
        """Whether the office is up in `year`, somewhere in the city."""
        return year in self.extra or any(self._falls(first, year) for first in self.first_in.values() or (self.first,))

    def districts_in(self, year: int) -> frozenset[str] | None:
        """The districts whose turn it is in `year`; None where all are up together."""
        if not self.first_in or year in self.extra:
            return None
        return frozenset(district for district, first in self.first_in.items() if self._falls(first, year))

    def _falls(self, first: int, year: int) -> bool:
        return year >= first and (year - first) % self.every == 0


@dataclass(frozen=True, slots=True)
class Office:
    """An office the city's voters fill. `district_kind` is None for one that the whole city elects."""

    id: str
    title: str
    authority: str
    district_kind: str | None
    district_title: str
    seats: Dated[int]
    years: Dated[Years]
    voting: Dated[Voting]


@dataclass(frozen=True, slots=True)
class SpecialElection:
    """An office, recall or primary on a day of its own, outside the office's ordinary years.

    `districts` holds those that vote, and is empty where all do; `voting` is None where it is the office's own.
    """

    day: date
    office: str
    title: str
    seats: int
    source: Citation
    districts: tuple[str, ...] = ()
    voting: Voting | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A city question put to the voters on one day."""

    id: str
    title: str
    authority: str
    day: date
    source: Citation


@dataclass(frozen=True, slots=True)
class Outside:
    """A contest that the city does not control; it is shown with its reason and can never be tagged."""

    id: str
    title: str
    authority: str
    why: str
    source: Citation


def _tuesday_after_first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(7 - first.weekday()) % 7 + 1)


def _first_tuesday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(1 - first.weekday()) % 7)


def _second_tuesday(year: int, month: int) -> date:
    return _first_tuesday(year, month) + timedelta(days=7)


ELECTION_DAY_RULES: Mapping[str, Callable[[int, int], date]] = MappingProxyType(
    {
        "tuesday-after-first-monday": _tuesday_after_first_monday,
        "first-tuesday": _first_tuesday,
        "second-tuesday": _second_tuesday,
    }
)
"""How law fixes an election day within a month: rule name -> (year, month) -> day."""


@dataclass(frozen=True, slots=True)
class ElectionDay:
    """The day of ordinary elections: a named rule within a month."""

    rule: str
    month: int

    def in_year(self, year: int) -> date:
        """The election day of `year`."""
        return ELECTION_DAY_RULES[self.rule](year, self.month)


@dataclass(frozen=True, slots=True)
class GeneralElection:
    """The general elections by which someone may come of age: a day of the year, in `first` and every so many years."""

    day: ElectionDay
    first: int
    every: int

    def on_or_after(self, day: date) -> date:
        """The next general election, `day` itself included."""
        year = max(day.year, self.first)
        while (year - self.first) % self.every or self.day.in_year(year) < day:
            year += 1
        return self.day.in_year(year)
