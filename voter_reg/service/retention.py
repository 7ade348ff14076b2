"""How long each kind of data is kept, and the key epoch that follows: the month in which it becomes unreadable."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from eligibility.pack import Registration
from voter_reg.vault.keys import epoch_of

RECORD_MONTHS = 48
"""Months that a record is kept without the registrant renewing it, as Minn. Stat. 201.171 keeps a voter's."""

ELECTION_MONTHS = 22
"""Months after election day that its materials are kept (Minn. Stat. 204B.40)."""


def record_epoch(today: date, election: date | None, rule: Registration | None) -> str:
    """The epoch of a record made today: four years on, or 22 months after the one election that it is for."""
    if election is not None and rule is not None and rule.validity == "one-election":
        return epoch_of(months_after(election, ELECTION_MONTHS))
    return epoch_of(months_after(max(today, election or today), RECORD_MONTHS))


def roster_epoch(election: date) -> str:
    """The epoch of a roster of an election."""
    return epoch_of(months_after(election, ELECTION_MONTHS))


def months_after(day: date, months: int) -> date:
    """The last day of the month that is so many months after a day's."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])
