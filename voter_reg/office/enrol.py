"""One-time links: setting an account up, and setting a new password."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect
from flask.typing import ResponseReturnValue

from voter_reg.office import typed
from voter_reg.office.accounts import Link, NotLetIn, Unusable
from voter_reg.office.front import front
from voter_reg.office.pictures import picture
from voter_reg.office.room import Room
from voter_reg.office.sign_in import WRONG_CODE
from voter_reg.web.marks import public

enrol = Blueprint("enrol", __name__)

ROOM = Room(enrol)


@enrol.get("/enrol/<token>")
@public
def page(token: str) -> str:
    """Password and second step. Opening the page uses nothing up."""
    return _page(token, _opened(token), {})


@enrol.get("/enrol/<token>/picture.svg")
@public
def key_picture(token: str) -> Response:
    """The authenticator's key as a picture."""
    return picture(_opened(token).address or abort(404))


@enrol.post("/enrol/<token>")
@public
def finish(token: str) -> ResponseReturnValue:
    """Set the account up and show its recovery codes once, or set the new password."""
    link = _opened(token)
    password, code = typed.password(), typed.code()
    errors = missing(password, typed.password("again"))
    if not code:
        errors["code"] = "Enter the 6 digits that your app shows."
    if not errors:
        try:
            return _finished(token, link, password, code)
        except Unusable as problem:
            errors[problem.field] = problem.message
        except NotLetIn:
            errors["code"] = WRONG_CODE
    return _page(token, link, errors), 422


def missing(password: str, again: str) -> dict[str, str]:
    """What is wrong with a new password and its repetition as typed."""
    if not password:
        return {"password": "Enter a new password."}
    return {} if password == again else {"again": "The two are not the same. Type the new password again."}


def _finished(token: str, link: Link, password: str, code: str) -> ResponseReturnValue:
    if link.reset:
        front().accounts.reset(token, password, code)
        return redirect("/sign-in?done=reset", 303)
    codes = front().accounts.enrol(token, password, code)
    onward = {"onward": "/sign-in", "onward_words": "Go on and sign in"}
    return front().render("codes.html", name=link.name, codes=codes, **onward)


def _opened(token: str) -> Link:
    return front().accounts.open_link(token) or abort(410)


def _page(token: str, link: Link, errors: dict[str, str]) -> str:
    return front().render("enrol.html", link=link, action=f"/enrol/{token}", errors=errors)
