"""How work grows with its size: 1 is in proportion, 0 is not at all."""

from __future__ import annotations

from collections.abc import Sequence
from math import log


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The x of `seconds ~ sizes ** x`, by least squares on the logarithms; at least two sizes that differ."""
    xs, ys = [log(size) for size in sizes], [log(each) for each in seconds]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    together = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return together / sum((x - middle_x) ** 2 for x in xs)
