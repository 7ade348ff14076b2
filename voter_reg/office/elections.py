"""Elections: what is set up, counsel's authorisation, and asking two officers to publish, suspend or resume."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from eligibility import BadInput
from eligibility.errors import CleanNo
from voter_reg.office import typed
from voter_reg.office.enrol import sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed, confirmed
from voter_reg.office.room import Entry, Room
from voter_reg.roles import Role
from voter_reg.service import approvals, publishing
from voter_reg.service import elections as service
from voter_reg.service.elections import ElectionSummary
from voter_reg.service.publishing import Authorisation

elections = Blueprint("elections", __name__)

_SEE: Final = (Role.CLERK, Role.PRIVACY_OFFICER, Role.COUNSEL)
_DONE: Final = {"authorised": "The authorisation is entered"}


@elections.get("/elections")
@allowed(*_SEE)
def page() -> str:
    """All elections by day."""
    who = signed_in_visitor()
    return front().render(
        "elections.html",
        elections=[_shown(one) for one in service.every()],
        officer=Role.PRIVACY_OFFICER in who.roles,
        counsel=Role.COUNSEL in who.roles,
        done=_DONE.get(request.args.get("done", "")),
    )


@elections.get("/elections/<election_id>/ask/<kind>")
@confirmed()
@allowed(Role.PRIVACY_OFFICER)
def asking(election_id: str, kind: str) -> str:
    """Say why."""
    return _ask_page(_found(election_id), _kind(kind), {}, {})


@elections.post("/elections/<election_id>/ask/<kind>")
@confirmed("elections.asking")
@allowed(Role.PRIVACY_OFFICER)
def ask(election_id: str, kind: str) -> ResponseReturnValue:
    """File the request; whoever files it has approved it, and the second officer's approval does it at once."""
    found, kind = _found(election_id), _kind(kind)
    reason = typed.field("reason", typed.LONGEST_TEXT)
    args = publishing.what_publishing_approves(found.id) if kind == publishing.PUBLISH else {}
    by = signed_in_visitor().acting_as(Role.PRIVACY_OFFICER)
    try:
        made = approvals.file(kind, found.id, args, reason, by=by, now=front().now())
    except BadInput as problem:
        return _ask_page(found, kind, {"reason": reason}, {"reason": sentence(problem.what)}), 422
    return redirect(f"/approvals/{made.id}?done={'approved' if made.missing else 'ready'}", 303)


@elections.get("/elections/authorise")
@confirmed()
@allowed(Role.COUNSEL)
def authorising() -> str:
    """What lets this place hold live elections."""
    return _authorise_page({}, {})


@elections.post("/elections/authorise")
@confirmed("elections.authorising")
@allowed(Role.COUNSEL)
def authorise() -> ResponseReturnValue:
    """Enter it, for the rules as they are now."""
    names = ("document", "href", "adopted", "retention_document", "retention_approved")
    values = {name: typed.field(name, 600) for name in names}
    adopted, approved = typed.day(values["adopted"]), typed.day(values["retention_approved"])
    errors = {
        name: "Enter a day such as 2026-11-24."
        for name, day in (("adopted", adopted), ("retention_approved", approved))
        if day is None
    }
    if adopted is None or approved is None:
        return _authorise_page(values, errors), 422
    entry = Authorisation(values["document"], values["href"], adopted, values["retention_document"], approved)
    by = signed_in_visitor().acting_as(Role.COUNSEL)
    try:
        publishing.authorise(front().pack, entry, by=by, now=front().now())
    except (BadInput, CleanNo) as problem:
        field = problem.where if isinstance(problem, BadInput) and problem.where in values else "document"
        what = problem.what if isinstance(problem, BadInput) else str(problem)
        return _authorise_page(values, {field: sentence(what)}), 422
    return redirect("/elections?done=authorised", 303)


def _found(election_id: str) -> ElectionSummary:
    found = next((one for one in service.every() if one.id == election_id), None)
    return abort(404) if found is None else found


def _kind(kind: str) -> str:
    return kind if kind in (publishing.PUBLISH, publishing.SUSPEND, publishing.RESUME) else abort(404)


def _ask_page(found: ElectionSummary, kind: str, values: dict[str, str], errors: dict[str, str]) -> str:
    return front().render("election_ask.html", one=_shown(found), kind=kind, values=values, errors=errors)


def _authorise_page(values: dict[str, str], errors: dict[str, str]) -> str:
    return front().render("authorise.html", values=values, errors=errors)


def _shown(one: ElectionSummary) -> dict[str, object]:
    return {
        "id": one.id,
        "day": one.day.isoformat(),
        "kind": "Demonstration" if one.demonstration else "Live",
        "live": not one.demonstration,
        "open": one.status == "open",
        "suspended": one.suspended,
        "state": "Suspended" if one.suspended else one.status.capitalize(),
        "shape": "off" if one.suspended else "on" if one.status == "published" else "wait",
    }


ROOM = Room(elections, (Entry("Elections", "elections.page", frozenset(_SEE)),))
