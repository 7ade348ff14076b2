"""Findings: the answer of one requirement to one person, with the reason, its source, and the key of its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eligibility.dated import Citation

Detail = int | str


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one requirement: met or not, what the person has, what is needed, and who says so.

    `value` and `needs` are years for an age, days for residency, the statement's key for an attestation (value is
    None when it was not sworn), minutes of the city's clock for a registration, and a district or an authority for the
    others. `message` is the key of its words in a catalogue, filled from `value`, `needs` and `details`; `finding_text`
    has the English ones.
    """

    requirement: str
    met: bool
    value: int | str | None
    needs: int | str | None
    source: Citation
    message: str
    details: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def cite(self) -> str:
        """The statute or page that asks for it."""
        return self.source.cite
