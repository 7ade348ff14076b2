"""Decisions as they are kept: sealed, with the facts and the salt they rest on, so that each can be replayed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated

from eligibility import BadInput, Facts, decide
from eligibility.bulk import Tagger, people_of
from eligibility.decision import ENGINE, digest_of
from voter_reg.service.elections import OpenElection
from voter_reg.service.envelope import record_envelope
from voter_reg.service.retention import roster_epoch
from voter_reg.vault import Vault

_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Registrant:
    """One who is to be tagged; `key_id` is their record's key, `due` the month in which its clock ends."""

    id: str
    split: str
    facts: Facts
    key_id: str
    due: str


@dataclass(frozen=True, slots=True)
class SealedDecision:
    """A decision as its row keeps it."""

    key_id: str
    due: str
    sealed: bytes


@dataclass(frozen=True)
class KeptFacts:
    """The facts a decision rests on. Dates are ISO text."""

    birth: Annotated[str, "The birth date, as precise as stated: whether the age is met."]
    resident_since: Annotated[str | None, "Since when the person lives here: whether the time is met."]
    sworn: Annotated[tuple[str, ...], "Which statements were sworn, by their fixed keys."]


@dataclass(frozen=True)
class KeptDecision:
    """One decision with all that replaying it needs."""

    style: Annotated[str | None, "The ballot style; none when no contest is open."]
    contests: Annotated[tuple[str, ...], "The contests open to the voter."]
    split: Annotated[str, "The precinct split decided for."]
    on: Annotated[str, "The election day decided for."]
    engine: Annotated[str, "The version of the program's rules that decided."]
    pack_digest: Annotated[str, "Which place's rules decided."]
    map_digest: Annotated[str, "Which district map decided."]
    facts_digest: Annotated[str, "A salted digest of the facts, so that a change is noticed."]
    salt: Annotated[str, "The digest's salt, so that nobody finds the facts by trying."]
    facts: Annotated[KeptFacts, "The facts it rests on, so that it can be decided again."]


DECISION = record_envelope("decision", "decision.sealed", KeptDecision)


def decision_row(election_id: str, voter_id: str) -> str:
    """The row that a decision's envelope is bound to."""
    return f"{election_id}|{voter_id}"


class ElectionTagger:
    """One election made ready to decide for one registrant or for many; both give the same."""

    def __init__(self, opened: OpenElection) -> None:
        self._opened = opened
        self._splits = {split.id: split for split in opened.election.splits}
        self._position = {split_id: position for position, split_id in enumerate(self._splits)}
        self._controlled = {contest.id for contest in opened.election.all_contests}
        self._due = roster_epoch(opened.election.pack, opened.election.day)

    def decide_one(self, vault: Vault, who: Registrant) -> SealedDecision:
        """The sealed decision for one registrant. Who lives in no split of this election's map has no contest."""
        split, election = self._splits.get(who.split), self._opened.election
        ids: Collection[str] = ()
        if split is not None:
            made = decide(who.facts, election.pack, election.day, split)
            ids = [contest.id for contest in made.contests if contest.eligible]
        return self._seal(vault, who, ids)

    def decide_many(self, vault: Vault, people: Sequence[Registrant]) -> list[SealedDecision]:
        """The sealed decisions for many registrants, in their order."""
        columns = people_of([who.facts for who in people], [self._position.get(who.split, -1) for who in people])
        contests = [self._bulk.contests_of(tag) for tag in self._bulk.tag(columns)]
        ids = [[contest.id for contest in of_one] for of_one in contests]
        return [self._seal(vault, who, of_one) for who, of_one in zip(people, ids, strict=True)]

    @cached_property
    def _bulk(self) -> Tagger:
        return Tagger(self._opened.election.pack, self._opened.election.day, self._opened.election.splits)

    def _seal(self, vault: Vault, who: Registrant, contests: Collection[str]) -> SealedDecision:
        """Law 2's third gate, then the envelope: nothing is tagged that the election does not hold."""
        opened = self._opened
        if not self._controlled.issuperset(contests):
            raise BadInput("a decision names a contest outside the city's control", opened.id)
        style, salt = opened.styles.of(contests), secrets.token_bytes(_SALT_BYTES)
        facts = KeptFacts(who.facts.birth.iso(), _iso(who.facts.resident_since), tuple(sorted(who.facts.sworn)))
        kept = KeptDecision(
            style=None if style is None else style.code,
            contests=tuple(contests),
            split=who.split,
            on=opened.election.day.isoformat(),
            engine=ENGINE,
            pack_digest=opened.election.pack.digest,
            map_digest=opened.map_digest,
            facts_digest=digest_of(who.facts, salt),
            salt=salt.hex(),
            facts=facts,
        )
        # It expires with the record or with the election's materials, whichever is first; a hold keeps both.
        due = min(who.due, self._due)
        key_id = due if who.key_id == who.due else who.key_id
        return SealedDecision(key_id, due, DECISION.seal(vault, decision_row(opened.id, who.id), key_id, kept))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
