"""An application closed against what comes from outside: cookies, size, other sites' forms, headers, and its log."""

from __future__ import annotations

import logging
import traceback
from datetime import timedelta
from typing import Any, Literal

from flask import Flask, abort, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from itsdangerous import URLSafeTimedSerializer

from voter_reg.web.headers import Headers


def close(app: Flask, secret: str, *, cookie: str, same_site: Literal["Lax", "Strict"], largest: int) -> None:
    """Close an application before its pages are hung in; what it does before a request for itself comes first.

    `cookie` names the browser's cookie, which holds the CSRF secret and nothing else; `largest` is the size of a
    request's body in bytes. `app` must have no static folder of its own: its files would be served without a guard.
    """
    app.secret_key = secret
    app.config.update(
        SESSION_COOKIE_NAME=cookie,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE=same_site,
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=largest,
        MAX_FORM_MEMORY_SIZE=largest,
        MAX_FORM_PARTS=100,
        TEMPLATES_AUTO_RELOAD=False,
        WTF_CSRF_TIME_LIMIT=int(timedelta(hours=12).total_seconds()),
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our own policy removes; refuse_other_sites stands in
    )
    app.session_interface = _Sessions(app)
    app.before_request(refuse_unsaid_length)
    app.before_request(refuse_other_sites)
    app.before_request(refuse_nameless)
    CSRFProtect(app)
    app.wsgi_app = Headers(app.wsgi_app)  # type: ignore[method-assign]  # as Flask's own guide wraps it
    app.logger.addFilter(tell_place_only)


class _Sessions(SecureCookieSessionInterface):
    """Flask's own sessions, but their signer is made once and not anew at every request."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:  # noqa: ARG002 - Flask's signature
        """The signer of the application that these are the sessions of."""
        return self._signer


def refuse_unsaid_length() -> None:
    """Refuse a body in pieces whose length nobody says: no browser sends a form so, and no limit would hold it."""
    if "Transfer-Encoding" in request.headers:
        abort(411)


def refuse_other_sites() -> None:
    """A second lock beside the CSRF token: browsers say themselves when a form was sent from another site.

    `Origin` cannot serve here: under our own `no-referrer` policy browsers send it as "null".
    """
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CSRFError("sent from another site")


def refuse_nameless() -> None:
    """Refuse a form with a part that has no name: no browser sends one, and whoever reads names stumbles over it."""
    sent: tuple[Any, ...] = (request.form, request.files) if request.method == "POST" else ()
    if any(None in parts for parts in sent):
        abort(400)


def tell_place_only(record: logging.LogRecord) -> bool:
    """Log where an error happened and its kind; its message and the request's path may hold what a person typed."""
    if record.exc_info and record.exc_info[0]:
        kind, _, trace = record.exc_info
        places = ", ".join(f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-4:])
        record.msg, record.args, record.exc_info, record.exc_text = f"{kind.__name__} in {places}", (), None, None
    return True
