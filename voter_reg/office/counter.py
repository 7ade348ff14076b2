"""At the counter: a code for one letter, given to a registrant whom a clerk has seen with their papers."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from eligibility import BadInput
from voter_reg.office import typed
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed
from voter_reg.office.room import Entry, Room
from voter_reg.roles import Role
from voter_reg.service import counter as service
from voter_reg.service.own_papers import give_code

counter = Blueprint("counter", __name__)


@counter.get("/counter")
@allowed(Role.CLERK)
def page() -> str:
    """Ask for the confirmation code."""
    return front().render("counter.html", errors={}, person=None, given=None)


@counter.post("/counter")
@allowed(Role.CLERK)
def find() -> ResponseReturnValue:
    """Whose it is, to compare with who stands there."""
    code, by = typed.field("code", typed.LONGEST_CODE), signed_in_visitor().acting_as(Role.CLERK)
    person = service.find(front().vault, code, by=by, now=front().now()) if code else None
    if person is None:
        errors = {"code": "No one with this code is on the roll or waits for it."}
        return front().render("counter.html", errors=errors, person=None, given=None), 422
    return front().render("counter.html", errors={}, person=person, given=None)


@counter.post("/counter/code")
@allowed(Role.CLERK)
def give() -> ResponseReturnValue:
    """Make the code. It is shown once and works once, today."""
    by = signed_in_visitor().acting_as(Role.CLERK)
    try:
        given = give_code(front().vault, typed.field("voter", 32), by=by, now=front().now())
    except BadInput:
        errors = {"code": "This person is not on the roll any more."}
        return front().render("counter.html", errors=errors, person=None, given=None), 422
    return front().render("counter.html", errors={}, person=None, given=given)


ROOM = Room(counter, (Entry("At the counter", "counter.page", frozenset({Role.CLERK})),))
