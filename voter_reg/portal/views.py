"""The portal put together: the blueprint with all its pages, and what an application needs to show them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect

from voter_reg.portal import finish, later, public_pages, steps
from voter_reg.portal.blueprint import portal
from voter_reg.portal.cookies import SESSION_COOKIE
from voter_reg.portal.errors import register_errors
from voter_reg.portal.front import EXTENSION, Desk, Front
from voter_reg.portal.security import LARGEST_REQUEST, Headers, refuse_other_sites, refuse_unmarked
from voter_reg.portal.stopped import stop_when_suspended

__all__ = ["open_portal", "portal"]

_PAGES = (public_pages, steps, finish, later)  # importing them hung their views on the blueprint


def open_portal(app: Flask, desk: Desk, secret: str) -> None:
    """Make an application the portal: pages, errors, headers, cookies, CSRF, and every template compiled now.

    `app` must have no static folder of its own: its files would be served without a mark.
    """
    app.secret_key = secret
    app.config.update(
        SESSION_COOKIE_NAME=SESSION_COOKIE,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=100,
        TEMPLATES_AUTO_RELOAD=False,
        WTF_CSRF_TIME_LIMIT=int(timedelta(hours=12).total_seconds()),
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our own policy removes; refuse_other_sites stands in
    )
    app.extensions[EXTENSION] = Front(desk, secret, app.jinja_env)
    app.before_request(refuse_unmarked)
    app.before_request(refuse_other_sites)
    app.before_request(stop_when_suspended)
    CSRFProtect(app)
    app.register_blueprint(portal)
    app.wsgi_app = Headers(app.wsgi_app)  # type: ignore[method-assign]  # as Flask's own guide wraps it
    register_errors(app)
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith("portal/")):
        app.jinja_env.get_template(name)
