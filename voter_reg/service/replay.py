"""Replaying a decision that is kept sealed: the reader is logged first, then it is decided again and compared."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from ballots.decision_document import Evidence, decision_document
from ballots.replay import FactsDestroyed, NotTheSame, read_facts
from eligibility import decide
from eligibility.decision import ENGINE, digest_of
from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import Actor
from voter_reg.service.decisions import DECISION, decision_row
from voter_reg.service.retention import roster_epoch
from voter_reg.service.shelf import Shelf, open_on
from voter_reg.store import certificates, elections, voters
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault
from voter_reg.vault.keys import KeyGone


def replay_kept(
    vault: Vault, shelf: Shelf, election_id: str, voter_id: str, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """Decide again for a voter from the facts kept with their decision; the decision's document.

    Raises:
        BadInput: no such election.
        FactsDestroyed: there is no decision of this voter, or the key that sealed its facts is gone.
        NotTheSame: another engine decided it, or the outcome differs.
    """
    opened = open_on(shelf, election_id)
    with transaction() as session:  # committed before anything is opened, whether or not there is something to see
        log_voter(session, vault, by, "replay", voter_id, now)
    with snapshot() as session:
        row = elections.find(session, election_id)
        sealed = None if row is None else voters.decision(session, election_id, row.generation, voter_id)
        due = roster_epoch(opened.election.pack, opened.election.day)
        purged = certificates.purged_at(session, due)
    if sealed is None and purged is not None:
        raise FactsDestroyed(f"facts destroyed on {purged:%Y-%m-%d}, as those of every decision of {election_id}")
    if sealed is None:
        raise FactsDestroyed(f"{election_id} has no decision of that voter: never made, or destroyed with its facts")
    try:
        kept = DECISION.open(vault, decision_row(election_id, voter_id), sealed)
    except KeyGone as gone:
        raise FactsDestroyed(f"facts destroyed with the key of {gone.epoch}") from None
    if kept.engine != ENGINE:
        raise NotTheSame(f"decided by engine {kept.engine}; this program replays engine {ENGINE}")
    facts = read_facts({"registered": None, "in_person": None, **asdict(kept.facts)})
    salt = bytes.fromhex(kept.salt)
    election = opened.election
    split = next((one for one in election.splits if one.id == kept.split), None)
    decision = decide(facts, election.pack, election.day, split, map_digest=opened.map_digest, salt=salt)
    eligible = () if split is None else [one.id for one in decision.contests if one.eligible]
    style = opened.styles.of(eligible)
    same = (
        kept.facts_digest == digest_of(facts, salt)
        and kept.pack_digest == election.pack.digest
        and kept.map_digest == opened.map_digest
        and kept.contests == tuple(eligible)
        and kept.style == (None if style is None else style.code)
    )
    if not same:
        raise NotTheSame(f"{election_id}: the decision kept differs from what its facts give")
    return decision_document(decision, style, Evidence(facts, salt, election.pack.place, None))
