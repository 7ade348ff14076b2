"""Work and floor taking turns, so that whatever else the machine does falls on both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turns:
    """Medians over the rounds: seconds of the work, seconds of the floor, and of the ratio within each round."""

    ours: float
    floor: float
    ratio: float


def take_turns(ours: Callable[[], float], floor: Callable[[], float], rounds: int) -> Turns:
    """Measure both `rounds` times after one round that doesn't count; each callable returns its own seconds."""
    ours(), floor()
    pairs = [(ours(), floor()) if round_ % 2 else (floor(), ours())[::-1] for round_ in range(rounds)]
    return Turns(
        ours=statistics.median(mine for mine, _ in pairs),
        floor=statistics.median(least for _, least in pairs),
        ratio=statistics.median(mine / least for mine, least in pairs),
    )


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """The work as something that returns how many seconds it took."""

    def measure() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return measure
