"""What a registrant sees of their own record: how it stands, and what they may vote in at each coming election."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy.orm import Session

from eligibility import BadInput, BirthDate, decide
from eligibility.contest import Contest
from eligibility.facts import Facts
from eligibility.finding import Finding
from eligibility.pack import Pack
from eligibility.registration import window
from eligibility.split import Split
from voter_reg.service.access_log import log_own
from voter_reg.service.actors import RESIDENT
from voter_reg.service.city import City
from voter_reg.service.decisions import DECISION, decision_row
from voter_reg.service.elections import OpenElection
from voter_reg.service.matches import REVIEW_WITHIN
from voter_reg.service.own_record import NotSignedIn
from voter_reg.service.polling_places import PollingPlace, place_of
from voter_reg.service.review_state import PublicState, public_state
from voter_reg.service.shelf import Shelf
from voter_reg.service.tagging import facts_of
from voter_reg.service.voter_record import RECORD, VoterRecord, version_of
from voter_reg.store import elections, matches, rosters, voters
from voter_reg.store import own_record as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.elections import ElectionRow
from voter_reg.store.voters import VoterRow
from voter_reg.vault import Vault

State = Literal["registered", "waiting", "checking"]

_STATES: dict[str, State] = {voters.ACTIVE: "registered", voters.WAITING: "waiting", voters.HELD: "checking"}


@dataclass(frozen=True, slots=True)
class OwnContest:
    """One contest of an election day: open to the registrant, or which findings are not met."""

    contest: Contest
    open: bool
    unmet: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class OwnElection:
    """A coming election for one registrant.

    `contests` is None while the program has not worked them out yet. `planned` says that the city has not set the
    election up, so that they are what its rules and the record give today; otherwise they are as they were decided and
    sealed. `listed` says that a list of voters was fixed already. `place` is where they vote, if the city has said so.
    """

    day: date
    contests: tuple[OwnContest, ...] | None
    planned: bool
    suspended: bool
    listed: bool
    place: PollingPlace | None = None

    @property
    def open(self) -> tuple[Contest, ...]:
        """The contests that the registrant may vote in."""
        return tuple(one.contest for one in self.contests or () if one.open)


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A registrant's record as they see it. `version` changes with every change of it.

    `by` is the last day to show papers ahead of the next election, or the day by which a check is done; None where
    there is no such day. `card` says that a Municipal ID is what showed where they live. `review` is how far the
    office is with their proof, where it has one to look at.
    """

    state: State
    by: date | None
    record: VoterRecord
    split: Split | None
    elections: tuple[OwnElection, ...]
    card: bool
    version: str
    review: PublicState | None


def look(vault: Vault, city: City, shelf: Shelf, voter_id: str, *, action: str = "look", now: datetime) -> OwnRecord:
    """Show a registrant their record; that it is read is in the log before it is opened. `action` says for what page.

    Raises:
        NotSignedIn: they have left the roll meanwhile.
    """
    row = logged(vault, voter_id, action, now)
    record = RECORD.open(vault, voter_id, row.sealed)
    split = city.map.splits.get(row.split)
    with snapshot() as session:
        coming = tuple(_coming(session, vault, shelf, row, one) for one in _rows(session, city, now))
        by = _by(session, city, row, now)
        review = public_state(session, vault, city, voter_id, now)
    next_day = city.coming_election(now)
    if next_day is not None and all(one.day != next_day for one in coming):
        shown = _contests(city.pack, next_day, facts_of(record), split, None)
        coming = (OwnElection(next_day, shown, planned=True, suspended=False, listed=False), *coming)
    ordered = tuple(sorted(coming, key=lambda one: one.day))
    card, version = bool(row.card_index), version_of(row.sealed)
    return OwnRecord(_STATES[row.state], by, record, split, ordered, card, version, review)


def logged(vault: Vault, voter_id: str, action: str, now: datetime) -> VoterRow:
    """A registrant's row, once that it is read is in the log; raises as `look`."""
    with transaction() as session:
        row = store.present(session, voter_id)
        if row is None:
            raise NotSignedIn
        log_own(session, vault, RESIDENT, action, voter_id, now)
        session.flush()
        session.expunge(row)
    return row


def _rows(session: Session, city: City, now: datetime) -> list[ElectionRow]:
    return [row for row in elections.on_or_after(session, city.today(now)) if row.id == city.election_id(row.day)]


def _coming(session: Session, vault: Vault, shelf: Shelf, voter: VoterRow, row: ElectionRow) -> OwnElection:
    """One election that is set up, as it was decided for the registrant."""
    listed = bool(rosters.ids_of(session, [row.id]))
    sealed = voters.decision(session, row.id, row.generation, voter.id)
    opened = _opened(shelf, row)
    if opened is None:
        return OwnElection(row.day, None, planned=False, suspended=row.suspended, listed=listed)
    splits = {split.id: split for split in opened.election.splits}
    if sealed is None:
        split, shown = splits.get(voter.split), None
    else:
        kept = DECISION.open(vault, decision_row(row.id, voter.id), sealed)
        split = splits.get(kept.split)
        since = None if kept.facts.resident_since is None else date.fromisoformat(kept.facts.resident_since)
        facts = Facts(BirthDate.parse(kept.facts.birth), since, frozenset(kept.facts.sworn))
        decided = frozenset(kept.contests)
        shown = () if split is None else _contests(opened.election.pack, row.day, facts, split, decided)
    place = None if split is None or row.suspended else place_of(session, row.id, split.precinct)
    return OwnElection(row.day, shown, planned=False, suspended=row.suspended, listed=listed, place=place)


def _opened(shelf: Shelf, row: ElectionRow) -> OpenElection | None:
    """The election of a row; None while its rules are not what it was decided by, which the office must mend."""
    try:
        return shelf.opened(row)
    except BadInput:
        return None


def _contests(
    pack: Pack, day: date, facts: Facts, split: Split | None, decided: frozenset[str] | None
) -> tuple[OwnContest, ...]:
    """The contests of a day: which are open is as it was decided where it was, and the reasons come with them."""
    made = decide(facts, pack, day, split).contests
    return tuple(
        OwnContest(
            one.contest,
            one.eligible if decided is None else one.id in decided,
            tuple(finding for finding in one.findings if not finding.met),
        )
        for one in made
    )


def _by(session: Session, city: City, row: VoterRow, now: datetime) -> date | None:
    if row.state == voters.HELD:
        found = matches.earliest_waiting(session, row.id)
        return None if found is None else city.today(found + REVIEW_WITHIN)
    next_day = city.coming_election(now)
    if row.state == voters.ACTIVE or next_day is None:
        return None
    found_window = window(city.pack, next_day)
    if found_window is None:
        return None
    closes = found_window.closes_in_person or found_window.closes
    return city.today(closes) if closes >= now else None
