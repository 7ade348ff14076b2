"""One's own account: what there is, the password, recovery codes, and where one is signed in."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from voter_reg.office import typed
from voter_reg.office.enrol import missing, sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import confirmed, signed_in
from voter_reg.office.room import Entry, Room
from voter_reg.office.words import moment
from voter_reg.service.passwords import PasswordRefused
from voter_reg.service.sessions import OpenSession

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
        account=accounts.get(who.account_id),
        sessions=[_row(session, own=session.id == who.session_id) for session in accounts.sessions(who.account_id)],
        done=_DONE.get(request.args.get("done", "")),
    )


@account.get("/account/password")
@confirmed()
@signed_in
def password() -> str:
    """Change the password."""
    return front().render("password.html", errors={})


@account.post("/account/password")
@confirmed("account.password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Keep the new password and end every other session."""
    new = typed.password()
    errors = missing(new, typed.password("again"))
    if not errors:
        try:
            front().accounts.change_password(signed_in_visitor().token, new)
        except PasswordRefused as problem:
            errors |= {"password": sentence(f"the password {problem.what}")}
        else:
            return redirect("/account?done=password", 303)
    return front().render("password.html", errors=errors), 422


@account.get("/account/codes")
@confirmed()
@signed_in
def codes() -> str:
    """Ask before the old recovery codes stop working."""
    return front().render("renew_codes.html", account=front().accounts.get(signed_in_visitor().account_id))


@account.post("/account/codes")
@confirmed("account.codes")
@signed_in
def renew_codes() -> str:
    """Make new recovery codes and show them once."""
    made = front().accounts.new_codes(signed_in_visitor().token)
    return front().render("codes.html", codes=made, onward="/account", onward_words="I have printed them")


@account.post("/account/sessions/<session_id>/end")
@signed_in
def end_session(session_id: str) -> Response:
    """End one other session of one's own; one that is gone already is left alone."""
    front().accounts.end_session(signed_in_visitor(), session_id)
    return redirect("/account?done=ended", 303)


@account.post("/account/sessions/end-others")
@signed_in
def end_others() -> Response:
    """End every session but this one."""
    who = signed_in_visitor()
    front().accounts.end_sessions(who, who.account_id)
    return redirect("/account?done=others", 303)


def _row(session: OpenSession, *, own: bool) -> dict[str, object]:
    zone = front().zone
    return {
        "id": session.id,
        "own": own,
        "began": moment(session.started_at, zone),
        "seen": moment(session.seen_at, zone),
        "ends": moment(session.ends_at, zone),
    }
