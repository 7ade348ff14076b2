"""Approvals: what waits for two officers, what exactly each request asks, and approving or refusing it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from eligibility import BadInput
from eligibility.errors import CleanNo
from voter_reg.office.enrol import sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed, confirmed
from voter_reg.office.room import Card, CardSource, Entry, Room
from voter_reg.office.visit import Visitor
from voter_reg.office.words import moment
from voter_reg.roles import OFFICERS
from voter_reg.service import approvals as service
from voter_reg.service.actors import Actor
from voter_reg.service.approvals import Request
from voter_reg.service.carry_out import carry_out

approvals = Blueprint("approvals", __name__)

_SHAPES: Final = {"open": "wait", "approved": "on", "done": "on", "refused": "off", "expired": "off"}
_DONE: Final = {
    "approved": "Your approval counts. A second officer is needed",
    "ready": "Approved by two officers. It can be done now",
    "done": "Approved by two officers and done",
    "refused": "The request is refused",
}


@approvals.get("/approvals")
@allowed(*OFFICERS)
def page() -> str:
    """What waits, and what was decided."""
    return front().render("approvals.html", requests=[_shown(one) for one in service.every()])


@approvals.get("/approvals/<request_id>")
@confirmed()
@allowed(*OFFICERS)
def one(request_id: str) -> str:
    """One request, exactly."""
    return _page(_found(request_id), "")


@approvals.post("/approvals/<request_id>/approve")
@confirmed("approvals.one")
@allowed(*OFFICERS)
def approve(request_id: str) -> ResponseReturnValue:
    """Approve; the second officer's approval carries most kinds out at once."""
    _found(request_id)
    try:
        made = service.approve(request_id, by=_officer(), now=front().now())
    except BadInput as problem:
        return _page(_found(request_id), sentence(f"{problem.where} {problem.what}")), 422
    return redirect(f"/approvals/{request_id}?done=approved", 303) if made.missing else _carry_out(made)


@approvals.post("/approvals/<request_id>/carry-out")
@confirmed("approvals.one")
@allowed(*OFFICERS)
def again(request_id: str) -> ResponseReturnValue:
    """Carry out what is approved and could not be done at first."""
    found = _found(request_id)
    return _carry_out(found) if found.state == "approved" else abort(409)


@approvals.post("/approvals/<request_id>/refuse")
@confirmed("approvals.one")
@allowed(*OFFICERS)
def refuse(request_id: str) -> ResponseReturnValue:
    """Refuse for good."""
    found = _found(request_id)
    try:
        service.refuse(request_id, by=_officer(), now=front().now())
    except BadInput as problem:
        return _page(found, sentence(f"{problem.where} {problem.what}")), 422
    return redirect(f"/approvals/{request_id}?done=refused", 303)


def _carry_out(made: Request) -> ResponseReturnValue:
    try:
        done = carry_out(front().bench, made, by=_officer())
    except (BadInput, CleanNo) as problem:
        return _page(service.find(made.id), sentence(str(problem))), 422
    return redirect(f"/approvals/{made.id}?done={'done' if done else 'ready'}", 303)


def _officer() -> Actor:
    return signed_in_visitor().acting_as(*OFFICERS)


def _found(request_id: str) -> Request:
    try:
        return service.find(request_id)
    except BadInput:
        abort(404)


def _page(found: Request, problem: str) -> str:
    own = _officer().label in found.officers
    errors = {"approve": problem} if problem else {}
    done = _DONE.get(request.args.get("done", ""))
    return front().render("approval.html", one=_shown(found), own=own, errors=errors, done=done)


def _shown(one: Request) -> dict[str, object]:
    expired = one.state in ("open", "approved") and one.expires_at <= front().now()
    state = "expired" if expired else one.state
    return {
        "id": one.id,
        "title": one.title,
        "subject": one.subject,
        "args": {name.replace("_", " "): _words(value) for name, value in one.args.items() if value},
        "reason": one.reason,
        "filed_by": one.filed_by.removeprefix("staff:"),
        "filed_at": moment(one.filed_at, front().zone),
        "until": moment(one.expires_at, front().zone),
        "officers": [label.removeprefix("staff:") for label in one.officers],
        "missing": one.missing,
        "state": state,
        "shape": _SHAPES[state],
    }


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _waiting(who: Visitor) -> Card:
    label = who.acting_as(*OFFICERS).label
    count = sum(label not in one.officers for one in service.waiting(front().now()))
    return Card("Requests to approve", count, "/approvals", "Nothing of this is done before two officers approve it")


ROOM = Room(approvals, (Entry("Approvals", "approvals.page", OFFICERS),), (CardSource(_waiting, OFFICERS),))
