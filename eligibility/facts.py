"""The facts about one person that a decision rests on; there are no others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from eligibility.birth import BirthDate


@dataclass(frozen=True, slots=True)
class Facts:
    """What a resident has stated: birth date, since when a resident of the city, what they swore to.

    `resident_since` is None when not stated. `sworn` holds the fixed keys of sworn statements; a statement
    is kept as nothing but "sworn".
    """

    birth: BirthDate
    resident_since: date | None
    sworn: frozenset[str] = field(default=frozenset())
