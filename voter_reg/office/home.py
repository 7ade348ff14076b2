"""The start: what waits for whoever signed in, by role."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import signed_in
from voter_reg.office.room import Entry, Room
from voter_reg.web.marks import public

home = Blueprint("home", __name__)


@home.get("/")
@signed_in
def page() -> str:
    """What waits for you."""
    who = signed_in_visitor()
    made = [source.make(who) for source in front().cards if source.roles & who.roles]
    return front().render("home.html", cards=[card for card in made if card is not None])


@home.get("/static/<version>/<name>")
@public
def asset(version: str, name: str) -> Response:
    """One of the few files."""
    return front().assets.serve(version, name) or abort(404)


ROOM = Room(home, entries=(Entry("Home", "home.page"),))
