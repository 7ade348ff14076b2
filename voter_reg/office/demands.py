"""Legal demands: the register, entering one, and what counsel and officers do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from eligibility import BadInput
from voter_reg.office import typed
from voter_reg.office.enrol import sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed, confirmed
from voter_reg.office.room import Card, CardSource, Entry, Room
from voter_reg.office.visit import Visitor
from voter_reg.roles import Role
from voter_reg.service import approvals
from voter_reg.service import demands as service
from voter_reg.service.demands import DECISIONS, KINDS, TOLD, Demand
from voter_reg.service.holds import RELEASE_HOLD
from voter_reg.service.scope import Scope

demands = Blueprint("demands", __name__)

_ENTER: Final = (Role.CLERK, Role.PRIVACY_OFFICER, Role.COUNSEL)
_HANDLE: Final = (Role.PRIVACY_OFFICER, Role.COUNSEL)
_DONE: Final = {
    "logged": "The demand is entered. Nothing that it covers is purged from now on",
    "decided": "The decision is entered",
    "disclosed": "The counts are entered",
    "told": "That is entered",
    "closed": "The demand is closed",
}
_HOLDS: Final = {"placing": "wait", "placed": "on", "releasing": "wait", "released": "off"}
KIND_WORDS: Final = {
    "subpoena": "Subpoena",
    "warrant": "Warrant",
    "court-order": "Court order",
    "records-request": "Records request",
}
DECISION_WORDS: Final = {
    "comply": "Comply",
    "comply-in-part": "Comply in part",
    "refuse": "Refuse",
    "moot": "Nothing to decide any more",
}
TOLD_WORDS: Final = {
    "yes": "They were told",
    "not-yet": "Not yet",
    "forbidden": "Telling them is forbidden",
    "nobody": "There is nobody to tell",
}


@demands.get("/demands")
@allowed(*_ENTER)
def page() -> str:
    """The register; nothing sealed is opened."""
    return front().render("demands.html", demands=[_shown(one) for one in service.register()])


@demands.get("/demands/new")
@allowed(*_ENTER)
def new() -> str:
    """What came, from whom."""
    return _form({}, {})


@demands.post("/demands/new")
@allowed(*_ENTER)
def enter() -> ResponseReturnValue:
    """Enter it; its hold stands from this moment."""
    values = {
        "kind": typed.field("kind", 40),
        "received": typed.field("received", 20),
        "sender": typed.field("sender", typed.LONGEST_TEXT),
        "says": typed.field("says", typed.LONGEST_TEXT),
        "scope": typed.field("scope", 8_000),
    }
    errors: dict[str, str] = {}
    received = typed.day(values["received"])
    if values["kind"] not in KINDS:
        errors["kind"] = "Choose what it is."
    if received is None or received > front().bench.city().today(front().now()):
        errors["received"] = "Enter the day it came, such as 2026-11-24."
    for name, words in (("sender", "Enter who makes it."), ("says", "Enter what it asks for.")):
        if not 0 < len(values[name]) <= service.LONGEST:
            errors[name] = f"{words} At most {service.LONGEST:,} characters."
    try:
        scope = Scope.read(values["scope"])
    except BadInput as problem:
        errors["scope"] = sentence(problem.what)
    if errors or received is None:
        return _form(values, errors), 422
    entry = service.Entry(values["kind"], received, values["sender"], values["says"], scope)
    bench = front().bench
    try:
        made = service.log_demand(
            front().vault, bench.city(), entry, by=signed_in_visitor().acting_as(*_ENTER), now=front().now()
        )
    except BadInput as problem:
        return _form(values, {"scope": sentence(f"{problem.what}: {problem.where}")}), 422
    place = f"/demands/{made.id}" if signed_in_visitor().roles & set(_HANDLE) else "/demands"
    return redirect(f"{place}?done=logged", 303)


@demands.get("/demands/<demand_id>")
@allowed(*_HANDLE)
def one(demand_id: str) -> str:
    """One demand with its sender; that is logged first."""
    return _page(demand_id, {})


@demands.post("/demands/<demand_id>/decide")
@allowed(Role.COUNSEL)
def decide(demand_id: str) -> ResponseReturnValue:
    """Counsel's decision."""
    by, decision = signed_in_visitor().acting_as(Role.COUNSEL), typed.field("decision", 40)
    return _do(demand_id, "decided", lambda: service.decide(demand_id, decision, by=by, now=front().now()))


