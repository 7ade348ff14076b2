"""Kinds of requirement: each answers one question about one person for one election day.

A requirement never reads a clock or a map. It gets facts and a day and returns a Finding that a voter, a judge
and a lawyer can read, or None while no value of it is in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from eligibility.birth import BirthDate, age_on, anniversary
from eligibility.dated import Dated
from eligibility.facts import OATH_OF_AGE, Facts
from eligibility.finding import Detail, Finding
from eligibility.office import GeneralElection

SWORN_STATEMENTS = (
    "guardian",
    "intends-to-remain",
    "lawful-residence",
    "lawful-residence-or-work",
    "not-registered-elsewhere",
)
"""The fixed keys of sworn statements. A pack may ask for these and no others: each is kept as "sworn", no more."""

SWORN_KEYS = (*SWORN_STATEMENTS, OATH_OF_AGE)
"""Everything that may stand in `Facts.sworn`."""


class Requirement(Protocol):
    """What every kind of requirement can do."""

    @property
    def contests(self) -> frozenset[str] | None:
        """The offices and questions it applies to, by id; None for all."""

    @property
    def kind(self) -> str:
        """Its kind, as a pack names it."""

    def check(self, facts: Facts, day: date) -> Finding | None:
        """Check one person for an election on `day`; None while the requirement is not in force."""


@dataclass(frozen=True, slots=True)
class Age:
    """At least so many years old on election day, or on the day of the next general election where one is given."""

    contests: frozenset[str] | None
    years: Dated[int]
    general: Dated[GeneralElection] | None = None

    @property
    def kind(self) -> str:
        """`age`, or `age-by-general` where the next general election's day counts."""
        return "age" if self.general is None else "age-by-general"

    def counts_on(self, day: date) -> date:
        """The day on which the age is taken for an election on `day`."""
        general = None if self.general is None else self.general.on(day)
        return day if general is None else general.value.on_or_after(day)

    def check(self, facts: Facts, day: date) -> Finding | None:
        """Met when every possible day of a partly known birth date meets it, or one does after an oath of age."""
        needs = self.years.on(day)
        if needs is None:
            return None
        counts, born = self.counts_on(day), facts.counted_birth
        met = anniversary(born, needs.value) <= counts
        years, days = age_on(born, counts)
        details: dict[str, Detail] = {
            "day": counts.isoformat(),
            "years": years,
            "days": days,
            "at_most": age_on(facts.birth.earliest, counts)[0],
            "missing": (anniversary(born, needs.value) - counts).days,
        }
        message = f"{self.kind}.{_age_message(facts, met=met, needs=needs.value, on=counts)}"
        return Finding(self.kind, met, years, needs.value, needs.source, message, details)


def _age_message(facts: Facts, *, met: bool, needs: int, on: date) -> str:
    if met:
        return "met" if anniversary(facts.birth.latest, needs) <= on else "sworn"
    return "unsure" if anniversary(facts.birth.earliest, needs) <= on else "short"


@dataclass(frozen=True, slots=True)
class Residency:
    """A resident of the city for at least so many whole days before election day; 0 asks for residence that day."""

    contests: frozenset[str] | None
    days: Dated[int]
    kind: str = "residency"

    def check(self, facts: Facts, day: date) -> Finding | None:
        """Not met when the person has not said since when."""
        needs = self.days.on(day)
        if needs is None:
            return None
        if facts.resident_since is None:
            return Finding("residency", False, None, needs.value, needs.source, "residency.not-stated")
        lived = (day - facts.resident_since).days
        met = lived >= needs.value
        message = "residency.met" if met else "residency.later" if lived < 0 else "residency.short"
        details = {"missing": max(0, needs.value - lived)}
        return Finding("residency", met, lived, needs.value, needs.source, message, details)


@dataclass(frozen=True, slots=True)
class Attestation:
    """A sworn statement, from a date on (and no longer once its value turns false). `wording` is what is sworn."""

    contests: frozenset[str] | None
    statement: str
    wording: str
    required: Dated[bool]
    kind: str = "attestation"

    def check(self, facts: Facts, day: date) -> Finding | None:
        """Met when the statement was sworn; nothing else about it is known or asked."""
        needs = self.required.on(day)
        if needs is None or not needs.value:
            return None
        if self.statement in facts.sworn:
            return Finding("attestation", True, self.statement, self.statement, needs.source, "attestation.sworn")
        return Finding("attestation", False, None, self.statement, needs.source, "attestation.not-sworn")


def applies_to(requirement: Requirement, office: str) -> bool:
    """Whether a requirement applies to an office or question."""
    return requirement.contests is None or office in requirement.contests


def last_birth_for(years: int, on: date) -> date:
    """The last birth date of someone who is `years` old on `on`; 29 February's birthday is 1 March in a common year."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February, and no such day in the year of birth
        return date(on.year - years, 2, 28)


def last_arrival_for(days: int, on: date) -> date:
    """The last day to have moved in for someone who has lived there `days` whole days on `on`."""
    return on - timedelta(days=days)


def whole_birth(day: date) -> BirthDate:
    """A birth date of which everything is known."""
    return BirthDate(day.year, day.month, day.day)
