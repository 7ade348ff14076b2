"""Pages that keep nothing: the landing page, "What could I vote in?", the contests of a split, the files."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, abort, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from voter_reg.language import Said
from voter_reg.portal.blueprint import portal
from voter_reg.portal.forms import AddressForm
from voter_reg.portal.front import front
from voter_reg.portal.later import clear_browser
from voter_reg.portal.lookup import contests_page, look_up
from voter_reg.portal.open_draft import peek
from voter_reg.portal.tongue import switches
from voter_reg.service.answers import LONGEST_ADDRESS
from voter_reg.web.marks import public


@portal.get("/")
@public
def landing() -> str:
    """What this is, who can, what you need, how long, what is never asked."""
    return front().landing()


@portal.get("/check")
@public
def check() -> str:
    """Ask for an address before anything else is asked."""
    return _check_page({}, values={})


@portal.post("/check")
@public
def check_address() -> ResponseReturnValue:
    """Look an address up and forget it: the next page is named by its split alone."""
    form = AddressForm(request.form)
    found = look_up(form, front().desk.map)
    if switches():
        return _check_page({}, values=form.typed(), candidates=found.candidates)
    if found.split is None:
        return _check_page(form.problems, values=form.typed(), candidates=found.candidates), 422
    return redirect(contests_page(found.split), 303)


@portal.post("/ahead")
@public
def ahead() -> Response:
    """Addresses that begin as typed, for the list under the field; the text comes in the body and is kept nowhere."""
    typed = request.form.get("address", "")[:LONGEST_ADDRESS]
    return jsonify([offer.address for offer in front().desk.map.ahead(typed)])


@portal.get("/contests/<path:split>")
@public
def contests(split: str) -> str:
    """Which contests people of a precinct split vote in, and which are not the city's."""
    rules, place = front().rules(), front().desk.map.splits.get(split)
    if place is None:
        abort(404)
    opened = peek()
    mine = opened if opened and opened.draft.split == split and opened.draft.receipt is None else None
    return front().render(
        "contests.html",
        split=place,
        contests=rules.contests(place) if rules else (),
        polling=front().desk.polling_place(place),
        draft=mine.draft if mine else None,
        underway=opened is not None and mine is None,
        csrf=generate_csrf() if opened else None,
    )


@portal.get("/left")
@public
def left() -> Response:
    """A page that says nothing of what was here. Another site cannot use it to clear someone's form."""
    response = Response(front().render("left.html"), mimetype="text/html")
    if request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
        clear_browser(response)
    return response


@portal.get("/static/<version>/<name>")
@public
def asset(version: str, name: str) -> Response:
    """One of the few files."""
    return front().assets.serve(version, name) or abort(404)


def _check_page(errors: Mapping[str, Said], **words: object) -> str:
    return front().render("address.html", errors, checking=True, version=None, csrf=generate_csrf(), form=True, **words)
