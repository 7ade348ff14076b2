"""One's own second step: replacing the authenticator app, adding and removing passkeys. All ask for a confirmation."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from eligibility.errors import BadInput
from voter_reg.office import typed
from voter_reg.office.enrol import sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import confirmed, signed_in
from voter_reg.office.pictures import picture
from voter_reg.office.room import Room
from voter_reg.office.sign_in import WRONG_CODE
from voter_reg.office.words import moment
from voter_reg.service.own_account import Passkey
from voter_reg.service.second_factor import WrongCode

second_factors = Blueprint("second_factors", __name__)

ROOM = Room(second_factors)

_LONGEST_LABEL: Final = 200
_DONE: Final = {"added": "Your passkey is added", "removed": "The passkey is removed"}


@second_factors.get("/account/authenticator")
@confirmed()
@signed_in
def authenticator() -> str:
    """A new key to scan."""
    return _authenticator_page({})


@second_factors.get("/account/authenticator/picture.svg")
@confirmed("second_factors.authenticator")
@signed_in
def key_picture() -> Response:
    """The new key as a picture."""
    return picture(front().accounts.offer_app(signed_in_visitor().token).uri)


@second_factors.post("/account/authenticator")
@confirmed("second_factors.authenticator")
@signed_in
def replace_authenticator() -> ResponseReturnValue:
    """The new app's first code makes it count."""
    code = typed.code()
    if not code:
        return _authenticator_page({"code": "Enter the 6 digits that your new app shows."}), 422
    try:
        front().accounts.change_app(signed_in_visitor().token, code)
    except WrongCode:
        return _authenticator_page({"code": WRONG_CODE}), 422
    return redirect("/account?done=authenticator", 303)


@second_factors.get("/account/passkeys")
@confirmed()
@signed_in
def passkeys() -> str:
    """The passkeys there are, and a form for one more."""
    return _passkeys_page({}, {})


@second_factors.post("/account/passkeys/begin")
@confirmed("second_factors.passkeys")
@signed_in
def begin_passkey() -> Response:
    """What the browser asks to make a passkey."""
    return Response(front().accounts.offer_passkey(signed_in_visitor().token), mimetype="application/json")


@second_factors.post("/account/passkeys")
@confirmed("second_factors.passkeys")
@signed_in
def add_passkey() -> ResponseReturnValue:
    """Keep a passkey that the browser made."""
    label, answer = typed.field("label", _LONGEST_LABEL), typed.field("answer", typed.LONGEST_ANSWER)
    try:
        front().accounts.add_passkey(signed_in_visitor().token, answer, label or "Passkey")
    except BadInput as problem:
        return _passkeys_page({"label": label}, {"label": sentence(str(problem))}), 422
    except WrongCode:
        return _passkeys_page({"label": label}, {"label": "This passkey could not be added. Try again."}), 422
    return redirect("/account/passkeys?done=added", 303)


@second_factors.post("/account/passkeys/<passkey_id>/remove")
@confirmed("second_factors.passkeys")
@signed_in
def remove_passkey(passkey_id: str) -> AnyResponse:
    """Remove one of one's own passkeys; one that is gone already is left alone."""
    front().accounts.remove_passkey(signed_in_visitor().token, passkey_id)
    return redirect("/account/passkeys?done=removed", 303)


def _authenticator_page(errors: dict[str, str]) -> str:
    secret = front().accounts.offer_app(signed_in_visitor().token).secret
    return front().render("authenticator.html", secret=secret, errors=errors)


def _passkeys_page(values: dict[str, str], errors: dict[str, str]) -> str:
    rows = [_row(key) for key in front().accounts.passkeys(signed_in_visitor())]
    done = _DONE.get(request.args.get("done", ""))
    return front().render("passkeys.html", passkeys=rows, values=values, errors=errors, done=done)


def _row(key: Passkey) -> dict[str, object]:
    return {"id": key.id, "label": key.label, "added": moment(key.added_at, front().zone)}
