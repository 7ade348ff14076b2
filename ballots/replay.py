"""Replaying a decision: the same pack, map and facts must give the same document to the byte, or it is a clean no."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ballots.decision_document import Evidence, decision_document, document_bytes
from ballots.election import plan_election
from ballots.style import Style, styles_of
from eligibility import BadInput, BirthDate, Facts, Pack, Split, contests_due, decide
from eligibility.archive import Archive
from eligibility.decision import ENGINE, DayRules, digest_of
from eligibility.district_map import DistrictMap
from eligibility.errors import CleanNo
from eligibility.facts import Registered

_LARGEST = 10_000_000  # bytes; a decision is a few kilobytes


class NotTheSame(CleanNo):
    """The document is not what its pack, map and facts give."""


class FactsDestroyed(CleanNo):
    """The facts that a decision rests on are gone, as they should be by now."""


def read_document(raw: bytes, where: str) -> dict[str, Any]:
    """Read a decision's document.

    Raises:
        BadInput: it is none, or was cut short.
    """
    try:
        document = json.loads(raw[:_LARGEST])
    except (ValueError, RecursionError) as problem:
        raise BadInput("is not a decision's document, or was cut short", where) from problem
    if not isinstance(document, dict) or not isinstance(document.get("replay"), dict):
        raise BadInput("is not a decision's document: it has no replay", where)
    return document


def replay(document: Mapping[str, Any], archive: Archive) -> bytes:
    """Decide again from the facts in a document, with the pack and the map of its digests; the document's bytes.

    Raises:
        BadInput: the document lacks something or holds what nobody could have stated.
        FactsDestroyed: its facts are gone; says since when, and whether its class still replays.
        NotTheSame: another engine decided it, or the outcome differs.
        NotArchived: its pack or its map can't be found.
    """
    try:
        return _replay(document, archive)
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        if isinstance(problem, BadInput):
            raise
        raise BadInput(
            f"lacks something that a decision has ({type(problem).__name__}: {problem})", "decision"
        ) from None


def without_facts(document: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The document with its facts destroyed: which contests and which requirements, and no longer from what."""
    contests = [
        {**contest, "findings": [_class_of(finding) for finding in contest["findings"]]}
        for contest in document["contests"]
    ]
    kept = {**document["replay"], "salt": None, "facts": None, "facts_destroyed_on": on.isoformat()}
    return {**document, "contests": contests, "replay": kept}


def _class_of(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {**finding, "value": None, "message": None, "details": {}, "says": None}


def _replay(document: Mapping[str, Any], archive: Archive) -> bytes:
    basis = document["replay"]
    if basis["engine"] != ENGINE:
        raise NotTheSame(f"decided by engine {basis['engine']}; this program replays engine {ENGINE}")
    pack = archive.pack(basis["pack_digest"], basis["pack"], document["place"])
    pack = pack.as_demonstration() if document["demonstration"] else pack
    day, district_map = date.fromisoformat(document["on"]), _map_of(basis, archive)
    split = _split_of(document, district_map)
    if basis["facts"] is None:
        raise _destroyed(document, pack, day, split)
    facts, salt = read_facts(basis["facts"]), bytes.fromhex(basis["salt"])
    if digest_of(facts, salt) != basis["facts_digest"]:
        raise NotTheSame("the facts are not those that its digest was taken of")
    decision = decide(facts, pack, day, split, map_digest=basis["map_digest"], salt=salt)
    style = style_for(pack, day, split, district_map, decision.eligible_ids)
    again = document_bytes(decision_document(decision, style, Evidence(facts, salt, basis["pack"], basis["map"])))
    if again != document_bytes(dict(document)):
        raise NotTheSame(f"differs from what its facts give: {_first_difference(document, json.loads(again))}")
    return again


def style_for(
    pack: Pack, day: date, split: Split | None, district_map: DistrictMap | None, eligible: frozenset[str]
) -> Style | None:
    """The ballot style of the contests that someone may vote in; None where none is known or there are none."""
    due = contests_due(pack, day)
    if not due:
        return None
    if district_map is not None:
        return styles_of(plan_election(pack, day, district_map.splits.values())).of(eligible)
    if split is None and any(contest.district_kind for contest in due):
        return None
    return styles_of(plan_election(pack, day, [Split("citywide", "citywide", {})])).of(eligible)


def read_facts(stated: Mapping[str, Any]) -> Facts:
    """Facts from their document."""
    since, at = stated["resident_since"], stated["registered"]
    return Facts(
        birth=BirthDate.parse(stated["birth"]),
        resident_since=None if since is None else date.fromisoformat(since),
        sworn=frozenset(stated["sworn"]),
        registered=None if at is None else Registered(datetime.fromisoformat(at), bool(stated["in_person"])),
    )


def _map_of(basis: Mapping[str, Any], archive: Archive) -> DistrictMap | None:
    if basis["map_digest"] is None:
        return None
    return archive.map(basis["map_digest"], *([basis["map"]] if basis["map"] else []))


def _split_of(document: Mapping[str, Any], district_map: DistrictMap | None) -> Split | None:
    if district_map is None or document["split"] is None:
        return None
    if document["split"] not in district_map.splits:
        raise NotTheSame(f"its map has no precinct split {document['split']!r}")
    return district_map.splits[document["split"]]


def _destroyed(document: Mapping[str, Any], pack: Pack, day: date, split: Split | None) -> FactsDestroyed:
    """Only the class is left: which requirements were met. It must still give the contests it gave."""
    bound = DayRules(pack, day).decide(Facts(BirthDate(day.year), None), split)
    asked = {one.id: [finding.requirement for finding in one.findings] for one in bound.contests}
    asked |= {one.outside.id: ["authority"] for one in bound.outside}
    same = [one["id"] for one in document["contests"]] == list(asked) and all(
        [finding["requirement"] for finding in one["findings"] if finding["requirement"] != "registration"]
        == asked[one["id"]]
        and one["eligible"] == (bool(one["findings"]) and all(finding["met"] for finding in one["findings"]))
        for one in document["contests"]
    )
    verdict = "its class gives the same contests" if same else "and its class does NOT give these contests"
    return FactsDestroyed(f"facts destroyed on {document['replay']['facts_destroyed_on']}; {verdict}")


def _first_difference(document: Mapping[str, Any], again: Mapping[str, Any]) -> str:
    keys = [*again, *(key for key in document if key not in again)]
    return next((key for key in keys if document.get(key) != again.get(key)), "layout")
