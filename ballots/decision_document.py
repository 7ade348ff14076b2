"""A decision as a document: what a voter, a lawyer or a script reads, and what a replay must give again to the byte."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ballots.style import Style
from eligibility.contest import Contest
from eligibility.decision import ContestDecision, Decision, OutsideDecision
from eligibility.facts import Facts
from eligibility.finding import Finding
from eligibility.finding_text import in_words


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a replay needs besides the decision: the facts with their salt, and where pack and map were found."""

    facts: Facts
    salt: bytes
    pack: str
    map: str | None


def decision_document(decision: Decision, style: Style | None, evidence: Evidence) -> dict[str, Any]:
    """The decision as plain data. Contests outside the city's control follow those it controls, marked `outside`.

    `gives_up` names the contests that someone who may vote on the State's roll would not have on this ballot.
    """
    basis = decision.basis
    return {
        "place": basis.place,
        "on": basis.on.isoformat(),
        "split": basis.split,
        "style": None if style is None else style.code,
        "contests": [_contest(contest) for contest in decision.contests] + [_outside(o) for o in decision.outside],
        "gives_up": [outside.id for outside in decision.given_up],
        "demonstration": decision.demonstration,
        "replay": {
            "engine": basis.engine,
            "pack": evidence.pack,
            "pack_digest": basis.pack_digest,
            "map": evidence.map,
            "map_digest": basis.map_digest,
            "facts_digest": basis.facts_digest,
            "salt": evidence.salt.hex(),
            "facts": facts_document(evidence.facts),
        },
    }


def document_bytes(document: dict[str, Any]) -> bytes:
    """The document as canonical bytes: one line of UTF-8 JSON, ended by a line feed."""
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


def contest_document(contest: Contest) -> dict[str, Any]:
    """A contest as plain data."""
    return {
        "id": contest.id,
        "title": contest.title,
        "authority": contest.authority,
        "district": contest.district,
        "seats": contest.seats,
    }


def facts_document(facts: Facts) -> dict[str, Any]:
    """A person's facts as plain data."""
    registered = facts.registered
    return {
        "birth": facts.birth.iso(),
        "resident_since": None if facts.resident_since is None else facts.resident_since.isoformat(),
        "sworn": sorted(facts.sworn),
        "registered": None if registered is None else registered.at.isoformat(),
        "in_person": None if registered is None else registered.in_person,
    }


def _contest(decided: ContestDecision) -> dict[str, Any]:
    return {
        **contest_document(decided.contest),
        "eligible": decided.eligible,
        "outside": False,
        "findings": [_finding(finding) for finding in decided.findings],
    }


def _outside(decided: OutsideDecision) -> dict[str, Any]:
    outside = decided.outside
    return {
        "id": outside.id,
        "title": outside.title,
        "authority": outside.authority,
        "district": None,
        "seats": None,
        "eligible": False,
        "outside": True,
        "why": outside.why,
        "findings": [_finding(decided.finding)],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "requirement": finding.requirement,
        "met": finding.met,
        "value": finding.value,
        "needs": finding.needs,
        "cite": finding.cite,
        "href": finding.source.href,
        "message": finding.message,
        "details": dict(finding.details),
        "says": in_words(finding),
    }
