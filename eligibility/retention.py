"""How long the law of a place keeps each kind of data: a clock for each, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from eligibility.dated import Dated, read_dated
from eligibility.errors import PackError
from eligibility.toml_table import Table, nearest

RUNS_FROM: Final[Mapping[str, str]] = MappingProxyType(
    {
        "record": "the day the registrant last signed, or election day where that is later",
        "election": "election day",
        "refused-papers": "the day the decision can no longer be appealed",
        "demand": "the day the demand is closed",
    }
)
"""The kinds of data whose time the law of a place sets, and what their clocks run from."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How long: whole months, to the end of the last one, or days."""

    months: int = 0
    days: int = 0

    def __str__(self) -> str:
        """In words: "22 months", "14 days"."""
        amount, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def read_retention(tables: list[Table], where: str) -> Mapping[str, Dated[Clock]]:
    """Read `[[retention]]`: every kind has its clock.

    Raises:
        PackError: an unknown kind, a kind without a clock, or a clock that is neither months nor days.
    """
    of_kind: dict[str, list[Table]] = {kind: [] for kind in RUNS_FROM}
    for table in tables:
        kind = table.text("kind")
        if kind not in of_kind:
            raise PackError(
                f"unknown kind {kind!r}{nearest(kind, RUNS_FROM)}; known: {', '.join(RUNS_FROM)}", table.where
            )
        of_kind[kind].append(table)
    return MappingProxyType(
        {kind: read_dated(found, _read_clock, f"{where} of kind {kind!r}") for kind, found in of_kind.items()}
    )


def _read_clock(table: Table) -> Clock:
    if ("months" in table) == ("days" in table):
        raise PackError("needs either months or days", table.where)
    if "months" in table:
        return Clock(months=table.whole("months", 1, 1200))
    return Clock(days=table.whole("days", 1, 3660))
