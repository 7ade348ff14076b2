"""Leaving the list: one page and one address for whatever reason, so that no log and no history tells it."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from voter_reg.language import said
from voter_reg.portal.front import front
from voter_reg.portal.open_draft import peek
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
    finished = _own_receipt()
    leaving = records().leave(mine())
    if finished is not None:
        front().desk.discard(finished)
    words: dict[str, Any] = {"leaving": leaving, "onward": onward}
    response = Response(front().render("record_left.html", csrf=generate_csrf(), **words), mimetype="text/html")
    forget_record(response)
    return response


def _own_receipt() -> str | None:
    """The token of the form that was finished in this browser, where it is the one that led to this record.

    It would go on showing the code and the signed copy for a day. Someone else's stays: they may not have their code.
    """
    opened = peek()
    if opened is None or opened.draft.receipt is None:
        return None
    is_own = opened.draft.receipt.code == records().look(mine()).record.code
    return opened.token if is_own else None


def _ask(errors: dict[str, Any]) -> str:
    return page("record_leave.html", errors, form=True, leaving=records().what_leaving_removes(mine()))
