"""The door of every page: the guard is read and kept before anything else of a request is."""

from __future__ import annotations

from flask import abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from voter_reg.office.front import front, ticket_kinds, visitor
from voter_reg.office.guards import Guard, guard_of
from voter_reg.office.returns import asked_for
from voter_reg.office.visit import Visitor
from voter_reg.web.marks import is_public

_READS = frozenset({"GET", "HEAD"})


def keep_the_door() -> AnyResponse | None:
    """Let a request in, send it where it must go first, or refuse it. A route without a guard is not there."""
    if request.endpoint is None:
        return None  # no such page, or not that way: the answer to come says so
    view = current_app.view_functions[request.endpoint]
    if is_public(view):
        return None
    guard = guard_of(view)
    if guard is None:
        abort(404)
    who = visitor()
    if guard.half:
        return _first("/") if who else None if ticket_kinds() else _first("/sign-in")
    if who is None:
        return _first("/second-step" if ticket_kinds() else "/sign-in")
    return _keep_to_role(guard, who)


def _keep_to_role(guard: Guard, who: Visitor) -> AnyResponse | None:
    if not guard.roles & who.roles:
        front().accounts.note_refusal(who, str(request.endpoint))
        abort(403)
    if guard.fresh and not who.fresh:
        return redirect(url_for("confirm.page", then=asked_for(guard)), 303)
    return None


def _first(page: str) -> AnyResponse:
    """A look goes to the page that must come first. Anything else is refused: what it sent is not kept for later."""
    if request.method not in _READS:
        abort(403)
    return redirect(page, 303)
