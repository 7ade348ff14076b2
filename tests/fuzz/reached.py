"""What says that a form did what it is for, and was not only answered: by its answer, since no page tells more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from tests.fuzz.sending import Answer
from voter_reg.portal.record_desk import RECORD_COOKIE

_LATER: Final[Mapping[str, str]] = {
    "/notice": r"/address",
    "/address": r"/contests/.+",
    "/name": r"/(?:card|contact|review)",
    "/card": r"/(?:contact|review)",
    "/card/photo": r"/(?:contact|review)",
    "/way": r"/(?:papers|contact|review)",
    "/papers": r"/papers",
    "/papers/remove": r"/papers",
    "/papers/done": r"/(?:contact|review)",
    "/contact": r"/review",
    "/review": r"/done",
    "/resume/<sealed>": r"/(?:address|name|card|contact|review)",
    "/shared-device": r"/|/shared-device",
    "/check": r"/contests/.+",
    "/vouch/oath": r"/vouch/done",
    "/record/address": r"/record(?:/card)?",
    "/record/name": r"/record",
    "/record/dates": r"/record(?:/card)?",
    "/record/contact": r"/record",
    "/record/card": r"/record",
}
"""Where a form leads that was accepted."""

_TOLD: Final[Mapping[str, Callable[[Answer], bool]]] = {
    "/save": lambda answer: answer.status == 200 and b"/resume/" in answer.body,
    "/vouch": lambda answer: answer.status == 200 and b'name="page"' in answer.body,
    "/ahead": lambda answer: answer.status == 200 and answer.body.strip() != b"[]",
    "/leave": lambda answer: answer.status == 303 and answer.header("Location") == "/left",
    "/still-here": lambda answer: answer.status == 204,
    "/record": lambda answer: answer.status == 303 and bool(session_in(answer)),
    "/record/leave": lambda answer: answer.status == 200 and session_in(answer) == "",
    "/record/papers": lambda answer: answer.status == 200 and bool(answer.header("Content-Disposition")),
    "/record/letters": lambda answer: answer.status == 200 and bool(answer.header("Content-Disposition")),
}
"""What else an answer tells that leads nowhere, or where another does too."""


def is_accepted(rule: str, answer: Answer) -> bool:
    """Whether a form did what it is for.

    A record's form that finds no session leads to the same page as one that did its work, and takes the cookie back.
    """
    session = session_in(answer)
    if rule in _TOLD:
        return _TOLD[rule](answer)
    place = answer.header("Location").partition("?")[0]
    return answer.status == 303 and session != "" and re.fullmatch(_LATER.get(rule, ".*"), place) is not None


def opens_record(rule: str, answer: Answer) -> bool:
    """Whether an answer begins a session of an own record, or could only be given in one."""
    if rule == "/record":
        return bool(session_in(answer))
    return rule.startswith("/record/") and answer.status < 400 and session_in(answer) != ""


def session_in(answer: Answer) -> str | None:
    """The session of an own record that an answer gives; empty where it takes one back, None where it does neither."""
    given = [value for name, value in answer.headers if name == "Set-Cookie" and value.startswith(f"{RECORD_COOKIE}=")]
    return given[-1].partition("=")[2].partition(";")[0] if given else None
