"""Which contests one person may vote in on one day, with a finding and a citation for each reason."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from eligibility.contest import Contest, contests_due, contests_in
from eligibility.facts import Facts
from eligibility.office import Outside
from eligibility.pack import Pack
from eligibility.requirement import Finding, applies_to
from eligibility.split import Split

ENGINE = "1"
"""The version of the rules engine; it changes whenever the same pack, map and facts could decide otherwise."""


@dataclass(frozen=True, slots=True)
class ContestDecision:
    """One contest and whether the person may vote in it: only when every finding is met."""

    contest: Contest
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """The contest's id."""
        return self.contest.id

    @property
    def title(self) -> str:
        """The contest's title."""
        return self.contest.title

    @property
    def eligible(self) -> bool:
        """Whether every requirement is met. A contest without a single requirement is nobody's."""
        return bool(self.findings) and all(finding.met for finding in self.findings)


@dataclass(frozen=True, slots=True)
class OutsideDecision:
    """A contest outside the city's control: never eligible, with the reason."""

    outside: Outside
    finding: Finding


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision rests on, so that it can be replayed: digests of pack, map and facts, the day, the engine.

    `facts_digest` is salted with 128 bits, so that a stolen decision cannot be matched against guessed facts.
    """

    engine: str
    place: str
    pack_digest: str
    map_digest: str | None
    split: str | None
    on: date
    facts_digest: str


@dataclass(frozen=True, slots=True)
class Decision:
    """All contests of the day for one person: those the city controls, and those it does not."""

    contests: tuple[ContestDecision, ...]
    outside: tuple[OutsideDecision, ...]
    demonstration: bool
    basis: Basis

    @property
    def eligible_ids(self) -> frozenset[str]:
        """The ids of the contests the person may vote in."""
        return frozenset(contest.id for contest in self.contests if contest.eligible)


def decide(
    facts: Facts, pack: Pack, on: date, split: Split | None, *, map_digest: str | None = None, salt: bytes = b""
) -> Decision:
    """Decide for one person which contests up on `on` they may vote in.

    With a split, the contests are those of its districts. Without one, citywide contests are decided as they are
    and each class of district contest once, as if for the district of the person's own address.
    """
    due = contests_due(pack, on)
    contests = due if split is None else contests_in(due, split)
    return Decision(
        contests=tuple(ContestDecision(contest, findings_for(facts, pack, on, contest, split)) for contest in contests),
        outside=tuple(OutsideDecision(outside, _outside_finding(outside)) for outside in pack.outside),
        demonstration=pack.demonstration,
        basis=Basis(
            engine=ENGINE,
            place=pack.place,
            pack_digest=pack.digest,
            map_digest=map_digest,
            split=None if split is None else split.id,
            on=on,
            facts_digest=digest_of(facts, salt),
        ),
    )


def findings_for(facts: Facts, pack: Pack, on: date, contest: Contest, split: Split | None) -> tuple[Finding, ...]:
    """The finding of every requirement that applies to a contest on a day, its district's last."""
    checked = (r.check(facts, on) for r in pack.requirements if applies_to(r, contest.office))
    findings = [finding for finding in checked if finding is not None]
    if findings and split is not None and contest.district is not None:
        findings.append(_district_finding(pack, contest, split))
    return tuple(findings)


def digest_of(facts: Facts, salt: bytes) -> str:
    """The salted SHA-256 of a person's facts."""
    stated = {
        "birth": facts.birth.iso(),
        "resident_since": None if facts.resident_since is None else facts.resident_since.isoformat(),
        "sworn": sorted(facts.sworn),
    }
    return hashlib.sha256(salt + json.dumps(stated, sort_keys=True).encode()).hexdigest()


def _district_finding(pack: Pack, contest: Contest, split: Split) -> Finding:
    """Residents elect the officers of their own district."""
    number = split.districts.get(contest.district_kind or "")
    lives_in = None if number is None else f"{contest.district_kind}-{number}"
    years = pack.office(contest.office).years.latest
    return Finding("district", lives_in == contest.district, lives_in, contest.district, years.source.cite)


def _outside_finding(outside: Outside) -> Finding:
    """Law 2: what the city does not control, or its law has not opened, is not the city's to give."""
    needs = "opened-by-law" if outside.authority == "city" else "city-controlled"
    return Finding("authority", False, outside.authority, needs, outside.source.cite)
