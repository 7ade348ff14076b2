"""The window of registration for an election, to the minute in the city's zone, and what it says of a registration."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eligibility.contest import previous_election
from eligibility.dated import DatedValue
from eligibility.facts import Facts, Registered
from eligibility.finding import Finding
from eligibility.pack import Pack, Registration

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """When one may register for an election; aware instants in the city's zone.

    `closes` and `closes_in_person` are the last minutes that the law names, and each still counts to its end: "by 5 pm"
    is in time at 5:00:59. `closes_in_person` is None where nobody may register after `closes`. `opens` is None where a
    registration goes on from one election to the next.
    """

    opens: datetime | None
    closes: datetime
    closes_in_person: datetime | None
    rule: DatedValue[Registration]

    def is_open(self, at: datetime) -> bool:
        """Whether one may register from afar at an instant."""
        return self._has_opened(at) and at.astimezone(UTC) < _end_of(self.closes)

    def is_open_in_person(self, at: datetime) -> bool:
        """Whether one may register in person at an instant."""
        return self.is_open(at) or (
            self.closes_in_person is not None
            and self._has_opened(at)
            and at.astimezone(UTC) < _end_of(self.closes_in_person)
        )

    @property
    def seconds(self) -> tuple[int, int, int]:
        """The same in Unix seconds: the first that is in time, and the first too late from afar and in person."""
        late = math.floor(_end_of(self.closes).timestamp())
        in_person = 0 if self.closes_in_person is None else math.floor(_end_of(self.closes_in_person).timestamp())
        return 0 if self.opens is None else math.floor(self.opens.timestamp()), late, max(late, in_person)

    def _has_opened(self, at: datetime) -> bool:
        return self.opens is None or at.astimezone(UTC) >= self.opens.astimezone(UTC)


def _end_of(minute: datetime) -> datetime:
    """The first instant after a minute."""
    # In UTC: sums and comparisons within one zone are of wall clocks, and forget which of two equal hours is meant.
    return minute.astimezone(UTC) + _MINUTE


def window(pack: Pack, election: date) -> Window | None:
    """The window of registration for the election of a day; None while the pack has no rule in force."""
    rule = pack.registration.on(election)
    if rule is None:
        return None
    zone = ZoneInfo(pack.time_zone)
    until = rule.value.same_day_until
    return Window(
        opens=_opens(pack, rule.value, election, zone),
        closes=_at(election - timedelta(days=rule.value.closes_days_before), rule.value.closes_at, zone),
        closes_in_person=None if until is None else _at(election, until, zone),
        rule=rule,
    )


def registration_finding(pack: Pack, facts: Facts, found: Window | None) -> Finding | None:
    """What a window says of a registration; None where none was stated or no rule is in force."""
    if facts.registered is None or found is None:
        return None
    message, limit = _judge(found, facts.registered)
    met = message in {"registration.in-time", "registration.in-person"}
    local = facts.registered.at.astimezone(ZoneInfo(pack.time_zone))
    return Finding("registration", met, _minute(local), _minute(limit), found.rule.source, message)


def _judge(found: Window, registered: Registered) -> tuple[str, datetime]:
    at, last = registered.at, found.closes_in_person
    if found.opens is not None and at.astimezone(UTC) < found.opens.astimezone(UTC):
        return "registration.anew", found.opens
    if found.is_open(at):
        return "registration.in-time", found.closes
    if last is None or not found.is_open_in_person(at):
        return "registration.late", last or found.closes
    return ("registration.in-person", last) if registered.in_person else ("registration.come-in-person", found.closes)


def _opens(pack: Pack, rule: Registration, election: date, zone: ZoneInfo) -> datetime | None:
    """A roll of one election takes names from the day after the election before it."""
    before = previous_election(pack, election) if rule.validity == "one-election" else None
    return None if before is None else datetime.combine(before + _DAY, time(), zone)


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    # fold=1: of an hour that the clocks run through twice, the later one closes.
    return datetime.combine(day, time.fromisoformat(clock), zone).replace(fold=1)


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
