"""Error pages in plain words: what happened, what to do, what is kept."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException

from voter_reg.portal.cookies import forget_draft
from voter_reg.portal.front import front
from voter_reg.portal.later import leave
from voter_reg.portal.open_draft import Away, NewerTab, NoDraft, onward, peek
from voter_reg.portal.stopped import stopped_page
from voter_reg.service.live import Suspended
from voter_reg.service.registration import Closed

_KINDS: Final = {404: "missing", 405: "not-that-way", 410: "old-link", 413: "too-much", 429: "wait"}
_NEVER_SENT_BACK: Final = frozenset(("csrf_token", "version", "then", "card", "code"))


def register_errors(app: Flask) -> None:
    """Give every error of the application its page."""
    app.register_error_handler(CSRFError, _old_page)
    app.register_error_handler(NoDraft, _no_form)
    app.register_error_handler(Away, _away)
    app.register_error_handler(NewerTab, _newer_tab)
    app.register_error_handler(Closed, _closed)
    app.register_error_handler(Suspended, _stopped)
    app.register_error_handler(HTTPException, _http_error)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    """The page of an HTTP error; a redirect that was raised goes out as it is."""
    if error.code is None or error.code < 400:
        return error.get_response()
    response = _page(_KINDS.get(error.code, "ours" if error.code >= 500 else "unreadable"), error.code)
    methods = getattr(error, "valid_methods", None)
    if methods:
        response.headers["Allow"] = ", ".join(sorted(methods))
    return response


def _old_page(_: CSRFError) -> ResponseReturnValue:
    """A form from an old page, or from another site. Who wants to leave may: the browser says that it was our page."""
    if request.path == "/leave" and request.headers.get("Sec-Fetch-Site") == "same-origin":
        return leave()
    return _page("old-page", 400)


def _no_form(_: NoDraft) -> ResponseReturnValue:
    return _page("no-form", 404)


def _away(_: Away) -> ResponseReturnValue:
    """The form is closed on this device; a link opens it again, and nothing tells whose it was."""
    response = _page("away", 403)
    forget_draft(response)
    return response


def _newer_tab(_: NewerTab) -> ResponseReturnValue:
    """Offer both: the answers of the other tab, or those just sent (never a card number)."""
    opened = peek()
    if opened is None:
        return _page("no-form", 404)
    sent = request.form.items(multi=True)
    again = [] if "card" in request.form else [(name, value) for name, value in sent if name not in _NEVER_SENT_BACK]
    return opened.page("newer.html", onward=onward(opened.draft), here=request.path, sent=again), 409


def _closed(_: Closed) -> ResponseReturnValue:
    return _page("closed", 409)


def _stopped(_: Suspended) -> ResponseReturnValue:
    return stopped_page()


def _page(kind: str, status: int) -> Response:
    """Who has a form open can leave from an error page as well."""
    csrf = generate_csrf() if request.cookies else None
    return Response(front().render("problem.html", kind=kind, csrf=csrf), status, mimetype="text/html")
