"""Staff, for administrators: who there is, invitations, roles, reset links, sessions, and disabling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from voter_reg.office import typed
from voter_reg.office.enrol import sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed, confirmed
from voter_reg.office.room import Card, CardSource, Entry, Room
from voter_reg.office.visit import Visitor
from voter_reg.office.words import ROLE_WORDS, moment, role_names
from voter_reg.roles import Role
from voter_reg.service.accounts import Account, AccountRefused
from voter_reg.service.live import ApprovalMissing
from voter_reg.service.staff_links import Link, ResetRefused

people = Blueprint("people", __name__)

_SHAPES: Final = {"invited": "wait", "active": "on", "disabled": "off", "blocked": "off"}
_DONE: Final = {
    "roles": "The roles are saved",
    "disabled": "The account is disabled and its sessions are ended",
    "unblocked": "They can try again",
    "ended": "All sessions are ended",
}
_ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})


@people.get("/people")
@allowed(Role.ADMINISTRATOR)
def page() -> str:
    """Everyone."""
    return front().render("people.html", people=[_shown(one) for one in front().accounts.every()])


@people.get("/people/invite")
@confirmed()
@allowed(Role.ADMINISTRATOR)
def invitation() -> str:
    """Whom to invite."""
    return _invitation_page({}, frozenset(), {})


@people.post("/people/invite")
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
            return _link_page(name, front().accounts.invite(signed_in_visitor(), name, roles))
        except AccountRefused as problem:
            errors["name"] = sentence(f"the name {problem.what}")
        except ApprovalMissing as problem:
            errors["roles"] = sentence(str(problem))
    return _invitation_page({"name": name}, roles, errors), 422


@people.get("/people/<account_id>")
@confirmed()
@allowed(Role.ADMINISTRATOR)
def person(account_id: str) -> str:
    """One member of staff, and what can be done."""
    return _person_page(_found(account_id), {})


@people.post("/people/<account_id>/roles")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def set_roles(account_id: str) -> ResponseReturnValue:
    """Give exactly the roles that were ticked."""
    one, roles = _other(account_id), typed.roles()
    if not roles:
        return _person_page(one, {"roles": "Tick at least one role. To let nobody in, disable the account."}), 422
    return _done(one, "roles", lambda: front().accounts.set_roles(signed_in_visitor(), account_id, roles))


@people.post("/people/<account_id>/invite-again")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def invite_again(account_id: str) -> ResponseReturnValue:
    """A new invitation, shown once."""
    return _new_link(account_id, front().accounts.invite_again)


@people.post("/people/<account_id>/reset-password")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def reset_password(account_id: str) -> ResponseReturnValue:
    """A link that sets a new password, shown once."""
    return _new_link(account_id, front().accounts.reset_password)


@people.post("/people/<account_id>/reset-second-step")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def reset_second_step(account_id: str) -> ResponseReturnValue:
    """A link that sets a new second step up, shown once."""
    return _new_link(account_id, front().accounts.reset_second_factor)


@people.post("/people/<account_id>/disable")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def disable(account_id: str) -> ResponseReturnValue:
    """Disable an account and end its sessions."""
    one = _other(account_id)
    return _done(one, "disabled", lambda: front().accounts.disable(signed_in_visitor(), account_id))


@people.post("/people/<account_id>/unblock")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def unblock(account_id: str) -> ResponseReturnValue:
    """Let someone try again who had too many failures."""
    one = _other(account_id)
    return _done(one, "unblocked", lambda: front().accounts.unblock(signed_in_visitor(), account_id))


@people.post("/people/<account_id>/end-sessions")
@confirmed("people.person")
@allowed(Role.ADMINISTRATOR)
def end_sessions(account_id: str) -> Response:
    """End every session of a person."""
    front().accounts.end_sessions(signed_in_visitor(), _other(account_id).id)
    return redirect(f"/people/{account_id}?done=ended", 303)


def _waiting(_: Visitor) -> Card | None:
    count = sum(one.state == "invited" for one in front().accounts.every())
    return Card("Invitations not taken up", count, "/people", "People who have not set up their account yet")


ROOM = Room(people, (Entry("Staff", "people.page", _ADMINISTRATORS),), (CardSource(_waiting, _ADMINISTRATORS),))


def _found(account_id: str) -> Account:
    try:
        return front().accounts.get(account_id)
    except AccountRefused:
        abort(404)


def _other(account_id: str) -> Account:
    """Somebody else: nobody changes their own roles or locks themselves out here."""
    if account_id == signed_in_visitor().account_id:
        abort(403)
    return _found(account_id)


def _done(one: Account, done: str, act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except AccountRefused as problem:
        return _person_page(one, {"roles": sentence(f"{problem.where} {problem.what}")}), 422
    except ApprovalMissing as problem:
        return _person_page(one, {"roles": sentence(str(problem))}), 422
    return redirect(f"/people/{one.id}?done={done}", 303)


def _new_link(account_id: str, make: Callable[[Visitor, str], Link]) -> ResponseReturnValue:
    one = _other(account_id)
    try:
        return _link_page(one.name, make(signed_in_visitor(), account_id))
    except AccountRefused as problem:
        return _person_page(one, {"links": sentence(f"{problem.where} {problem.what}")}), 422
    except (ApprovalMissing, ResetRefused) as problem:
        return _person_page(one, {"links": sentence(str(problem))}), 422


def _link_page(name: str, link: Link) -> str:
    """A link, shown once."""
    address, until = f"{front().accounts.origin}{link.path}", moment(link.expires_at, front().zone)
    return front().render("link.html", name=name, address=address, until=until, purpose=link.purpose)


def _invitation_page(values: dict[str, str], chosen: frozenset[Role], errors: dict[str, str]) -> str:
    return front().render("invite.html", values=values, chosen=chosen, errors=errors, role_words=ROLE_WORDS)


def _person_page(one: Account, errors: dict[str, str]) -> str:
    return front().render(
        "person.html",
        one=_shown(one),
        own=one.id == signed_in_visitor().account_id,
        sessions=len(front().accounts.sessions(one.id)),
        chosen=one.roles,
        role_words=ROLE_WORDS,
        errors=errors,
        done=_DONE.get(request.args.get("done", "")),
    )


def _shown(one: Account) -> dict[str, object]:
    state = "blocked" if one.blocked else one.state
    return {
        "id": one.id,
        "name": one.name,
        "role_words": role_names(one.roles),
        "state": state,
        "shape": _SHAPES[state],
        "since": moment(one.created_at, front().zone),
        "passkeys": one.passkeys,
        "codes_left": one.recovery_codes_left,
    }
