"""Tagging: which contests each registrant may vote in, decided for one voter or for all, and sealed with its facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eligibility import BirthDate, Facts
from voter_reg.service.access_log import log_bulk, log_voter
from voter_reg.service.actors import SERVICE
from voter_reg.service.answers import resident_since_day
from voter_reg.service.city import City
from voter_reg.service.decisions import Registrant, SealedDecision
from voter_reg.service.elections import OpenElection
from voter_reg.service.jobs import Clock, Progress
from voter_reg.service.matches import note_matches
from voter_reg.service.shelf import Shelf, open_on
from voter_reg.service.voter_record import RECORD, VoterRecord
from voter_reg.store import demands, elections, voters
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault
from voter_reg.vault.vault import epoch_in

_CHUNK = 250  # registrants a transaction: well under a tenth of a second, so that no one waits for a write

Watch = Callable[[Session, int], None]
"""Told within each chunk's transaction how many it tagged."""


def tag_voter(vault: Vault, shelf: Shelf, city: City, voter_id: str, progress: Progress, now: datetime) -> None:  # noqa: PLR0917
    """Tag one registrant for every election still to come; those that are tagged already stay as they are.

    Whose records meet theirs is looked up in the same transaction, off the request that registered them.
    """
    with snapshot() as session:
        found = voters.find(session, voter_id)
        rows = elections.on_or_after(session, city.today(now))
        coming = [shelf.opened(row) for row in rows if not row.suspended]
    made = _decided(vault, shelf, coming, found)
    with transaction() as session:
        current = voters.find(session, voter_id)
        if current != found:  # corrected, held or renewed meanwhile: what was decided may rest on old facts
            found, made = current, _decided(vault, shelf, coming, current)
        if found is not None and voters.state_of(session, voter_id) != voters.LEFT:
            log_voter(session, vault, SERVICE, "tag", voter_id, now)
            note_matches(session, voter_id, now)
            for election_id, sealed in made.items():
                # The generation in use may have changed since; the decision is the same in each.
                row = elections.find(session, election_id)
                if row is not None and not voters.has_decision(session, row.id, row.generation, voter_id):
                    voters.add_decisions(session, [_row(row.id, row.generation, voter_id, sealed)])
        progress.finish_within(session, 1)


def _decided(
    vault: Vault, shelf: Shelf, coming: list[OpenElection], found: voters.Untagged | None
) -> dict[str, SealedDecision]:
    if found is None:
        return {}
    registrant = _registrant(vault, found)
    return {opened.id: shelf.tagger(opened).decide_one(vault, registrant) for opened in coming}


def tag_election(  # noqa: PLR0917
    vault: Vault, shelf: Shelf, election_id: str, args: Mapping[str, Any], progress: Progress, clock: Clock
) -> None:
    """Tag every registrant anew, in chunks into a new generation that is put to use with the last of them.

    Can be stopped at any moment and run again: the job keeps which generation is its own, and goes on with whoever has
    no decision in it.
    """
    opened = open_on(shelf, election_id)
    opened.require_at_work()
    with transaction() as session:
        generation = int(args.get("generation", opened.generation + 1))
        progress.keep(session, {**args, "generation": generation})
        done, total = voters.count_tagged(session, election_id, generation), voters.count(session)
        # Law 4: committed before the first record is opened.
        log_bulk(session, SERVICE, "tagging", "read", election_id, total - done, clock())
        progress.within(session, done, total)
    if opened.generation < generation:

        def watch(session: Session, count: int) -> None:
            nonlocal done
            done += count
            progress.within(session, done, max(done, total))

        fill(vault, shelf, opened, generation, watch, switch=_PutToUse(opened, clock))
    while _removed_older(election_id, generation):
        pass
    progress.finish(max(done, total))


def tag_missing(vault: Vault, shelf: Shelf, opened: OpenElection, now: datetime) -> None:
    """Tag whoever has no decision yet in the generation in use: a registrant whose job is still to come."""
    with transaction() as session:
        missing = voters.count(session) - voters.count_tagged(session, opened.id, opened.generation)
        if missing:
            log_bulk(session, SERVICE, "tagging", "read", opened.id, missing, now)
    fill(vault, shelf, opened, opened.generation, None, switch=None)


def fill(
    vault: Vault,
    shelf: Shelf,
    opened: OpenElection,
    generation: int,
    watch: Watch | None,
    *,
    switch: _PutToUse | None,
) -> None:
    """Give everyone a decision of a generation, a chunk a transaction; in the last, put the generation to use."""
    tagger, last = shelf.tagger(opened), ""
    while True:
        with transaction() as session:
            chunk = voters.untagged(session, opened.id, generation, last, _CHUNK)
            if chunk:
                people = [_registrant(vault, one) for one in chunk]
                made = tagger.decide_many(vault, people)
                rows = [_row(opened.id, generation, who.id, one) for who, one in zip(people, made, strict=True)]
                voters.add_decisions(session, rows)
                if watch is not None:
                    watch(session, len(chunk))
                last = chunk[-1].id
                continue
            total = voters.count(session)
            if voters.count_tagged(session, opened.id, generation) == total:
                if switch is not None:
                    switch(session, generation, total)
                return
        last = ""  # someone registered meanwhile whose id comes before `last`


class _PutToUse:
    """Switches an election to a generation that is whole, and says so in the log."""

    def __init__(self, opened: OpenElection, clock: Clock) -> None:
        self._election_id = opened.id
        self._clock = clock

    def __call__(self, session: Session, generation: int, total: int) -> None:
        row = elections.find(session, self._election_id)
        assert row is not None
        row.generation = max(row.generation, generation)
        session.flush()
        log_bulk(session, SERVICE, "tagging", "tag", self._election_id, total, self._clock())


def facts_of(record: VoterRecord) -> Facts:
    """The facts that a voter's opened record states."""
    since = resident_since_day(record.resident_since)
    return Facts(BirthDate.parse(record.birth), since, frozenset(record.sworn))


def _registrant(vault: Vault, one: voters.Untagged) -> Registrant:
    facts = facts_of(RECORD.open(vault, one.id, one.sealed))
    return Registrant(one.id, one.split, facts, epoch_in(one.sealed), one.due)


def _removed_older(election_id: str, generation: int) -> int:
    """Remove some decisions that a newer generation replaces; none while a legal hold stands, whatever it covers."""
    with transaction() as session:
        if demands.holds(session):
            return 0
        return voters.remove_older_decisions(session, election_id, generation, _CHUNK)


def _row(election_id: str, generation: int, voter_id: str, made: SealedDecision) -> dict[str, Any]:
    of = {"election_id": election_id, "generation": generation, "voter_id": voter_id}
    return {**of, "key_id": made.key_id, "due": made.due, "sealed": made.sealed}
