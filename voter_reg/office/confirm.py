"""Confirm it is you: both steps once more, before an action that matters."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from voter_reg.office import typed
from voter_reg.office.accounts import NotLetIn
from voter_reg.office.cookies import session_token
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import signed_in
from voter_reg.office.returns import back_to
from voter_reg.office.room import Room
from voter_reg.office.sign_in import WRONG_PASSKEY, goes_on

confirm = Blueprint("confirm", __name__)

ROOM = Room(confirm)

MINUTES = 10
NOT_CONFIRMED = "This password and code do not belong together. Check the password and wait for the next code."


@confirm.get("/confirm")
@signed_in
def page() -> str:
    """Ask."""
    return _page(request.args.get("then", ""), {})


@confirm.post("/confirm")
@signed_in
def check() -> ResponseReturnValue:
    """Check password and code, and go back to the action's page."""
    password, code = typed.password(), typed.code()
    errors: dict[str, str] = {}
    if not password:
        errors |= {"password": "Enter your password."}
    if not code:
        errors["code"] = "Enter the 6 digits that your app shows."
    return _checked(errors, NOT_CONFIRMED, lambda token: front().accounts.confirm(token, password, code))


@confirm.post("/confirm/passkey/begin")
@signed_in
def begin_passkey() -> Response:
    """What the browser asks the passkey."""
    return Response(front().accounts.begin_passkey(str(session_token(request))), mimetype="application/json")


@confirm.post("/confirm/passkey")
@signed_in
def by_passkey() -> ResponseReturnValue:
    """Check a passkey's answer, and go back to the action's page."""
    answer = typed.field("answer", typed.LONGEST_ANSWER)
    return _checked({}, WRONG_PASSKEY, lambda token: front().accounts.confirm_by_passkey(token, answer))


def _checked(errors: dict[str, str], wrong: str, check: Callable[[str], str]) -> ResponseReturnValue:
    then = typed.field("then", typed.LONGEST_PATH, exact=True)
    if not errors:
        try:
            return goes_on(check(str(session_token(request))), back_to(then))
        except NotLetIn:
            errors |= {"password": wrong}
    return _page(then, errors), 422


def _page(then: str, errors: dict[str, str]) -> str:
    passkey = front().accounts.has_passkey(signed_in_visitor())
    return front().render("confirm.html", then=back_to(then), errors=errors, passkey=passkey, minutes=MINUTES)
