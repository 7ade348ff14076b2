"""Rosters: freezing who may vote in an election, and reading back exactly what was frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from ballots.roster import (
    RosterBlock,
    RosterEntry,
    RosterHead,
    block_bytes,
    in_roster_order,
    read_block,
    roster_digest,
)
from eligibility import BadInput
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.service.decisions import DECISION, decision_row
from voter_reg.service.elections import OpenElection
from voter_reg.service.envelope import Envelope
from voter_reg.service.matches import note_missing
from voter_reg.service.retention import roster_epoch
from voter_reg.service.shelf import Shelf, open_on
from voter_reg.service.tagging import tag_missing
from voter_reg.service.voter_record import RECORD
from voter_reg.store import matches, voters
from voter_reg.store import rosters as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault

BLOCK = Envelope[RosterBlock]("roster-block", "roster_block.sealed", RosterEntry, bytes, RosterBlock)
"""One precinct's voters; what is frozen and digested are its very bytes."""


@dataclass(frozen=True, slots=True)
class RosterSummary:
    """A frozen roster as staff see it listed."""

    id: str
    election_id: str
    frozen_at: datetime
    voters: int
    digest: str


def freeze(vault: Vault, shelf: Shelf, election_id: str, *, by: Actor, now: datetime) -> RosterSummary:
    """Freeze the roster of an election: every active voter with a style, one sealed block a precinct.

    Whoever registered and is not tagged yet is tagged first, so that nobody is missing because a job was late. A voter
    with a match that waits for a reviewer carries a mark.

    Raises:
        BadInput: no such election, or its pack or map has changed.
        ApprovalMissing, Suspended: it may not be held now.
    """
    planned = open_on(shelf, election_id)
    planned.require_at_work()
    tag_missing(vault, shelf, planned, now)
    note_missing(now)
    opened, now = open_on(shelf, election_id), now.astimezone(UTC).replace(microsecond=0)
    with transaction() as session:  # law 4: committed before the first record is opened
        log_bulk(session, by, "roster", "read", election_id, voters.count(session), now)
    entries = _entries(vault, opened)
    blocks = [
        (precinct, block_bytes(list(group))) for precinct, group in groupby(entries, key=lambda entry: entry.precinct)
    ]
    digest = roster_digest(head_of(opened, now), blocks)
    epoch = roster_epoch(opened.election.pack, opened.election.day)
    with transaction() as session:
        roster_id = f"{election_id}-r{len(store.of_election(session, election_id)) + 1}"
        sealed = [
            (precinct, BLOCK.seal(vault, f"{roster_id}|{n}", epoch, raw)) for n, (precinct, raw) in enumerate(blocks)
        ]
        row = store.RosterRow(
            id=roster_id,
            election_id=election_id,
            frozen_at=now,
            digest=digest,
            voters=len(entries),
            key_id=epoch,
            due=epoch,
        )
        store.add(session, row, sealed)
        log_bulk(session, by, "roster", "freeze", roster_id, len(entries), now)
    return RosterSummary(roster_id, election_id, now, len(entries), digest)


def every() -> list[RosterSummary]:
    """All frozen rosters, oldest first."""
    with snapshot() as session:
        return [_summary(row) for row in store.every(session)]


def find(roster_id: str) -> RosterSummary:
    """One roster.

    Raises:
        BadInput: there is none of that id; names those there are.
    """
    with snapshot() as session:
        row = store.find(session, roster_id)
        if row is None:
            known = ", ".join(one.id for one in store.every(session)) or "none"
            raise BadInput(f"no such roster; known: {known}", roster_id[:80])
        return _summary(row)


def read(vault: Vault, opened: OpenElection, roster: RosterSummary) -> list[RosterEntry]:
    """The entries of a roster, refused unless they are exactly what was frozen. Who reads logs it first.

    Raises:
        BadInput: the blocks are not what the digest says, or name a contest the city does not control.
    """
    with snapshot() as session:
        sealed = list(store.blocks(session, roster.id))
    blocks = [(precinct, BLOCK.open(vault, f"{roster.id}|{ordinal}", raw)) for ordinal, precinct, raw in sealed]
    if roster_digest(head_of(opened, roster.frozen_at), blocks) != roster.digest:
        raise BadInput("its blocks are not what was frozen: the digest differs", roster.id)
    entries = [entry for _, raw in blocks for entry in read_block(raw)]
    # Law 2's fourth gate: what leaves the house names only what the city controls.
    controlled = {contest.id for contest in opened.election.all_contests}
    if any(not controlled.issuperset(entry.contests) for entry in entries):
        raise BadInput("names a contest outside the city's control", roster.id)
    return entries


def head_of(opened: OpenElection, frozen_at: datetime) -> RosterHead:
    """What a roster of this election, frozen then, says of itself."""
    pack = opened.election.pack
    return RosterHead(
        place=pack.place,
        place_name=pack.name,
        day=opened.election.day,
        frozen_at=frozen_at,
        pack_digest=pack.digest,
        map_digest=opened.map_digest,
        demonstration=opened.election.demonstration,
    )


def _entries(vault: Vault, opened: OpenElection) -> list[RosterEntry]:
    """Every active voter who has a style, in roster order."""
    precinct_of = {split.id: split.precinct for split in opened.election.splits}
    entries = []
    with snapshot() as session:
        marked = matches.under_review(session)
        for voter_id, split, sealed, decision in voters.active_with_decisions(session, opened.id, opened.generation):
            kept = DECISION.open(vault, decision_row(opened.id, voter_id), decision)
            if kept.style is not None:
                record = RECORD.open(vault, voter_id, sealed)
                unit = f" UNIT {record.unit}" if record.unit else ""
                entry = RosterEntry(
                    voter_id=voter_id,
                    name=record.name,
                    sort_name=record.sort_name,
                    birth_year=record.birth[:4],
                    address=f"{record.address}{unit}",
                    precinct=precinct_of[split],
                    split=split,
                    style=kept.style,
                    review="1" if voter_id in marked else "",
                    contests=kept.contests,
                )
                entries.append(entry)
    return in_roster_order(entries)


def _summary(row: store.RosterRow) -> RosterSummary:
    return RosterSummary(row.id, row.election_id, row.frozen_at, row.voters, row.digest)
