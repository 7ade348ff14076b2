"""Error pages in plain words: what happened, and what next."""

from __future__ import annotations

import math
from typing import Final

from flask import Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from voter_reg.office.front import front, visitor
from voter_reg.office.sign_in import sign_out
from voter_reg.service.accounts import NotAllowed
from voter_reg.service.limits import TooMany
from voter_reg.service.sessions import ConfirmFirst, SessionGone
from voter_reg.service.sign_in import TicketGone
from voter_reg.service.staff_links import LinkGone

_KINDS: Final = {403: "not-yours", 404: "missing", 405: "not-that-way", 410: "old-link", 413: "too-much", 429: "wait",
                 503: "closed"}  # fmt: skip


def register_errors(app: Flask) -> None:
    """Give every error of the application its page."""
    app.register_error_handler(CSRFError, _old_page)
    app.register_error_handler(TooMany, _wait)
    app.register_error_handler(LinkGone, lambda _: problem("old-link", 410))
    app.register_error_handler(NotAllowed, lambda _: problem("not-yours", 403))
    app.register_error_handler(TicketGone, lambda _: redirect("/sign-in", 303))
    app.register_error_handler(SessionGone, lambda _: redirect("/sign-in", 303))
    app.register_error_handler(ConfirmFirst, lambda _: redirect("/confirm", 303))
    app.register_error_handler(HTTPException, _http_error)


def problem(kind: str, status: int, **words: object) -> Response:
    """The page of one kind of problem."""
    return Response(front().render("problem.html", kind=kind, **words), status, mimetype="text/html")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    """The page of an HTTP error; a redirect that was raised goes out as it is."""
    if error.code is None or error.code < 400:
        return error.get_response()
    kind = _KINDS.get(error.code, "ours" if error.code >= 500 else "unreadable")
    if error.code >= 500:
        g.visitor = None  # looking at the session again might be what fails
    if kind == "not-yours" and visitor() is None:
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


def _wait(wait: TooMany) -> ResponseReturnValue:
    """Say when to try again, in whole minutes."""
    minutes = max(1, math.ceil(wait.seconds / 60))
    response = problem("wait", 429, wait=f"{minutes} minute{'s' if minutes > 1 else ''}")
    response.headers["Retry-After"] = str(max(1, wait.seconds))
    return response
