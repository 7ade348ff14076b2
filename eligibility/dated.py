"""Values that change by date, each with its own source and the day a person last checked it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from eligibility.errors import PackError
from eligibility.toml_table import Table

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a value comes from: the statute or page in words, its link, and the day it was last checked.

    `to_confirm` says what nobody has seen in the source yet; blank when the value was read there.
    """

    cite: str
    href: str
    checked_on: date
    to_confirm: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A second source that says otherwise: what it says, where, and why the pack does not follow it."""

    value: str
    cite: str
    href: str
    why: str


@dataclass(frozen=True, slots=True)
class DatedValue(Generic[T]):
    """One value in force from a date on, to the day `until` or without an end."""

    from_: date
    value: T
    source: Citation
    conflict: Conflict | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value over time: the entries in order of date, each in force until its end or until the next begins."""

    values: tuple[DatedValue[T], ...]

    def on(self, day: date) -> DatedValue[T] | None:
        """The entry in force on `day`; None before the first, and after the end of one that nothing followed."""
        begun = [entry for entry in self.values if entry.from_ <= day]
        if not begun or (begun[-1].until is not None and begun[-1].until < day):
            return None
        return begun[-1]

    @property
    def latest(self) -> DatedValue[T]:
        """The newest entry."""
        return self.values[-1]


def read_citation(table: Table) -> Citation:
    """Read `cite`, `href` and `checked_on`, refusing a value that lacks one."""
    href = table.text("href")
    if not href.startswith("https://"):
        raise PackError(f"href {href!r} is not an https link", table.where)
    return Citation(table.text("cite"), href, table.day("checked_on"), table.optional_text("to_confirm"))


def read_conflict(table: Table) -> Conflict | None:
    """Read the optional `conflict` of a value."""
    other = table.optional_table("conflict")
    if other is None:
        return None
    conflict = Conflict(other.text("value"), other.text("cite"), other.text("href"), other.text("why"))
    other.refuse_unknown()
    return conflict


def read_dated(tables: list[Table], read_value: Callable[[Table], T], where: str) -> Dated[T]:
    """Read a list of dated values: at least one, in order, no two from the same day.

    Raises:
        PackError: no value, a value without its source, or two that contradict each other.
    """
    if not tables:
        raise PackError("needs at least one dated value", where)
    entries: list[DatedValue[T]] = []
    for table in tables:
        until = table.day("until") if "until" in table else None
        entry = DatedValue(table.day("from"), read_value(table), read_citation(table), read_conflict(table), until)
        table.refuse_unknown()
        _refuse_disorder(entry, entries[-1] if entries else None, table.where)
        entries.append(entry)
    return Dated(tuple(entries))


def _refuse_disorder(entry: DatedValue[T], before: DatedValue[T] | None, where: str) -> None:
    if entry.until is not None and entry.until < entry.from_:
        raise PackError(f"ends on {entry.until}, before it begins on {entry.from_}", where)
    if before is None:
        return
    if entry.from_ == before.from_:
        raise PackError(f"contradicts the value before it: both are from {entry.from_}", where)
    if entry.from_ < before.from_:
        raise PackError(f"from {entry.from_} stands after {before.from_}: list values by date", where)
    if before.until is not None and entry.from_ <= before.until:
        raise PackError(f"from {entry.from_} overlaps the value before it, which holds until {before.until}", where)
