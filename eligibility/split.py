"""A precinct split: the smallest piece of a city whose residents all have the same districts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Split:
    """One precinct split.

    `districts` maps a district kind to the district's id, both unpadded: ``{"ward": "3", "park": "5"}``.
    A precinct that no line crosses is its own only split and shares its id.
    """

    id: str
    precinct: str
    districts: Mapping[str, str]
