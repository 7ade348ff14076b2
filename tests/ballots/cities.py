"""A small city and its voters, for tests of ballots."""

from dataclasses import replace
from datetime import UTC, date, datetime

from ballots.election import plan_election
from ballots.roster import RosterEntry, RosterHead
from ballots.style import styles_of
from eligibility import Split, load_pack

MINNEAPOLIS = load_pack("minneapolis")
SAN_FRANCISCO = load_pack("san-francisco")
DAY = date(2025, 11, 4)
SPLITS = tuple(
    Split(f"W-{ward} P-{n:02}", f"W-{ward} P-{n:02}", {"ward": str(ward), "park": str(park)})
    for ward, n, park in [(1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 2, 2), (10, 1, 6)]
)
HEAD = RosterHead("minneapolis", "Minneapolis", DAY, datetime(2025, 10, 15, 12, tzinfo=UTC), "p" * 64, "m" * 64, True)


def election():
    return plan_election(MINNEAPOLIS, DAY, SPLITS)


def voter(name, split=SPLITS[0], **changes):
    style = styles_of(election()).of_split[split.id]
    entry = RosterEntry(
        voter_id=f"{abs(hash(name)) % 16**8:08x}",
        name=name,
        sort_name=changes.pop("sort_name", name),
        birth_year="1990",
        address="100 3RD AVE S",
        precinct=split.precinct,
        split=split.id,
        style=style.code,
        review="",
        contests=tuple(contest.id for contest in style.contests),
    )
    return replace(entry, **changes)
