"""The office put together: its rooms, and what an application needs to show them."""

from __future__ import annotations

from typing import Final

from flask import Flask

from eligibility.pack import Pack
from voter_reg.office import (
    account,
    approvals,
    confirm,
    counter,
    demands,
    elections,
    enrol,
    home,
    letters,
    matches,
    paper,
    people,
    records,
    review,
    second_factors,
    sign_in,
)
from voter_reg.office.accounts import Accounts
from voter_reg.office.cookies import FORM_COOKIE
from voter_reg.office.door import keep_the_door
from voter_reg.office.errors import register_errors
from voter_reg.office.front import EXTENSION, Front
from voter_reg.office.room import Room
from voter_reg.service.work import Bench
from voter_reg.web.closed import close

LARGEST_REQUEST: Final = 64 * 1024
"""Bytes of a request body."""

ROOMS: Final = (
    home.ROOM,
    review.ROOM,
    paper.ROOM,
    counter.ROOM,
    matches.ROOM,
    letters.ROOM,
    approvals.ROOM,
    demands.ROOM,
    elections.ROOM,
    records.ROOM,
    people.ROOM,
    account.ROOM,
    second_factors.ROOM,
    confirm.ROOM,
    sign_in.ROOM,
    enrol.ROOM,
)
"""Every part of the office, in the order of the navigation."""


def open_office(
    app: Flask,
    *,
    accounts: Accounts,
    bench: Bench,
    pack: Pack,
    secret: str,
    rooms: tuple[Room, ...] = ROOMS,
) -> None:
    """Make an application the office: its door first, then pages, errors, headers, cookies and CSRF.

    `app` must have no static folder of its own: its files would be served without a guard.
    """
    app.extensions[EXTENSION] = Front(accounts=accounts, bench=bench, pack=pack, rooms=rooms)
    app.before_request(keep_the_door)
    close(app, secret, cookie=FORM_COOKIE, same_site="Strict", largest=LARGEST_REQUEST)
    for room in rooms:
        app.register_blueprint(room.blueprint)
    register_errors(app)
