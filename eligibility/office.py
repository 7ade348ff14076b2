"""Offices and questions a pack controls, what lies outside it, and when each is up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    """The years in which an office is up: `first` and every so many years after it, and extra ones."""

    first: int
    every: int
    extra: tuple[int, ...]

    def include(self, year: int) -> bool:
        """Whether the office is up in `year`."""
        return year in self.extra or (year >= self.first and (year - self.first) % self.every == 0)


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
    """An office or recall on a day of its own, outside the office's ordinary years."""

    day: date
    office: str
    title: str
    seats: int
    source: Citation


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


ELECTION_DAY_RULES: Mapping[str, Callable[[int, int], date]] = MappingProxyType(
    {"tuesday-after-first-monday": _tuesday_after_first_monday, "first-tuesday": _first_tuesday}
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
