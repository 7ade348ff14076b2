"""Which contests one person may vote in on one day, with a finding and a citation for each reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date

from eligibility.contest import Contest, contests_due, contests_in
from eligibility.facts import Facts
from eligibility.finding import Finding
from eligibility.office import Outside
from eligibility.pack import Pack
from eligibility.registration import registration_finding, window
from eligibility.requirement import applies_to
from eligibility.split import Split

ENGINE = "2"
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

    @property
    def given_up(self) -> tuple[Outside, ...]:
        """The contests that someone who may vote on the State's roll has there and would not have on this ballot."""
        return tuple(decided.outside for decided in self.outside)


class DayRules:
    """The rules of one election day made ready, to decide for many people one by one."""

    def __init__(self, pack: Pack, on: date) -> None:
        self._pack = pack
        self._on = on
        self._due = contests_due(pack, on)
        self._of_districts: dict[tuple[tuple[str, str], ...], tuple[Contest, ...]] = {}
        self._window = window(pack, on)
        self._outside = tuple(OutsideDecision(outside, _outside_finding(outside)) for outside in pack.outside)
        self._bound = {
            contest.office: [n for n, r in enumerate(pack.requirements) if applies_to(r, contest.office)]
            for contest in self._due
        }

    def contests(self, split: Split) -> tuple[Contest, ...]:
        """The contests of a split, worked out once for the districts that it lies in."""
        districts = tuple(split.districts.items())
        found = self._of_districts.get(districts)
        if found is None:
            found = self._of_districts[districts] = contests_in(self._due, split)
        return found

    def decide(
        self, facts: Facts, split: Split | None, *, map_digest: str | None = None, salt: bytes = b""
    ) -> Decision:
        """Decide for one person; as `eligibility.decide`."""
        pack, on = self._pack, self._on
        contests = self._due if split is None else self.contests(split)
        checked = [requirement.check(facts, on) for requirement in pack.requirements]
        registered = registration_finding(pack, facts, self._window)
        return Decision(
            contests=tuple(ContestDecision(c, self._findings(c, checked, registered, split)) for c in contests),
            outside=self._outside,
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

    def _findings(
        self, contest: Contest, checked: Sequence[Finding | None], registered: Finding | None, split: Split | None
    ) -> tuple[Finding, ...]:
        """The finding of every requirement that binds a contest, then of registration and of the district."""
        findings = [found for n in self._bound[contest.office] if (found := checked[n]) is not None]
        if findings and registered is not None:
            findings.append(registered)
        if findings and split is not None and contest.district is not None:
            findings.append(_district_finding(self._pack, contest, split))
        return tuple(findings)


def decide(
    facts: Facts, pack: Pack, on: date, split: Split | None, *, map_digest: str | None = None, salt: bytes = b""
) -> Decision:
    """Decide for one person which contests up on `on` they may vote in.

    With a split, the contests are those of its districts. Without one, citywide contests are decided as they are
    and each class of district contest once, as if for the district of the person's own address.
    """
    return DayRules(pack, on).decide(facts, split, map_digest=map_digest, salt=salt)


def digest_of(facts: Facts, salt: bytes) -> str:
    """The salted SHA-256 of a person's facts."""
    stated = {
        "birth": facts.birth.iso(),
        "resident_since": None if facts.resident_since is None else facts.resident_since.isoformat(),
        "sworn": sorted(facts.sworn),
        "registered": None
        if facts.registered is None
        else [facts.registered.at.astimezone(UTC).isoformat(), facts.registered.in_person],
    }
    return hashlib.sha256(salt + json.dumps(stated, sort_keys=True).encode()).hexdigest()


def _district_finding(pack: Pack, contest: Contest, split: Split) -> Finding:
    """Residents elect the officers of their own district."""
    number = split.districts.get(contest.district_kind or "")
    lives_in = None if number is None else f"{contest.district_kind}-{number}"
    source = pack.office(contest.office).years.latest.source
    own = lives_in == contest.district
    message = "district.own" if own else "district.none" if lives_in is None else "district.other"
    return Finding("district", own, lives_in, contest.district, source, message)


def _outside_finding(outside: Outside) -> Finding:
    """Law 2: what the city does not control, or its law has not opened, is not the city's to give."""
    needs = "opened-by-law" if outside.authority == "city" else "city-controlled"
    return Finding("authority", False, outside.authority, needs, outside.source, f"authority.{outside.authority}")
