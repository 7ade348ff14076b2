"""What a table keeps, why, and who may see it: stated at the model, so that the inventory is made from the models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Classification = Literal["private", "security", "operational", "public"]
"""About a person; a secret or what stands for one; needed to run; open to anyone."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One table's entry in the data inventory; each column adds its own purpose as `doc`.

    `kind` is the kind of data as the retention schedule names it. `seen_by` names roles (see `voter_reg.roles`), or
    "resident" for the person themselves and "service" for the program; empty means that nobody reads it as it is.
    """

    kind: str
    purpose: str
    classification: Classification
    seen_by: tuple[str, ...] = ()
