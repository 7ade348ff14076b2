"""Mutants of a pack: its text with one rule value changed by the least that the law could be misread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import eligibility

PACKS = Path(eligibility.__file__).parent / "packs"

RULES = {
    "legal_status": ("from", "value", "until"),
    "election_day": ("from", "rule", "month", "until"),
    "general_election": ("from", "rule", "month", "first", "every", "until"),
    "office": ("authority", "district"),
    "office.seats": ("from", "value", "until"),
    "office.years": ("from", "first", "every", "extra", "first_in", "until"),
    "office.voting": ("from", "method", "ranks", "until"),
    "special_election": ("day", "seats", "districts", "method", "ranks"),
    "question": ("day", "authority"),
    "outside": ("authority",),
    "requirement": ("as_of", "statement"),
    "requirement.values": ("from", "value", "until"),
    "proof.papers": ("identity", "residency", "shows", "on_one_paper", "identity_points", "residency_points"),
    "proof.vouching": ("most", "same_precinct", "vouched_for_may_vouch"),
    "proof.facility_staff": ("most",),
    "proof.prior_registration": ("same_precinct",),
    "registration": ("from", "closes_days_before", "closes_at", "same_day", "same_day_until", "validity", "until"),
}
"""Table of a pack -> its keys that are rules; sources, titles and notices are not."""

OTHERS = {
    "authority": ("city", "park-board", "school-district", "state", "judicial"),
    "rule": ("first-tuesday", "second-tuesday", "tuesday-after-first-monday"),
    "method": ("plurality", "ranked-choice"),
    "as_of": ("election-day", "next-general-election"),
    "validity": ("continuing", "one-election"),
    "value": ("in-force", "proposed", "struck-down", "rejected"),
    "district": ("zone",),
    "statement": ("guardian", "intends-to-remain", "lawful-residence", "not-registered-elsewhere"),
}
"""Key -> the words that it may be mistaken for."""

_TABLE = re.compile(r"\[\[?([a-z_.]+)\]\]?")
_PAIR = re.compile(r"([a-z_]+) = (.+)")
_STRING = re.compile(r'"([^"]*)"')
_CLOCK = re.compile(r"\d\d:\d\d")


@dataclass(frozen=True)
class Mutant:
    """One changed line of one place's pack."""

    place: str
    line: int
    was: str
    now: str

    @property
    def words(self) -> str:
        """What was changed, in one line."""
        return f"{self.place}, line {self.line}: {self.was} -> {self.now}"

    def text(self) -> str:
        """The pack's text with the change."""
        lines = (PACKS / self.place / "pack.toml").read_text(encoding="utf-8").splitlines(keepends=True)
        lines[self.line - 1] = f"{self.now}\n"
        return "".join(lines)


def mutants_of(place: str) -> Iterator[Mutant]:
    """Every mutant of a place's pack, in the order of its lines."""
    table = ""
    for number, line in enumerate((PACKS / place / "pack.toml").read_text(encoding="utf-8").splitlines(), start=1):
        if found := _TABLE.fullmatch(line.strip()):
            table = found[1]
        elif (pair := _PAIR.fullmatch(line)) and pair[1] in RULES.get(table, ()):
            for value in _changed(pair[1], pair[2]):
                yield Mutant(place, number, line, f"{pair[1]} = {value}")


def _changed(key: str, value: str) -> Iterator[str]:
    if value in {"true", "false"}:
        yield "false" if value == "true" else "true"
    elif value.startswith("["):
        yield from _changed_list(value)
    elif value.startswith("{"):
        yield from _changed_years(value)
    elif value.isdigit():
        yield str(int(value) + 1)
        yield str(int(value) - 1)
    elif found := _STRING.fullmatch(value):
        if _CLOCK.fullmatch(found[1]):
            yield from (f'"{clock}"' for clock in _minutes_around(found[1]))
        else:
            yield from (f'"{word}"' for word in OTHERS[key] if word != found[1])
    else:
        day = date.fromisoformat(value)
        yield from (str(day + timedelta(days=days)) for days in (1, -1))


def _changed_list(value: str) -> Iterator[str]:
    items = [item.strip() for item in value.strip("[]").split(",")]
    for place, item in enumerate(items):
        yield f"[{', '.join(items[:place] + items[place + 1 :])}]"
        if item.isdigit():
            yield f"[{', '.join([*items[:place], str(int(item) + 1), *items[place + 1 :]])}]"


def _changed_years(value: str) -> Iterator[str]:
    for found in re.finditer(r"\d{4}", value):
        for years in (1, -1):
            yield value[: found.start()] + str(int(found[0]) + years) + value[found.end() :]


def _minutes_around(clock: str) -> Iterator[str]:
    at = datetime(2000, 1, 2, *map(int, clock.split(":")))  # noqa: DTZ001 - a time of day alone
    for minutes in (1, -1):
        moved = at + timedelta(minutes=minutes)
        if moved.day == at.day:
            yield moved.strftime("%H:%M")
