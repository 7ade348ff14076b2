"""The access log and the purge: the last checkpoint, the certificates, and who looked at one record."""

from __future__ import annotations

import base64
from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from eligibility.errors import CleanNo
from voter_reg.office import typed
from voter_reg.office.enrol import sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed
from voter_reg.office.room import Entry, Room
from voter_reg.office.words import moment
from voter_reg.roles import Role
from voter_reg.service import audit, purge
from voter_reg.service.who_looked import who_looked

records = Blueprint("records", __name__)

_SEE: Final = (Role.PRIVACY_OFFICER, Role.COUNSEL)
_MOST: Final = 12


@records.get("/log")
@allowed(*_SEE)
def page() -> str:
    """What the log was at its last checkpoint, and what was purged."""
    return _page({}, {}, [])


@records.post("/log/checkpoint")
@allowed(*_SEE)
def checkpoint() -> ResponseReturnValue:
    """Sign what the log is now."""
    try:
        audit.checkpoint(front().vault, front().now())
    except CleanNo as problem:
        return _page({}, {"checkpoint": sentence(str(problem))}, []), 409
    return _page({}, {}, [])


@records.post("/log/who")
@allowed(*_SEE)
def who() -> ResponseReturnValue:
    """Who looked at one record, for an answer to the person it is about; asking is logged."""
    voter = typed.field("voter", 64).lower()
    if len(voter) != 32 or not set(voter) <= set("0123456789abcdef"):
        return _page({"voter": voter}, {"voter": "Enter the 32 letters and digits of the record's id."}, []), 422
    looks = who_looked(front().vault, voter, by=signed_in_visitor().acting_as(*_SEE), now=front().now())
    return _page(
        {"voter": voter}, {}, [(moment(one.at, front().zone), one.role, str(one.what), one.many) for one in looks]
    )


def _page(values: dict[str, str], errors: dict[str, str], looks: list[tuple[str, str, str, bool]]) -> str:
    last = audit.last_checkpoint()
    shown = None
    if last is not None:
        root = base64.b64encode(last.root).decode()
        shown = {"at": moment(last.at, front().zone), "size": last.size, "root": root, "line": last.line().decode()}
    certificates = [
        {
            "number": one.number,
            "at": moment(one.at, front().zone),
            "month": one.month,
            "removed": _words(dict(one.removed)),
            "held": _words(dict(one.held)),
            "ready": ", ".join(one.ready) or "none",
        }
        for one in purge.every()[:_MOST]
    ]
    return front().render("log.html", last=shown, certificates=certificates, values=values, errors=errors, looks=looks)


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count) or "nothing"


ROOM = Room(records, (Entry("Log and purge", "records.page", frozenset(_SEE)),))
