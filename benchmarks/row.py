"""One line of the table: what was measured, what it was held against, and whether the budget is met."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


class NotThere(Exception):
    """The part to be measured is not in this checkout; says which."""


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement. `ratio` is None where the budget is absolute, `met` is None where there is no budget."""

    work: str
    ours: str
    floor: str = ""
    ratio: float | None = None
    budget: str = ""
    met: bool | None = None


def at_most(work: str, ours: str, floor: str, ratio: float, most: float) -> Row:
    """A row whose budget is a ratio to the floor."""
    return Row(work, ours, floor, ratio, f"≤ {most:g}×", ratio <= most)


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds, with as many digits as mean something."""
    value = seconds * 1000
    digits = next(digits for limit, digits in ((0.1, 4), (1, 3), (10, 2), (100, 1), (inf, 0)) if value < limit)
    return f"{value:.{digits}f} ms"


def markdown(rows: list[Row]) -> str:
    """The rows as a Markdown table with aligned columns, to be read here and pasted there."""
    head = ("work", "ours", "floor", "ratio", "budget", "met")
    words = {True: "yes", False: "NO", None: ""}
    cells = [head] + [
        (row.work, row.ours, row.floor, "" if row.ratio is None else f"{row.ratio:.2f}×", row.budget, words[row.met])
        for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
