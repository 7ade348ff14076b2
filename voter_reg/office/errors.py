"""Error pages in plain words: what happened, and what next."""

from __future__ import annotations

import math
from typing import Final

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from voter_reg.office.accounts import Unavailable, Wait
from voter_reg.office.front import front, visitor
from voter_reg.office.sign_in import sign_out

_KINDS: Final = {403: "not-yours", 404: "missing", 405: "not-that-way", 410: "old-link", 413: "too-much", 429: "wait",
                 503: "closed"}  # fmt: skip


def register_errors(app: Flask) -> None:
    """Give every error of the application its page."""
    app.register_error_handler(CSRFError, _old_page)
    app.register_error_handler(Wait, _wait)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(HTTPException, _http_error)


def problem(kind: str, status: int, **words: object) -> Response:
    """The page of one kind of problem."""
    return Response(front().render("problem.html", kind=kind, **words), status, mimetype="text/html")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    """The page of an HTTP error; a redirect that was raised goes out as it is."""
    if error.code is None or error.code < 400:
        return error.get_response()
    kind = _KINDS.get(error.code, "ours" if error.code >= 500 else "unreadable")
    if kind == "not-yours" and ((who := visitor()) is None or who.half):
        kind = "sign-in-first"
    response = problem(kind, error.code)
    methods = getattr(error, "valid_methods", None)
    if methods:
        response.headers["Allow"] = ", ".join(sorted(methods))
    return response


def _old_page(_: CSRFError) -> ResponseReturnValue:
    """A form from an old page, or from another site. Who wants to sign out may: the browser says it was ours."""
    if request.path == "/sign-out" and request.headers.get("Sec-Fetch-Site") == "same-origin":
        return sign_out()
    return problem("old-page", 400)


def _wait(wait: Wait) -> ResponseReturnValue:
    """Say when to try again, in whole minutes."""
    seconds = max(1, math.ceil((wait.until - front().now()).total_seconds())) if wait.until else 0
    minutes = math.ceil(seconds / 60)
    words = f"{minutes} minute{'s' if minutes > 1 else ''}" if seconds else ""
    response = problem("wait", 429, wait=words)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def _unavailable(_: Unavailable) -> ResponseReturnValue:
    return problem("closed", 503)
