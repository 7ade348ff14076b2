"""Coming back after "confirm it is you": only to a page of this office that asks for it, and never by an address given.

The address that a browser sends is only looked up. What it leads to is built anew from the route map, so nothing of
the given text stands in the answer.
"""

from __future__ import annotations

import re
from typing import Final

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from voter_reg.office.guards import Guard, guard_of

_PLAIN: Final = re.compile(r"(?:/[A-Za-z0-9_-]{1,80}){1,8}", re.ASCII)
"""A path of this office: no second slash, no dot, no backslash, nothing encoded, no query."""


def asked_for(guard: Guard) -> str:
    """The page to come back to from the present request: its own, or the one its guard names."""
    endpoint = guard.page or str(request.endpoint)
    wanted = _arguments(endpoint)
    given = request.view_args or {}
    return url_for(endpoint, **{name: value for name, value in given.items() if name in wanted})


def back_to(path: str) -> str:
    """Where a confirmed person goes: the page of that path where it is one to come back to; else the start."""
    if not _PLAIN.fullmatch(path):
        return "/"
    try:
        endpoint, arguments = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return "/"
    return url_for(endpoint, **arguments) if endpoint in pages_to_come_back_to() else "/"


def pages_to_come_back_to() -> frozenset[str]:
    """The endpoints that a confirmation may lead to: those that ask for one, and those that such guards name."""
    guards = {name: guard_of(view) for name, view in current_app.view_functions.items()}
    return frozenset(guard.page or name for name, guard in guards.items() if guard and guard.fresh)


def _arguments(endpoint: str) -> set[str]:
    return {name for rule in current_app.url_map.iter_rules(endpoint) for name in rule.arguments}
