"""A part of the office is added by its room alone: its pages, its place in the navigation, its card at home."""

import pytest
from flask import Blueprint, redirect

from tests.voter_reg.office.conftest import Colleague, make_office
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed, confirmed
from voter_reg.office.room import Card, CardSource, Entry, Room
from voter_reg.office.views import ROOMS
from voter_reg.roles import OFFICERS, Role


@pytest.fixture
def approvals():
    """As an engineer would write it; what was approved, by whom, and the room."""
    pages, done = Blueprint("examples", __name__), []

    @pages.get("/examples")
    @allowed(*OFFICERS)
    def page():
        return front().render("home.html", cards=[])

    @pages.get("/examples/<request_id>")
    @confirmed()
    @allowed(*OFFICERS)
    def one(request_id):
        return front().render("home.html", cards=[])

    @pages.post("/examples/<request_id>/approve")
    @confirmed("examples.one")
    @allowed(*OFFICERS)
    def approve(request_id):
        done.append((request_id, signed_in_visitor().acting_as(*OFFICERS)))
        return redirect("/examples", 303)

    def waiting(_):
        return Card("Examples to look at", 2 - len(done), "/examples")

    return done, Room(pages, (Entry("Examples", "examples.page", OFFICERS),), (CardSource(waiting, OFFICERS),))


def test_a_part_is_added_by_its_room_alone(accounts, approvals):
    done, room = approvals
    app = make_office(accounts, rooms=(*ROOMS, room))
    dana = accounts.add("dana", Role.PRIVACY_OFFICER, Role.CLERK)
    officer = Colleague(app.test_client()).carry(accounts.token(dana))

    assert "Examples to look at" in officer.get("/").text
    assert ">Examples</a>" in officer.get("/").text
    sent_on = officer.send("/examples/r-7/approve", page="/examples")
    assert sent_on.location == "/confirm?then=/examples/r-7"
    sent = {"then": "/examples/r-7", "password": dana.password, "code": accounts.code(dana)}
    assert officer.send("/confirm", page=sent_on.location, **sent).location == "/examples/r-7"
    assert done == []
    officer.send("/examples/r-7/approve", page="/examples/r-7")

    assert [(one, by.label, by.role) for one, by in done] == [("r-7", "staff:dana", "privacy-officer")]


def test_who_has_no_such_role_sees_nothing_of_it(accounts, approvals):
    done, room = approvals
    app = make_office(accounts, rooms=(*ROOMS, room))
    other = Colleague(app.test_client()).carry(accounts.token(accounts.add("ada", Role.CLERK), fresh=True))

    assert "xample" not in other.get("/").text
    assert other.get("/examples").status_code == 403
    assert other.send("/examples/r-7/approve", page="/account").status_code == 403
    assert done == []
