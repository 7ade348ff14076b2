"""Letters to print: how many wait, and the pages to print; names are shown on those alone."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from eligibility import BadInput
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed
from voter_reg.office.room import Card, CardSource, Entry, Room
from voter_reg.office.visit import Visitor
from voter_reg.roles import Role
from voter_reg.service import letters as service
from voter_reg.service.actors import Actor

letters = Blueprint("letters", __name__)

_CLERKS: Final = frozenset({Role.CLERK})
_DONE: Final = {"made": "The print file is made", "none": "No letter waits", "printed": "The letters are printed"}


@letters.get("/letters")
@allowed(Role.CLERK)
def page() -> str:
    """Counts alone; no record is opened."""
    return front().render("letters.html", waiting=service.waiting(), done=_DONE.get(request.args.get("done", "")))


@letters.post("/letters/gather")
@allowed(Role.CLERK)
def gather() -> ResponseReturnValue:
    """Make one print file of the letters that wait."""
    made = service.gather(front().now(), by=_clerk())
    return redirect(f"/letters?done={'made' if made else 'none'}", 303)


@letters.post("/letters/<batch>/pages")
@allowed(Role.CLERK)
def pages(batch: str) -> str:
    """The letters, one a page; that they are shown is logged first, each time."""
    try:
        shown = service.open_file(front().vault, batch, by=_clerk(), now=front().now())
    except BadInput:
        abort(404)
    return front().render("letters_print.html", pages=shown, office=front().pack.name)


@letters.post("/letters/<batch>/printed")
@allowed(Role.CLERK)
def printed(batch: str) -> ResponseReturnValue:
    """They are printed and on their way."""
    if not service.mark_printed(batch, by=_clerk(), now=front().now()):
        abort(404)
    return redirect("/letters?done=printed", 303)


def _clerk() -> Actor:
    return signed_in_visitor().acting_as(Role.CLERK)


def _waiting(_: Visitor) -> Card | None:
    found = service.waiting()
    count = found.letters + sum(one.letters for one in found.files)
    return Card("Letters to print", count, "/letters") if count else None


ROOM = Room(letters, (Entry("Letters", "letters.page", _CLERKS),), (CardSource(_waiting, _CLERKS),))