@demands.post("/demands/<demand_id>/disclosed")
@allowed(*_HANDLE)
def disclosed(demand_id: str) -> ResponseReturnValue:
    """How much was disclosed."""
    records, people = typed.number("records"), typed.number("people")
    by = signed_in_visitor().acting_as(*_HANDLE)
    if records is None or people is None:
        return _page(demand_id, {"disclosed": "Enter two whole numbers."}), 422
    return _do(demand_id, "disclosed", lambda: service.disclosed(demand_id, records, people, by=by, now=front().now()))


@demands.post("/demands/<demand_id>/told")
@allowed(*_HANDLE)
def told(demand_id: str) -> ResponseReturnValue:
    """Whether the people were told."""
    by, answer = signed_in_visitor().acting_as(*_HANDLE), typed.field("told", 40)
    return _do(demand_id, "told", lambda: service.tell(demand_id, answer, by=by, now=front().now()))


@demands.get("/demands/<demand_id>/release")
@confirmed()
@allowed(Role.PRIVACY_OFFICER)
def releasing(demand_id: str) -> str:
    """Say why the hold shall be released."""
    return _release_page(demand_id, {}, {})


@demands.post("/demands/<demand_id>/release")
@confirmed("demands.releasing")
@allowed(Role.PRIVACY_OFFICER)
def release(demand_id: str) -> ResponseReturnValue:
    """Ask two officers to release the hold; whoever asks is the first."""
    by, reason = signed_in_visitor().acting_as(Role.PRIVACY_OFFICER), typed.field("reason", typed.LONGEST_TEXT)
    try:
        made = approvals.file(RELEASE_HOLD, _found(demand_id).hold_id, {}, reason, by=by, now=front().now())
    except BadInput as problem:
        return _release_page(demand_id, {"reason": reason}, {"reason": sentence(problem.what)}), 422
    return redirect(f"/approvals/{made.id}?done=approved", 303)


@demands.post("/demands/<demand_id>/close")
@allowed(*_HANDLE)
def close(demand_id: str) -> ResponseReturnValue:
    """Close it."""
    by, bench = signed_in_visitor().acting_as(*_HANDLE), front().bench
    return _do(
        demand_id,
        "closed",
        lambda: service.close(demand_id, vault=front().vault, city=bench.city(), by=by, now=front().now()),
    )


def _release_page(demand_id: str, values: dict[str, str], errors: dict[str, str]) -> str:
    return front().render("demand_release.html", one=_shown(_found(demand_id)), values=values, errors=errors)


def _do(demand_id: str, done: str, act: Callable[[], object]) -> ResponseReturnValue:
    _found(demand_id)
    try:
        act()
    except BadInput as problem:
        return _page(demand_id, {done: sentence(problem.what)}), 422
    return redirect(f"/demands/{demand_id}?done={done}", 303)


def _found(demand_id: str) -> Demand:
    found = next((one for one in service.register() if one.id == demand_id), None)
    return abort(404) if found is None else found


def _form(values: dict[str, str], errors: dict[str, str]) -> str:
    return front().render("demand_new.html", values=values, errors=errors, kinds=KIND_WORDS)


def _page(demand_id: str, errors: dict[str, str]) -> str:
    _found(demand_id)
    who = signed_in_visitor()
    opened = service.open_demand(front().vault, demand_id, by=who.acting_as(*_HANDLE), now=front().now())
    return front().render(
        "demand.html",
        one=_shown(opened) | {"sender": opened.sender, "says": opened.says},
        counsel=Role.COUNSEL in who.roles,
        officer=Role.PRIVACY_OFFICER in who.roles,
        decisions={key: DECISION_WORDS[key] for key in DECISIONS},
        answers={key: TOLD_WORDS[key] for key in TOLD},
        errors=errors,
        done=_DONE.get(request.args.get("done", "")),
    )


def _shown(one: Demand) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": KIND_WORDS[one.kind],
        "received": one.received_on.isoformat(),
        "scope": one.scope,
        "decision": DECISION_WORDS.get(one.decision, "Not decided yet"),
        "decided": one.decision != "none",
        "decision_key": one.decision,
        "records": one.records,
        "people": one.people,
        "told": TOLD_WORDS[one.told],
        "told_key": one.told,
        "closed": one.closed_on,
        "hold": one.hold_id,
        "hold_state": one.hold_state,
        "shape": _HOLDS[one.hold_state],
    }


def _waiting(_: Visitor) -> Card:
    count = sum(one.decision == "none" for one in service.register())
    return Card("Demands without a decision", count, "/demands", "Counsel decides on each")


ROOM = Room(
    demands,
    (Entry("Demands", "demands.page", frozenset(_ENTER)),),
    (CardSource(_waiting, frozenset({Role.COUNSEL, Role.PRIVACY_OFFICER})),),
)
