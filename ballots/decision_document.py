"""A decision as a document: what a voter, a lawyer or a script reads, and what a replay must give again to the byte."""

from __future__ import annotations

import json
from typing import Any

from ballots.style import Style
from eligibility.decision import ContestDecision, Decision, OutsideDecision
from eligibility.finding import Finding


def decision_document(decision: Decision, style: Style | None) -> dict[str, Any]:
    """The decision as plain data. Contests outside the city's control follow those it controls, marked `outside`."""
    basis = decision.basis
    return {
        "place": basis.place,
        "on": basis.on.isoformat(),
        "split": basis.split,
        "style": None if style is None else style.code,
        "contests": [_contest(contest) for contest in decision.contests] + [_outside(o) for o in decision.outside],
        "demonstration": decision.demonstration,
        "replay": {
            "engine": basis.engine,
            "pack_digest": basis.pack_digest,
            "map_digest": basis.map_digest,
            "facts_digest": basis.facts_digest,
        },
    }


def document_bytes(document: dict[str, Any]) -> bytes:
    """The document as canonical bytes: one line of UTF-8 JSON, ended by a line feed."""
    return json.dumps(document, ensure_ascii=False, separators=(", ", ": ")).encode() + b"\n"


def _contest(decided: ContestDecision) -> dict[str, Any]:
    contest = decided.contest
    return {
        "id": contest.id,
        "title": contest.title,
        "authority": contest.authority,
        "district": contest.district,
        "seats": contest.seats,
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
    }
