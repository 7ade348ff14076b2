"""How long each kind of data is kept, and the key epoch that follows: the month in which it becomes unreadable.

What the law of a place sets stands in its pack, cited; what it does not touch stands here, with the reason.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from eligibility import Pack
from eligibility.retention import RUNS_FROM, Clock
from voter_reg.vault.keys import epoch_of


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the schedule. `kept` is the time in words, `runs_from` what it is counted from."""

    kind: str
    kept: str
    runs_from: str
    reason: str
    href: str = ""


_OWN: Final = (
    Rule(
        "draft",
        "2 days",
        "the last answer",
        "Time to come back with the link, which works for a day; nobody needs it longer.",
    ),
    Rule("receipt", "1 day", "registering", "The browser that registered can fetch its code and copy once more."),
    Rule(
        "paper",
        "until it is approved, and at most 14 days",
        "sending, then signing, then an appeal or what is asked for; refused ones as refused-papers",
        "Residency papers: time to look at them twice; nobody needs them after that.",
    ),
    Rule("match", "as long as both records", "registering", "Two registrations that may be one person's (law 6)."),
    Rule("vouching-code", "14 days", "registering", "A neighbor can vouch with it; it goes sooner once it was used."),
    Rule("vouching-count", "until election day is over", "vouching", "The law limits how many one voter vouches for."),
    Rule("vouching-page", "30 minutes", "the page", "Time to read the oath; no copy is kept here."),
    Rule("letter", "90 days", "printing", "To see that it went out; the row goes with the record, or before it."),
    Rule("job", "30 days", "its end", "To see what failed; jobs hold ids and no personal data."),
    Rule("approval", "6 years", "filing", "Who approved what, as long as most claims about it can be brought."),
    Rule("session", "12 hours", "signing in", "After that a session opens nothing; its row goes within a day."),
    Rule(
        "own-session", "1 hour", "signing in", "After that it opens nothing; a code from the office ends the same day."
    ),
    Rule("attempt", "2 days", "the attempt", "To slow down guessing; holds no address."),
    Rule(
        "account",
        "as long as it is used",
        "enrolment",
        "Staff who work here; the name stays so that the log can be read.",
    ),
    Rule(
        "log", "as long as the service", "the entry", "Proof of who looked; subjects are keyed hashes, nobody's name."
    ),
    Rule("certificate", "as long as the service", "the purge", "Proof of what was removed and when; counts alone."),
    Rule("election-frame", "as long as the service", "its creation", "Which rules and lines decided; nobody's data."),
    Rule("setting", "as long as the service", "the first start", "What a process must know to run; nobody's data."),
    Rule("process-log", "as the operator sets it", "the entry", "Errors by kind and place; no addresses, no names."),
    Rule("key", "until its month is over", "first use", "What expires in a month is sealed by that month's key."),
)

JOB_DAYS: Final = 30
LETTER_DAYS: Final = 90
APPROVAL_YEARS: Final = 6


def schedule(pack: Pack, day: date) -> tuple[Rule, ...]:
    """The whole schedule of a place as it is on a day: the law's kinds first, then the service's own."""
    lawful = []
    for kind, runs_from in RUNS_FROM.items():
        in_force = pack.retention[kind].on(day) or pack.retention[kind].latest
        lawful.append(Rule(kind, str(in_force.value), runs_from, in_force.source.cite, in_force.source.href))
    return (*lawful, *_OWN)


def record_epoch(pack: Pack, today: date, election: date | None) -> str:
    """The epoch of a record signed today: by the record's clock, or by the one election's that it is for."""
    rule = None if election is None else pack.registration.on(election)
    if election is not None and rule is not None and rule.value.validity == "one-election":
        return roster_epoch(pack, election)
    return _epoch(clock(pack, "record", today), max(today, election or today))


def roster_epoch(pack: Pack, election: date) -> str:
    """The epoch of the materials of an election."""
    return _epoch(clock(pack, "election", election), election)


def demand_epoch(pack: Pack, closed: date) -> str:
    """The epoch of a demand's entry that is closed on a day."""
    return _epoch(clock(pack, "demand", closed), closed)


def clock(pack: Pack, kind: str, day: date) -> Clock:
    """The clock of a kind on a day; before a pack's first value its newest."""
    return (pack.retention[kind].on(day) or pack.retention[kind].latest).value


def months_after(day: date, months: int) -> date:
    """The last day of the month that is so many months after a day's."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _epoch(kept: Clock, day: date) -> str:
    if kept.months:
        return epoch_of(months_after(day, kept.months))
    return epoch_of(date.fromordinal(day.toordinal() + kept.days))
