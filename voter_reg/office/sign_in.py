"""Signing in, by password and a second step, and signing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, redirect, request, session
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from voter_reg.office import typed
from voter_reg.office.accounts import NotLetIn
from voter_reg.office.cookies import forget_session, keep_session, session_token
from voter_reg.office.front import front, signed_in_visitor, visitor
from voter_reg.office.guards import half_signed_in
from voter_reg.office.room import Room
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
    who = visitor()
    if who is not None and not who.half:
        return redirect("/", 303)
    return front().render("sign_in.html", values={}, errors={}, done=_DONE.get(request.args.get("done", "")))


@sign_in.post("/sign-in")
@public
def first_step() -> ResponseReturnValue:
    """Check name and password."""
    name, password = typed.field("name", typed.LONGEST_NAME), typed.password()
    errors = {}
    if not name:
        errors["name"] = "Enter your name."
    if not password:
        errors |= {"password": "Enter your password."}
    if not errors:
        try:
            return goes_on(front().accounts.check_password(name, password), "/second-step")
        except NotLetIn:
            errors["name"] = NOT_KNOWN
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
    code = typed.code()
    if not code:
        return _second_step_page({"code": "Enter the 6 digits that your app shows."}), 422
    return _second("code", WRONG_CODE, lambda token: front().accounts.check_code(token, code))


@sign_in.post("/second-step/recovery")
@half_signed_in
def by_recovery() -> ResponseReturnValue:
    """Check a recovery code."""
    code = typed.code("recovery")
    if not code:
        return _second_step_page({"recovery": "Enter one of your recovery codes."}), 422
    return _second("recovery", WRONG_RECOVERY, lambda token: front().accounts.check_recovery(token, code))


@sign_in.post("/second-step/passkey/begin")
@half_signed_in
def begin_passkey() -> Response:
    """What the browser asks the passkey."""
    return Response(front().accounts.begin_passkey(str(session_token(request))), mimetype="application/json")


@sign_in.post("/second-step/passkey")
@half_signed_in
def by_passkey() -> ResponseReturnValue:
    """Check a passkey's answer."""
    answer = typed.field("answer", typed.LONGEST_ANSWER)
    return _second("code", WRONG_PASSKEY, lambda token: front().accounts.check_passkey(token, answer))


@sign_in.post("/sign-out")
@public
def sign_out() -> AnyResponse:
    """End the session and clear what the browser keeps."""
    token = session_token(request)
    if token:
        front().accounts.sign_out(token)
    response = redirect("/sign-in?done=out", 303)
    forget_session(response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def goes_on(token: str, page: str) -> AnyResponse:
    """Go on with a new session token; forms that were open before no longer count."""
    session.clear()
    response = redirect(page, 303)
    keep_session(response, token)
    return response


def _second(field: str, wrong: str, check: Callable[[str], str]) -> ResponseReturnValue:
    try:
        return goes_on(check(str(session_token(request))), "/")
    except NotLetIn:
        return _second_step_page({field: wrong}), 422


def _second_step_page(errors: dict[str, str]) -> str:
    return front().render("second_step.html", errors=errors, passkey=front().accounts.has_passkey(signed_in_visitor()))
