"""One's own account: what there is, the password, recovery codes, and where one is signed in."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from voter_reg.office import typed
from voter_reg.office.accounts import NotLetIn, Session, Unusable
from voter_reg.office.enrol import missing
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import confirmed, signed_in
from voter_reg.office.room import Entry, Room
from voter_reg.office.sign_in import goes_on
from voter_reg.office.words import moment

account = Blueprint("account", __name__)

ROOM = Room(account, entries=(Entry("Your account", "account.page"),))

_DONE: Final = {
    "password": "Your password is changed",
    "authenticator": "Your new authenticator app counts from now on",
    "ended": "That session is ended",
    "others": "All other sessions are ended",
}


@account.get("/account")
@signed_in
def page() -> str:
    """What there is, and where one is signed in."""
    who, accounts = signed_in_visitor(), front().accounts
    return front().render(
        "account.html",
        codes_left=accounts.codes_left(who),
        passkeys=accounts.passkeys(who),
        sessions=[_row(session, own=session.id == who.session_id) for session in accounts.sessions(who)],
        done=_DONE.get(request.args.get("done", "")),
    )


@account.get("/account/password")
@signed_in
def password() -> str:
    """Change the password."""
    return front().render("password.html", errors={})


@account.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Check the present password, keep the new one and end every other session."""
    old, new = typed.password("old"), typed.password()
    errors = missing(new, typed.password("again"))
    if not old:
        errors["old"] = "Enter your present password."
    if not errors:
        try:
            token = front().accounts.change_password(signed_in_visitor(), old, new)
            return goes_on(token, "/account?done=password")
        except NotLetIn:
            errors["old"] = "This is not your present password."
        except Unusable as problem:
            errors[problem.field] = problem.message
    return front().render("password.html", errors=errors), 422


@account.get("/account/codes")
@confirmed()
@signed_in
def codes() -> str:
    """Ask before the old recovery codes stop working."""
    return front().render("renew_codes.html", codes_left=front().accounts.codes_left(signed_in_visitor()))


@account.post("/account/codes")
@confirmed("account.codes")
@signed_in
def renew_codes() -> str:
    """Make new recovery codes and show them once."""
    made = front().accounts.new_codes(signed_in_visitor())
    return front().render("codes.html", codes=made, onward="/account", onward_words="I have printed them")


@account.post("/account/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Response:
    """End one other session of one's own."""
    if not front().accounts.end_session(signed_in_visitor(), session_id):
        abort(404)
    return redirect("/account?done=ended", 303)


@account.post("/account/sessions/end-others")
@signed_in
def end_others() -> Response:
    """End every session but this one."""
    front().accounts.end_others(signed_in_visitor())
    return redirect("/account?done=others", 303)


def _row(session: Session, *, own: bool) -> dict[str, object]:
    zone = front().zone
    return {
        "id": session.id,
        "own": own,
        "began": moment(session.began, zone),
        "seen": moment(session.seen, zone),
        "ends": moment(session.ends, zone),
    }
