"""Leaving the list: one page and one address for whatever reason, so that no log and no history tells it."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from voter_reg.language import said
from voter_reg.portal.front import front
from voter_reg.portal.record import page
from voter_reg.portal.record_desk import forget_record, mine, own, record, records
from voter_reg.portal.tongue import switches

_ONWARD: Final = "onward"
"""What the second button says beside leaving: show the other pages to read. It is sent in the body and kept nowhere."""


@record.get("/leave")
@own
def ask() -> str:
    """What leaving removes now, what later and by which law; own papers come first."""
    return _ask({})


@record.post("/leave")
@own
def leave() -> ResponseReturnValue:
    """Off every list that is made from now on. The answer comes at once: an address of its own would tell why."""
    if switches():
        return _ask({})
    onward = request.form.get("then") == _ONWARD
    if not onward and not request.form.get("sure"):
        return _ask({"sure": said("Tick this line if you want to leave the list.")}), 422
    leaving = records().leave(mine())
    words: dict[str, Any] = {"leaving": leaving, "onward": onward}
    response = Response(front().render("record_left.html", csrf=generate_csrf(), **words), mimetype="text/html")
    forget_record(response)
    return response


def _ask(errors: dict[str, Any]) -> str:
    return page("record_leave.html", errors, form=True, leaving=records().what_leaving_removes(mine()))
