"""While an election is suspended the portal says so, neutrally, and takes nothing; who is here may still leave."""

from __future__ import annotations

from typing import Final

from flask import Response, request
from flask_wtf.csrf import generate_csrf

from voter_reg.portal.front import front

_OWN_RECORD: Final = frozenset(("record",))
"""Who is registered may look, correct and leave whatever becomes of an election."""

_STILL_OPEN: Final = frozenset(("portal.asset", "portal.left", "portal.leave", "portal.paper_keys"))
"""Leaving, and what proves a paper that somebody has."""


def stop_when_suspended() -> Response | None:
    """Answer every page with the notice while two officers have suspended the coming election."""
    if (
        request.endpoint is None
        or request.endpoint in _STILL_OPEN
        or request.blueprint in _OWN_RECORD
        or not front().desk.is_stopped()
    ):
        return None
    return stopped_page()


def stopped_page() -> Response:
    """The notice: what has stopped, that nobody did anything wrong, and whom to ask."""
    csrf = generate_csrf() if request.cookies else None
    return Response(front().render("problem.html", kind="stopped", csrf=csrf), 503, mimetype="text/html")
