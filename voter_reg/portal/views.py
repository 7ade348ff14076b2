"""The portal put together: the blueprint with all its pages, and what an application needs to show them."""

from __future__ import annotations

from typing import Final

from flask import Flask

from voter_reg.portal import finish, later, public_pages, steps
from voter_reg.portal.blueprint import portal
from voter_reg.portal.cookies import SESSION_COOKIE
from voter_reg.portal.errors import register_errors
from voter_reg.portal.front import EXTENSION, Desk, Front
from voter_reg.portal.stopped import stop_when_suspended
from voter_reg.web.closed import close
from voter_reg.web.marks import refuse_unmarked
from voter_reg.web.uploads import InMemoryRequest

__all__ = ["LARGEST_REQUEST", "open_portal", "portal"]

LARGEST_REQUEST: Final = 256 * 1024
"""Bytes of a request body. A field of 10,000 characters still fits, percent-encoded, and gets a message of its own."""

_PAGES = (public_pages, steps, finish, later)  # importing them hung their views on the blueprint


def open_portal(app: Flask, desk: Desk, secret: str) -> None:
    """Make an application the portal: pages, errors, headers, cookies, CSRF, and every template compiled now.

    `app` must have no static folder of its own: its files would be served without a mark.
    """
    app.request_class = InMemoryRequest
    app.extensions[EXTENSION] = Front(desk, secret, app.jinja_env)
    app.before_request(refuse_unmarked)
    close(app, secret, cookie=SESSION_COOKIE, same_site="Lax", largest=LARGEST_REQUEST)
    app.before_request(stop_when_suspended)
    app.register_blueprint(portal)
    register_errors(app)
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith("portal/")):
        app.jinja_env.get_template(name)
