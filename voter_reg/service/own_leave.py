"""Leaving the roll: off every list that is made from now on, at once; and what the law keeps, for how long.

No reason and no date is kept. Whoever leaves for whatever reason leaves by this one way, so that neither the database
nor the log tells one from another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from eligibility.dated import Citation
from voter_reg.service.access_log import log_own
from voter_reg.service.actors import RESIDENT
from voter_reg.service.city import City
from voter_reg.service.matches import note_held_for
from voter_reg.service.own_record import NotSignedIn
from voter_reg.service.scope import covering
from voter_reg.service.voter_record import RECORD
from voter_reg.store import elections, expiry, letters, matches, papers, reviews, rosters, voters, vouching
from voter_reg.store import own_record as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.voters import VoterRow
from voter_reg.vault import Vault
from voter_reg.vault.keys import epoch_of, is_hold
from voter_reg.vault.vault import epoch_in


@dataclass(frozen=True, slots=True)
class KeptList:
    """The papers of an election that may name the registrant: kept to the end of a month (YYYY-MM), by which law."""

    day: date
    until: str
    source: Citation


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaving removes and what it cannot.

    `lists` are of elections whose list of voters was fixed already; with none, the record goes at once. Otherwise it is
    kept with them, sealed and found by nobody's code, until `record_until`. Copies in backups can be read until the key
    of `backups_until` is destroyed. It says the same whether or not a legal demand keeps the record: nobody is told.
    """

    lists: tuple[KeptList, ...]
    record_until: str | None
    backups_until: str


def what_leaving_removes(city: City, voter_id: str) -> Leaving:
    """Say it before it is done. Nothing sealed is opened for it.

    Raises:
        NotSignedIn: the registrant has left already.
    """
    with snapshot() as session:
        row = store.present(session, voter_id)
        if row is None:
            raise NotSignedIn
        return _leaving(session, city, row)


def leave(vault: Vault, city: City, voter_id: str, *, now: datetime) -> Leaving:
    """Take a registrant off the roll, at their own wish; every session of theirs ends.

    A record that a legal demand covers is left as it is, out of every list and of its owner's reach, and goes by its
    own clock once that is released.

    Raises:
        NotSignedIn: they have left already.
    """
    with transaction() as session:
        row = store.present(session, voter_id, locked=True)
        if row is None:
            raise NotSignedIn
        leaving = _leaving(session, city, row)
        log_own(session, vault, RESIDENT, "leave", voter_id, now)
        store.end_all(session, voter_id)
        note_held_for(session, row.card_index, now)
        _free_who_is_held_against(session, voter_id)
        tagged_for = voters.elections_of(session, voter_id)
        if covering(session, voter_id, tagged_for) or is_hold(epoch_in(row.sealed)):
            row.state, row.due = voters.LEFT, leaving.record_until or epoch_of(city.today(now))
            session.flush()
            return leaving
        letters.remove_of(session, voter_id)
        papers.remove_of_voter(session, voter_id)
        reviews.remove_of(session, voter_id)
        vouching.remove_codes_of(session, voter_id)
        matches.remove_of(session, voter_id)
        matches.remove_keys(session, voter_id)
        if leaving.record_until is None:
            session.expunge(row)
            expiry.remove_voters(session, [voter_id])
            return leaving
        listed = {f"{city.pack.place}-{one.day.isoformat()}" for one in leaving.lists}
        voters.remove_decisions(session, voter_id, [one for one in tagged_for if one not in listed])
        _keep_with_the_lists(vault, row, leaving.record_until)
        session.flush()
        return leaving


def _leaving(session: Session, city: City, row: VoterRow) -> Leaving:
    lists = []
    for election_id in voters.elections_of(session, row.id):
        election = elections.find(session, election_id)
        due = rosters.newest_due(session, election_id)
        if election is not None and due is not None:
            rule = city.pack.retention["election"].on(election.day) or city.pack.retention["election"].latest
            lists.append(KeptList(election.day, due, rule.source))
    lists.sort(key=lambda one: one.day)
    until = min(row.due, max(one.until for one in lists)) if lists else None
    return Leaving(tuple(lists), until, row.due)


def _keep_with_the_lists(vault: Vault, row: VoterRow, until: str) -> None:
    """The signed registration alone, under the key of the month in which the lists end; nothing that finds it."""
    record = RECORD.open(vault, row.id, row.sealed)
    kept = replace(record, email=None, mail_to=None, language="en")
    row.sealed = RECORD.seal(vault, row.id, until, kept)
    row.key_id = row.due = until
    row.state, row.card_index, row.match_index = voters.LEFT, None, ""
    row.code_index = f"left|{row.id}"


def _free_who_is_held_against(session: Session, voter_id: str) -> None:
    """A record that is held as this one's double has no other to be doubled by: it may show papers again."""
    for match in matches.of_voter(session, voter_id):
        other = match.newer if match.older == voter_id else match.older
        holds_other = match.held and other == (match.newer if match.held == "newer" else match.older)
        by_card = match.strength == matches.CARD and match.state in matches.WAITING_STATES and other == match.newer
        if not (holds_other or by_card) or voters.state_of(session, other) != voters.HELD:
            continue
        if matches.also_holding(session, match.id, other) is None:
            voters.change_state(session, other, voters.WAITING)
