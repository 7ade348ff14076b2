"""Staff, for administrators: who there is, invitations, roles, reset links, sessions, and disabling."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from voter_reg.office import typed
from voter_reg.office.accounts import Person, Unusable
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed, confirmed
from voter_reg.office.room import Card, CardSource, Entry, Room
from voter_reg.office.visit import Visitor
from voter_reg.office.words import ROLE_WORDS, moment, role_names
from voter_reg.roles import Role

people = Blueprint("people", __name__)

_SHAPES: Final = {"invited": "wait", "active": "on", "disabled": "off"}
_DONE: Final = {
    "roles": "The roles are saved",
    "disabled": "The account is disabled and its sessions are ended",
    "enabled": "The account is enabled",
    "ended": "All sessions are ended",
}
_ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})


@people.get("/staff")
@allowed(Role.ADMINISTRATOR)
def page() -> str:
    """Everyone."""
    return front().render("people.html", people=[_shown(one) for one in front().accounts.people()])


@people.get("/staff/invite")
@confirmed()
@allowed(Role.ADMINISTRATOR)
def invitation() -> str:
    """Whom to invite."""
    return _invitation_page({}, frozenset(), {})


@people.post("/staff/invite")
@confirmed("people.invitation")
@allowed(Role.ADMINISTRATOR)
def invite() -> ResponseReturnValue:
    """Make an invitation and show its link once."""
    name, roles = typed.field("name", typed.LONGEST_NAME), typed.roles()
    errors = {}
    if not name:
        errors["name"] = "Enter a name."
    if not roles:
        errors["roles"] = "Tick at least one role."
    if not errors:
        try:
            link, until = front().accounts.invite(signed_in_visitor(), name, roles)
        except Unusable as problem:
            errors[problem.field] = problem.message
        else:
            words = moment(until, front().zone)
            return front().render("link.html", name=name, link=_address(link), until=words, reset=False)
    return _invitation_page({"name": name}, roles, errors), 422


@people.get("/staff/<int:staff_id>")
@confirmed()
@allowed(Role.ADMINISTRATOR)
def person(staff_id: int) -> str:
    """One member of staff, and what can be done."""
    return _person_page(_found(staff_id), {})


@people.post("/staff/<int:staff_id>/roles")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def set_roles(staff_id: int) -> ResponseReturnValue:
    """Give exactly the roles that were ticked."""
    one, roles = _other(staff_id), typed.roles()
    if not roles:
        return _person_page(one, {"roles": "Tick at least one role. To let nobody in, disable the account."}), 422
    try:
        front().accounts.set_roles(signed_in_visitor(), staff_id, roles)
    except Unusable as problem:
        return _person_page(one, {"roles": problem.message}), 422
    return _back(staff_id, "roles")


@people.post("/staff/<int:staff_id>/link")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def new_link(staff_id: int) -> str:
    """Make a new one-time link and show it once."""
    one = _other(staff_id)
    link, until = front().accounts.new_link(signed_in_visitor(), staff_id)
    words = moment(until, front().zone)
    return front().render("link.html", name=one.name, link=_address(link), until=words, reset=one.state != "invited")


@people.post("/staff/<int:staff_id>/disable")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def disable(staff_id: int) -> ResponseReturnValue:
    """Disable an account and end its sessions."""
    one = _other(staff_id)
    try:
        front().accounts.disable(signed_in_visitor(), staff_id)
    except Unusable as problem:
        return _person_page(one, {"roles": problem.message}), 422
    return _back(staff_id, "disabled")


@people.post("/staff/<int:staff_id>/enable")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def enable(staff_id: int) -> Response:
    """Enable a disabled account."""
    front().accounts.enable(signed_in_visitor(), _other(staff_id).id)
    return _back(staff_id, "enabled")


@people.post("/staff/<int:staff_id>/end-sessions")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def end_sessions(staff_id: int) -> Response:
    """End every session of a person."""
    front().accounts.end_sessions(signed_in_visitor(), _other(staff_id).id)
    return _back(staff_id, "ended")


def _waiting(_: Visitor) -> Card | None:
    count = sum(one.state == "invited" for one in front().accounts.people())
    return Card("Invitations not taken up", count, "/staff", "People who have not set up their account yet")


ROOM = Room(people, (Entry("Staff", "people.page", _ADMINISTRATORS),), (CardSource(_waiting, _ADMINISTRATORS),))


def _found(staff_id: int) -> Person:
    return front().accounts.person(staff_id) or abort(404)


def _other(staff_id: int) -> Person:
    """Somebody else: nobody changes their own roles or locks themselves out here."""
    if staff_id == signed_in_visitor().staff_id:
        abort(403)
    return _found(staff_id)


def _address(link: str) -> str:
    return f"{request.host_url}enrol/{link}"


def _back(staff_id: int, done: str) -> Response:
    return redirect(f"/staff/{staff_id}?done={done}", 303)


def _invitation_page(values: dict[str, str], chosen: frozenset[Role], errors: dict[str, str]) -> str:
    return front().render("invite.html", values=values, chosen=chosen, errors=errors, role_words=ROLE_WORDS)


def _person_page(one: Person, errors: dict[str, str]) -> str:
    return front().render(
        "person.html",
        one=_shown(one),
        own=one.id == signed_in_visitor().staff_id,
        chosen=one.roles,
        role_words=ROLE_WORDS,
        errors=errors,
        done=_DONE.get(request.args.get("done", "")),
    )


def _shown(one: Person) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "role_words": role_names(one.roles),
        "state": one.state.capitalize(),
        "shape": _SHAPES[one.state],
        "seen": moment(one.seen, front().zone),
        "sessions": one.sessions,
    }
