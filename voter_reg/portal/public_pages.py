"""Pages that keep nothing: the landing page, "What could I vote in?", the contests of a split, the files."""

from __future__ import annotations

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from eligibility.contest import contests_in
from voter_reg.portal.blueprint import portal
from voter_reg.portal.forms import AddressForm
from voter_reg.portal.front import front
from voter_reg.portal.lookup import contests_page, look_up
from voter_reg.portal.open_draft import onward, peek
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
    return _check_page(values={}, errors={})


@portal.post("/check")
@public
def check_address() -> ResponseReturnValue:
    """Look an address up and forget it: the next page is named by its split alone."""
    form = AddressForm(request.form)
    found = look_up(form, front().desk.map)
    if found.split is None:
        return _check_page(values=form.typed(), errors=form.problems, candidates=found.candidates), 422
    return redirect(contests_page(found.split), 303)


@portal.get("/contests/<path:split>")
@public
def contests(split: str) -> str:
    """Which contests people of a precinct split vote in, and which are not the city's."""
    site, place = front().site(), front().desk.map.splits.get(split)
    if place is None:
        abort(404)
    opened = peek()
    mine = opened if opened and opened.draft.split == split and opened.draft.receipt is None else None
    return front().render(
        "contests.html",
        split=place,
        day=site.election,
        contests=contests_in(site.contests, place),
        draft=mine.draft if mine else None,
        onward=onward(mine.draft) if mine else "",
        underway=opened is not None and mine is None,
        csrf=generate_csrf() if opened else None,
    )


@portal.get("/left")
@public
def left() -> Response:
    """A page that says nothing of what was here. Another site cannot use it to clear someone's form."""
    response = Response(front().render("left.html"), mimetype="text/html")
    if request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@portal.get("/static/<version>/<name>")
@public
def asset(version: str, name: str) -> Response:
    """One of the few files."""
    return front().assets.serve(version, name) or abort(404)


def _check_page(**words: object) -> str:
    return front().render("address.html", checking=True, version=None, csrf=generate_csrf(), **words)
