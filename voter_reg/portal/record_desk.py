"""What the pages of a registrant's own record ask of the service, and how they find the session of a request."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import Any, Final, Protocol, TypeVar, cast

from flask import Blueprint, Request, abort, current_app, g, request
from werkzeug.wrappers import Response

from voter_reg.portal.cookies import idle_limit
from voter_reg.residency.papers import CleanPaper
from voter_reg.residency.verifier import CardAnswer
from voter_reg.service.own_changes import Change
from voter_reg.service.own_leave import Leaving
from voter_reg.service.own_papers import Letter, Paper
from voter_reg.service.own_record import NotSignedIn
from voter_reg.service.own_view import OwnRecord
from voter_reg.service.who_looked import Look
from voter_reg.web.marks import public

EXTENSION: Final = "portal-records"
RECORD_COOKIE: Final = "__Host-record"

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)

View = TypeVar("View", bound=Callable[..., Any])

record = Blueprint("record", __name__, url_prefix="/record")


class RecordDesk(Protocol):
    """Everything that the pages may ask about a registrant's own record. Time and keys are the desk's affair.

    What is asked with a `voter_id` raises NotSignedIn when its registrant has left the roll meanwhile.
    """

    def sign_in(self, code: str, birth: str) -> str:
        """The token of a new session; raises NotFound or Wait."""

    def use(self, token: str, idle: timedelta) -> str:
        """Whose record a session opens; raises NotSignedIn."""

    def end(self, token: str) -> None:
        """End a session."""

    def look(self, voter_id: str, action: str = "look") -> OwnRecord:
        """The record, once that it is read is logged."""

    def who_looked(self, voter_id: str) -> list[Look]:
        """Who has looked at the record."""

    def change(self, voter_id: str, wanted: Change, version: str) -> bool:
        """Change the record; whether the home has to be proved anew. Raises Stale."""

    def show_card(self, voter_id: str, number: str) -> CardAnswer:
        """Ask whether a card, the birth date and the address of the record belong together; raises Wait or Stale."""

    def send_paper(self, voter_id: str, kind: str, clean: CleanPaper) -> None:
        """Send a residency paper; raises BadInput where none is needed, or no more may come."""

    def appeal(self, voter_id: str) -> None:
        """Ask for a second look at a refusal; raises BadInput where there is none that may be looked at again."""

    def what_leaving_removes(self, voter_id: str) -> Leaving:
        """What goes now and what later."""

    def leave(self, voter_id: str) -> Leaving:
        """Take the registrant off the roll."""

    def form(self, voter_id: str) -> Paper:
        """The form as signed."""

    def letter(self, voter_id: str, which: Letter, typed: str, language: str) -> Paper:
        """A letter; raises NotShown or Wait."""


def records() -> RecordDesk:
    """The desk of the application that answers this request."""
    desk = current_app.extensions.get(EXTENSION)
    return cast("RecordDesk", desk) if desk is not None else abort(404)


def own(view: View) -> View:
    """Mark a page that is open to whoever signed in, and to them alone; `mine()` is then whose record it is about."""

    @wraps(view)
    def guarded(**at: Any) -> Any:
        g.mine = _signed_in()
        return view(**at)

    guarded.is_own = True  # type: ignore[attr-defined]
    return cast("View", public(guarded))


def mine() -> str:
    """The registrant's row; only within a page that is marked `own`."""
    return cast("str", g.mine)


def signed_in_or_none() -> str | None:
    """The registrant's row where someone signed in, for the one page that both see."""
    try:
        g.mine = _signed_in()
    except NotSignedIn:
        return None
    return mine()


def record_token(sent: Request) -> str | None:
    """The session's token that the browser sent, or None when there is none or it cannot be one."""
    token = sent.cookies.get(RECORD_COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None


def keep_record(response: Response, token: str) -> None:
    """Let the browser hold the token until it closes; never with a request that another site began."""
    response.set_cookie(RECORD_COOKIE, token, path="/", secure=True, httponly=True, samesite="Strict")


def forget_record(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(RECORD_COOKIE, path="/", secure=True, httponly=True, samesite="Strict")


def end_record_session(response: Response) -> None:
    """End this browser's session where it has one, on the server and in the browser."""
    token = record_token(request)
    if token is not None:
        records().end(token)
    forget_record(response)


def touch_record_session() -> None:
    """Someone is still at this browser: its session, where it has one, counts its idle time anew."""
    token = record_token(request)
    if token is not None:
        with suppress(NotSignedIn):
            records().use(token, idle_limit(request))


def _signed_in() -> str:
    token = record_token(request)
    if token is None:
        raise NotSignedIn
    return records().use(token, idle_limit(request))
