"""Limits on guessing at registrants' records, kept in the database and without any network address.

Attempts count under a keyed hash of what was tried, whether or not such a code exists, and all together. After five
within a day each further one has to wait longer, up to half an hour and never more, so that a stranger who has
someone's code cannot lock its owner out for long. An attempt that was refused here is not counted, one that was right
is taken back; but the wrong ones before it stay, or the wait would tell whoever made them that the owner was here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eligibility.errors import CleanNo
from voter_reg.store import own_record as store
from voter_reg.store.db import transaction

FREE: Final = 5
"""Attempts under one mark within a day that need no wait."""

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15, 30))
"""The wait after the fifth attempt, the sixth, and so on; the last holds for all that follow."""

WITHIN: Final = timedelta(days=1)
MOST_TOGETHER: Final = 1200
TOGETHER_WITHIN: Final = timedelta(minutes=1)
"""So many attempts of all people together within so long: more than a city makes, far too few to find a code."""


class Wait(CleanNo):
    """Too many attempts, or they could not be counted: nothing was checked. `until` is when one may try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many tries; wait a little")
        self.until = until


def count(mark: str, now: datetime) -> int:
    """Count an attempt before anything is checked, in a transaction of its own; its id.

    Raises:
        Wait: a limit is reached, or the database does not answer.
    """
    try:
        with transaction() as session:
            until = _until(session, mark, now)
            attempt = store.add_attempt(session, mark, now) if until is None else 0
    except SQLAlchemyError:
        raise Wait(now + WAITS[0]) from None
    if until is not None:
        raise Wait(until)
    return attempt


def _until(session: Session, mark: str, now: datetime) -> datetime | None:
    """The first instant at which an attempt under a mark has room; None when it has now."""
    waits = []
    number, newest = store.attempts(session, mark, now - WITHIN)
    if number >= FREE and newest is not None:
        waits.append((newest, WAITS[min(number - FREE, len(WAITS) - 1)]))
    filled = store.nth_newest(session, now - TOGETHER_WITHIN, MOST_TOGETHER)
    if filled is not None:
        waits.append((filled, TOGETHER_WITHIN))
    # A clock set back must not make anyone wait longer than the limit's own span.
    ends = [min(since + span, now + span) for since, span in waits]
    late = [end for end in ends if end > now]
    return max(late) if late else None
