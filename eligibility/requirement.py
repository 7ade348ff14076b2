"""Kinds of requirement: each answers one question about one person for one election day.

A requirement never reads a clock or a map. It gets facts and a day and returns a Finding that a voter, a judge
and a lawyer can read, or None while no value of it is in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from eligibility.dated import Dated
from eligibility.facts import Facts

SWORN_STATEMENTS = (
    "guardian",
    "intends-to-remain",
    "lawful-residence",
    "lawful-residence-or-work",
    "not-registered-elsewhere",
)
"""The fixed keys of sworn statements. A pack may ask for these and no others: each is kept as "sworn", no more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one requirement: met or not, what the person has, what is needed, and who says so.

    `value` and `needs` are years for an age, days for residency, the statement's key for an attestation (value is
    None when it was not sworn), and a district or an authority for the others.
    """

    requirement: str
    met: bool
    value: int | str | None
    needs: int | str | None
    cite: str


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
    """At least so many years old on election day."""

    contests: frozenset[str] | None
    years: Dated[int]
    kind: str = "age"

    def check(self, facts: Facts, day: date) -> Finding | None:
        """Met when every possible day of a partly known birth date meets it."""
        needs = self.years.on(day)
        if needs is None:
            return None
        met = facts.birth.latest_anniversary(needs.value) <= day
        return Finding("age", met, facts.birth.age_on(day), needs.value, needs.source.cite)


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
        lived = None if facts.resident_since is None else (day - facts.resident_since).days
        return Finding("residency", lived is not None and lived >= needs.value, lived, needs.value, needs.source.cite)


@dataclass(frozen=True, slots=True)
class Attestation:
    """A sworn statement, from a date on (and no longer once its value turns false)."""

    contests: frozenset[str] | None
    statement: str
    required: Dated[bool]
    kind: str = "attestation"

    def check(self, facts: Facts, day: date) -> Finding | None:
        """Met when the statement was sworn; nothing else about it is known or asked."""
        needs = self.required.on(day)
        if needs is None or not needs.value:
            return None
        sworn = self.statement in facts.sworn
        return Finding("attestation", sworn, self.statement if sworn else None, self.statement, needs.source.cite)


def applies_to(requirement: Requirement, office: str) -> bool:
    """Whether a requirement applies to an office or question."""
    return requirement.contests is None or office in requirement.contests
