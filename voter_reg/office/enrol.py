"""One-time links: setting an account up, a new password, a new second step."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect
from flask.typing import ResponseReturnValue

from voter_reg.office import typed
from voter_reg.office.front import front
from voter_reg.office.pictures import picture
from voter_reg.office.room import Room
from voter_reg.office.sign_in import WRONG_CODE
from voter_reg.service.enrolment import Opened
from voter_reg.service.passwords import PasswordRefused
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.sign_in import WrongSignIn
from voter_reg.service.staff_links import PATH
from voter_reg.web.marks import public

enrol = Blueprint("enrol", __name__)

ROOM = Room(enrol)


@enrol.get(f"{PATH}<token>")
@public
def page(token: str) -> str:
    """What the link asks for. Opening the page uses nothing up."""
    return _page(token, front().accounts.open_link(token), {})


@enrol.get(f"{PATH}<token>/picture.svg")
@public
def key_picture(token: str) -> Response:
    """The authenticator's key as a picture."""
    offer = front().accounts.open_link(token).offer
    return picture(offer.uri) if offer else abort(404)


@enrol.post(f"{PATH}<token>")
@public
def finish(token: str) -> ResponseReturnValue:
    """Do what the link is for; new recovery codes are shown once."""
    opened = front().accounts.open_link(token)
    password, code = typed.password(), typed.code()
    errors = missing(password, password if opened.purpose == "second-factor" else typed.password("again"))
    if not code and not typed.code("recovery"):
        errors |= {"code": "Enter the 6 digits that your app shows."}
    if not errors:
        try:
            return _finished(token, opened, password, code)
        except PasswordRefused as problem:
            errors |= {"password": sentence(f"the password {problem.what}")}
        except WrongSignIn:
            errors |= {"password": "This is not your password."}
        except WrongCode:
            errors |= {"code": WRONG_CODE}
    return _page(token, opened, errors), 422


def missing(password: str, again: str) -> dict[str, str]:
    """What is wrong with a new password and its repetition as typed."""
    if not password:
        return {"password": "Enter a password."}
    return {} if password == again else {"again": "The two are not the same. Type the new password again."}


def sentence(line: str) -> str:
    """A line that says why, as a page says it."""
    return f"{line[:1].upper()}{line[1:]}".rstrip(".") + "."


def _finished(token: str, opened: Opened, password: str, code: str) -> ResponseReturnValue:
    accounts = front().accounts
    if opened.purpose == "password":
        proof = Proof("totp", code) if code else Proof("recovery-code", typed.code("recovery"))
        accounts.set_new_password(token, password, proof)
        return redirect("/sign-in?done=reset", 303)
    finish = accounts.accept_invitation if opened.purpose == "invitation" else accounts.set_new_second_factor
    codes = finish(token, password, code)
    onward = {"onward": "/sign-in", "onward_words": "Go on and sign in"}
    return front().render("codes.html", name=opened.account_name, codes=codes, **onward)


def _page(token: str, opened: Opened, errors: dict[str, str]) -> str:
    return front().render("enrol.html", opened=opened, action=f"{PATH}{token}", errors=errors)
