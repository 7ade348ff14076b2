"""Matches: records that may be one person's, one at a time, and what a reviewer says of each."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from eligibility import BadInput
from voter_reg.office import typed
from voter_reg.office.enrol import sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed
from voter_reg.office.room import Card, CardSource, Entry, Room
from voter_reg.office.visit import Visitor
from voter_reg.office.words import moment
from voter_reg.roles import Role
from voter_reg.service import matches as service
from voter_reg.service.actors import Actor
from voter_reg.service.matches import ANSWERS, REASONS, REOPEN_REASONS, Waiting

matches = Blueprint("matches", __name__)

_REVIEWERS: Final = frozenset({Role.REVIEWER})
_STRENGTH: Final = {
    "card": "The same Municipal ID",
    "strong": "The same name and birth date",
    "weak": "A like name and birth date",
}
_STATE: Final = {
    "open": "Waits for a reviewer",
    "same-asked": "One reviewer says: one person",
    "same": "One person, say two reviewers",
    "different": "Two people",
    "reopen-asked": "One reviewer asks to open it again",
}
_REASON: Final = {
    "other-person-same-name": "Another person of the same name",
    "twins-or-siblings": "Twins, or brothers and sisters",
    "parent-and-child": "Parent and child",
    "papers-show-two": "Papers show two people",
    "other-card": "The card is someone else's",
    "person-said-so": "The person said so",
    "papers-show-one": "Papers show one person",
    "same-address-and-name": "The same address and name",
    "corrected-record": "One is a correction of the other",
    "person-appealed": "The person appealed",
    "reviewers-error": "We made a mistake",
    "new-papers": "There are new papers",
}
_DONE: Final = {
    "different": "Two people, it is settled",
    "same-asked": "A second reviewer is asked",
    "same": "One person, it is settled: one of the two records is held",
    "reopen-asked": "A second reviewer is asked to open it again",
    "open": "The match is open again, and the held record is as it was",
}


@matches.get("/matches")
@allowed(Role.REVIEWER)
def page() -> str:
    """What waits, oldest first; no names."""
    listed = [_row(one) for one in service.waiting(front().now())]
    settled = [_row(one) for one in service.held(front().now())]
    return front().render("matches.html", matches=listed, settled=settled, done=_DONE.get(request.args.get("done", "")))


@matches.get("/matches/<match_id>")
@allowed(Role.REVIEWER)
def one(match_id: str) -> str:
    """Both records, side by side; that is logged first."""
    return _page(match_id, {})


@matches.post("/matches/<match_id>/decide")
@allowed(Role.REVIEWER)
def decide(match_id: str) -> ResponseReturnValue:
    """One person or two, and why."""
    answer, _, reason = typed.field("reason", 80).partition("/")
    if answer not in ANSWERS or reason not in REASONS[answer]:
        return _page(match_id, {"reason": "Choose one answer."}), 422
    chosen = ANSWERS[answer]
    return _do(match_id, lambda by: service.decide(front().vault, match_id, chosen, reason, by=by, now=front().now()))


@matches.post("/matches/<match_id>/reopen")
@allowed(Role.REVIEWER)
def reopen(match_id: str) -> ResponseReturnValue:
    """On appeal, open it again."""
    reason = typed.field("reason", 80)
    if reason not in REOPEN_REASONS:
        return _page(match_id, {"reason": "Choose one answer."}), 422
    return _do(match_id, lambda by: service.reopen(front().vault, match_id, reason, by=by, now=front().now()))


def _do(match_id: str, act: service.Act) -> ResponseReturnValue:
    try:
        state = act(_reviewer())
    except BadInput as problem:
        return _page(match_id, {"reason": sentence(problem.what)}), 422
    return redirect(f"/matches?done={state}", 303)


def _reviewer() -> Actor:
    return signed_in_visitor().acting_as(Role.REVIEWER)


def _page(match_id: str, errors: dict[str, str]) -> str:
    try:
        opened = service.open_match(front().vault, match_id, by=_reviewer(), now=front().now())
    except BadInput:
        abort(404)
    reopening = opened.state in ("same", "reopen-asked")
    return front().render(
        "match.html",
        one=opened,
        strength=_STRENGTH[opened.strength],
        state=_STATE[opened.state],
        own=opened.asked_by == _reviewer().label,
        reopening=reopening,
        different={f"different/{key}": _REASON[key] for key in REASONS["different"]},
        same={f"same/{key}": _REASON[key] for key in REASONS["same"]},
        again={key: _REASON[key] for key in REOPEN_REASONS},
        closed=opened.state == "different",
        errors=errors,
    )


def _row(one: Waiting) -> dict[str, object]:
    return {
        "id": one.id,
        "strength": _STRENGTH[one.strength],
        "state": _STATE[one.state],
        "age": one.age_days,
        "due": moment(one.due_at, front().zone),
        "late": one.due_at < front().now(),
    }


def _waiting(_: Visitor) -> Card:
    return Card(
        "Records that may be one person’s",
        len(service.waiting(front().now())),
        "/matches",
        "Nobody waits for this: all are on the roll",
    )


ROOM = Room(matches, (Entry("Matches", "matches.page", _REVIEWERS),), (CardSource(_waiting, _REVIEWERS),))
