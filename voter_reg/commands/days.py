"""Days as the command line takes them."""

from __future__ import annotations

from datetime import date
from typing import Any

import click


class CalendarDay(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or fail with one line."""
        if isinstance(value, date):
            return value
        try:
            if len(value) != len("2025-11-04"):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value[:40]!r} is not a day of the calendar as YYYY-MM-DD", param, ctx)


DAY = CalendarDay()
"""The type of an option that is a day."""
