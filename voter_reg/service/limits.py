"""Limits on guessing, in layers, kept in the database; whatever goes wrong, the answer is no."""

from __future__ import annotations

from datetime import datetime

from eligibility.errors import CleanNo


class TooMany(CleanNo):
    """Too many attempts: nothing was checked. `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many attempts; try again in {-(-seconds // 60)} minutes")
        self.seconds = seconds


def prune_attempts(now: datetime) -> int:
    """Remove the attempts that no limit looks at any more, and old links and tickets; how many rows. For beat."""
    raise NotImplementedError
