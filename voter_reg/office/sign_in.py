"""Signing in, by password and a second step, and signing out."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, redirect, request, session
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from voter_reg.office import typed
from voter_reg.office.cookies import OFFICE_COOKIE, STEP_COOKIE, forget, keep, token_in
from voter_reg.office.front import front, ticket_kinds, visitor
from voter_reg.office.guards import half_signed_in
from voter_reg.office.room import Room
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.sign_in import WrongSignIn
from voter_reg.web.marks import public

sign_in = Blueprint("sign_in", __name__)

ROOM = Room(sign_in)

NOT_KNOWN: Final = "This name and password do not let you in. Check both."
"""One answer for every reason: a stranger learns no name from it."""
WRONG_CODE: Final = "This code does not let you in. Wait for the next one, and look at your phone's clock."
WRONG_RECOVERY: Final = "This recovery code does not let you in. Each works once."
WRONG_PASSKEY: Final = "This passkey does not let you in. Try again, or use a code."
_DONE: Final = {"out": "You are signed out", "reset": "Your new password is set"}


@sign_in.get("/sign-in")
@public
def page() -> ResponseReturnValue:
    """Name and password."""
    if visitor() is not None:
        return redirect("/", 303)
    return front().render("sign_in.html", values={}, errors={}, done=_DONE.get(request.args.get("done", "")))


@sign_in.post("/sign-in")
@public
def first_step() -> ResponseReturnValue:
    """Check name and password."""
    name, password = typed.field("name", typed.LONGEST_NAME), typed.password()
    errors: dict[str, str] = {}
    if not name:
        errors |= {"name": "Enter your name."}
    if not password:
        errors |= {"password": "Enter your password."}
    if not errors:
        try:
            ticket = front().accounts.first_step(name, password)
        except WrongSignIn:
            errors |= {"name": NOT_KNOWN}
        else:
            return goes_on(STEP_COOKIE, ticket.token, "/second-step")
    return front().render("sign_in.html", values={"name": name}, errors=errors), 422


@sign_in.get("/second-step")
@half_signed_in
def second_step() -> str:
    """Code, passkey or recovery code."""
    return _second_step_page({})


@sign_in.post("/second-step")
@half_signed_in
def by_code() -> ResponseReturnValue:
    """Check the authenticator's code."""
    if not (code := typed.code()):
        return _second_step_page({"code": "Enter the 6 digits that your app shows."}), 422
    return _second(Proof("totp", code), {"code": WRONG_CODE})


@sign_in.post("/second-step/recovery")
@half_signed_in
def by_recovery() -> ResponseReturnValue:
    """Check a recovery code."""
    if not (code := typed.code("recovery")):
        return _second_step_page({"recovery": "Enter one of your recovery codes."}), 422
    return _second(Proof("recovery-code", code), {"recovery": WRONG_RECOVERY})


@sign_in.post("/second-step/passkey/begin")
@half_signed_in
def begin_passkey() -> Response:
    """What the browser asks the passkey."""
    return Response(front().accounts.passkey_options(_ticket()), mimetype="application/json")


@sign_in.post("/second-step/passkey")
@half_signed_in
def by_passkey() -> ResponseReturnValue:
    """Check a passkey's answer."""
    return _second(Proof("passkey", typed.field("answer", typed.LONGEST_ANSWER)), {"code": WRONG_PASSKEY})


@sign_in.post("/sign-out")
@public
def sign_out() -> AnyResponse:
    """End the session and clear what the browser keeps."""
    if token := token_in(request, OFFICE_COOKIE):
        front().accounts.sign_out(token)
    response = redirect("/sign-in?done=out", 303)
    forget(response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def goes_on(cookie: str, token: str, page: str) -> AnyResponse:
    """Go on with a new token; forms that were open before no longer count."""
    session.clear()
    response = redirect(page, 303)
    keep(response, cookie, token)
    return response


def _ticket() -> str:
    return str(token_in(request, STEP_COOKIE))


def _second(proof: Proof, wrong: dict[str, str]) -> ResponseReturnValue:
    try:
        token = front().accounts.second_step(_ticket(), proof)
    except WrongCode:
        return _second_step_page(wrong), 422
    response = goes_on(OFFICE_COOKIE, token, "/")
    forget(response, STEP_COOKIE)
    return response


def _second_step_page(errors: dict[str, str]) -> str:
    return front().render("second_step.html", errors=errors, passkey="passkey" in (ticket_kinds() or ()))
