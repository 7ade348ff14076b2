"""What a table keeps, why, and who may see it: stated at the model, so that the inventory is made from the models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Mapper

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


class NotStated(TypeError):
    """A table or a column that does not say what it is kept for; names it."""


def is_sealed(column: str) -> bool:
    """Whether a column of this name holds a sealed envelope: "sealed", or a name that begins or ends with it."""
    return column == "sealed" or column.startswith("sealed_") or column.endswith("_sealed")


def require_stated(mapper: Mapper[Any], model: type[Any]) -> None:
    """Refuse a model that does not say, for itself and each column, what it is kept for.

    Raises:
        NotStated: names the table, or the table and the column.
    """
    table = mapper.local_table
    if not isinstance(getattr(model, "__kept__", None), Kept):
        raise NotStated(f"table {table.description}: its model has no __kept__ = Kept(...)")
    for column in table.columns:
        if not (column.doc or "").strip():
            raise NotStated(f"column {table.description}.{column.name}: no doc= says what it is kept for")
