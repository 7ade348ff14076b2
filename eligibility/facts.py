"""The facts about one person that a decision rests on; there are no others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from eligibility.birth import BirthDate

OATH_OF_AGE = "of-age"
"""Sworn by someone whose papers give no whole birth date, and reviewed: they count from their earliest possible day."""


@dataclass(frozen=True, slots=True)
class Registered:
    """When someone registered, an aware instant, and whether they came in person."""

    at: datetime
    in_person: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a resident has stated: birth date, since when a resident of the city, what they swore to.

    `resident_since` is None when not stated. `sworn` holds the fixed keys of sworn statements; a statement
    is kept as nothing but "sworn". `registered` is None where the registration itself has already been judged.
    """

    birth: BirthDate
    resident_since: date | None
    sworn: frozenset[str] = field(default=frozenset())
    registered: Registered | None = None

    @property
    def counted_birth(self) -> date:
        """The birth day that ages count from: the last possible one, or the first after an oath of age."""
        return self.birth.earliest if OATH_OF_AGE in self.sworn else self.birth.latest
