"""Confirm it is you: both steps once more, before an action that matters."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from voter_reg.office import typed
from voter_reg.office.cookies import OFFICE_COOKIE
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import signed_in
from voter_reg.office.returns import back_to
from voter_reg.office.room import Room
from voter_reg.office.sign_in import goes_on
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.sessions import CONFIRMED
from voter_reg.service.sign_in import WrongSignIn

confirm = Blueprint("confirm", __name__)

ROOM = Room(confirm)

_MINUTES: Final = int(CONFIRMED.total_seconds() // 60)
_NOT_CONFIRMED: Final = "This did not confirm it. Check the password, and wait for the next code."


@confirm.get("/confirm")
@signed_in
def page() -> str:
    """Ask."""
    return _page(request.args.get("then", ""), {})


@confirm.post("/confirm")
@signed_in
def check() -> ResponseReturnValue:
    """Check both steps, and go back to the action's page."""
    password, code = typed.password(), typed.code()
    answer, then = typed.field("answer", typed.LONGEST_ANSWER), typed.field("then", typed.LONGEST_PATH, exact=True)
    errors: dict[str, str] = {}
    if not password:
        errors |= {"password": "Enter your password."}
    if not code and not answer:
        errors |= {"code": "Enter the 6 digits that your app shows."}
    if not errors:
        proof = Proof("passkey", answer) if answer else Proof("totp", code)
        try:
            token = front().accounts.confirm(signed_in_visitor().token, password, proof)
        except (WrongSignIn, WrongCode):
            errors |= {"password": _NOT_CONFIRMED}
        else:
            return goes_on(OFFICE_COOKIE, token, back_to(then))
    return _page(then, errors), 422


@confirm.post("/confirm/passkey/begin")
@signed_in
def begin_passkey() -> Response:
    """What the browser asks the passkey."""
    return Response(front().accounts.confirm_options(signed_in_visitor().token), mimetype="application/json")


def _page(then: str, errors: dict[str, str]) -> str:
    passkey = bool(front().accounts.passkeys(signed_in_visitor()))
    return front().render("confirm.html", then=back_to(then), errors=errors, passkey=passkey, minutes=_MINUTES)
