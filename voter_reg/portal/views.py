"""The portal put together: the blueprint with all its pages, and what an application needs to show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Flask

from voter_reg.language import Words
from voter_reg.portal import (
    finish,
    kiosk,
    later,
    papers,
    proof,
    public_pages,
    record,
    record_changes,
    record_leave,
    record_papers,
    record_proof,
    steps,
    take_away,
    vouch,
)
from voter_reg.portal.blueprint import portal
from voter_reg.portal.cookies import SESSION_COOKIE
from voter_reg.portal.errors import register_errors
from voter_reg.portal.front import EXTENSION, Desk, Front
from voter_reg.portal.open_draft import renew
from voter_reg.portal.record_desk import EXTENSION as RECORDS
from voter_reg.portal.record_desk import RecordDesk
from voter_reg.portal.record_desk import record as record_pages
from voter_reg.portal.stopped import stop_when_suspended
from voter_reg.portal.tongue import change, choose, keep
from voter_reg.web.closed import close
from voter_reg.web.marks import refuse_unmarked
from voter_reg.web.uploads import InMemoryRequest

__all__ = ["LARGEST_REQUEST", "open_portal", "portal"]

LARGEST_REQUEST: Final = 256 * 1024
"""Bytes of a request body. A field of 10,000 characters still fits, percent-encoded, and gets a message of its own."""

# Importing them hung their views on the two blueprints.
_FORM = (public_pages, steps, proof, papers, finish, later, kiosk, vouch, take_away)
_RECORD = (record, record_changes, record_papers, record_proof, record_leave)


def open_portal(
    app: Flask,
    desk: Desk,
    secret: str,
    tongues: Mapping[str, Words] | None = None,
    *,
    records: RecordDesk | None = None,
) -> None:
    """Make an application the portal: pages, errors, headers, cookies and CSRF.

    `app` must have no static folder of its own: its files would be served without a mark. `tongues` are the languages
    to offer, by their codes, if not all that the place has its texts in. Without `records` nobody can sign in to see
    their own record.
    """
    made = Front(desk, secret, tongues)
    app.request_class = InMemoryRequest
    app.extensions[EXTENSION] = made
    app.before_request(lambda: choose(made.languages))
    app.before_request(refuse_unmarked)
    close(app, secret, cookie=SESSION_COOKIE, same_site="Lax", largest=LARGEST_REQUEST)
    app.before_request(lambda: change(made.languages))  # reads what was sent, so after what refuses to read it
    app.before_request(stop_when_suspended)
    app.register_blueprint(portal)
    app.extensions[RECORDS] = records
    app.register_blueprint(record_pages)
    register_errors(app)
    app.after_request(keep)
    app.after_request(renew)
