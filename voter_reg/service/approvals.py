"""Two-person approval: a request names exactly what is to be done, two officers approve it, and it is done once.

An officer who files a request approves it by filing. Nobody counts twice, and a request that has expired, was refused
or is done lets nothing through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.orm import Session

from eligibility import BadInput
from eligibility.errors import CleanNo
from voter_reg.roles import OFFICERS
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.service.live import ApprovalMissing
from voter_reg.store import approvals as store
from voter_reg.store.db import snapshot, transaction

LIFETIME: Final = timedelta(days=7)
NEEDED: Final = 2
LONGEST_REASON: Final = 500

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "publish": "Publish an election as live",
        "suspend": "Suspend an election at once",
        "resume": "Resume a suspended election",
        "export": "Export the poll books of a live roster",
        "release-hold": "Release a legal hold",
        "destroy-key": "Destroy a key, and with it all that it sealed",
        "grant-role": "Give an account a role that others rely on",
    }
)
"""What needs two officers, in the words that they read."""


class NotAnOfficer(CleanNo):
    """Someone who is no officer tried to approve."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as officers see it."""

    id: str
    kind: str
    subject: str
    args: Mapping[str, Any]
    reason: str
    filed_by: str
    filed_at: datetime
    expires_at: datetime
    state: str
    officers: tuple[str, ...]

    @property
    def title(self) -> str:
        """What is to be done, in words."""
        return KINDS[self.kind]

    @property
    def missing(self) -> int:
        """How many approvals it still lacks."""
        return max(0, NEEDED - len(self.officers))


def file(kind: str, subject: str, args: Mapping[str, Any], reason: str, *, by: Actor, now: datetime) -> Request:
    """File a request; the same one filed again by another officer is an approval of the first.

    Raises:
        BadInput: no such kind, or no reason.
    """
    if kind not in KINDS:
        raise BadInput(f"no such kind of request {kind!r:.40}", "request")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise BadInput(f"needs a reason of 1 to {LONGEST_REASON} characters", f"request {kind}")
    with transaction() as session:
        row = next((one for one in store.same(session, kind, subject, now) if one.args == dict(args)), None)
        if row is None:
            values = {"kind": kind, "subject": subject, "args": dict(args), "reason": reason.strip()}
            moments = {"filed_by": by.label, "filed_at": now, "expires_at": now + LIFETIME}
            request_id = store.add(session, {**values, **moments})
            log_bulk(session, by, "approval", f"file-{kind}", request_id, 0, now)
        else:
            request_id = row.id
        if by.role in OFFICERS:
            _approve(session, request_id, by, now)
        return _read(session, request_id)


def approve(request_id: str, *, by: Actor, now: datetime) -> Request:
    """Add an officer's approval; the second one makes the request approved.

    Raises:
        NotAnOfficer: the actor's role is no officer's.
        BadInput: no such request, or it is refused, done or expired.
    """
    _require_officer(by)
    with transaction() as session:
        _require_open(session, request_id, now)
        _approve(session, request_id, by, now)
        return _read(session, request_id)


def refuse(request_id: str, *, by: Actor, now: datetime) -> None:
    """Refuse a request for good, approved or not, as long as it is not done. Raises as `approve` does."""
    _require_officer(by)
    with transaction() as session:
        _require_open(session, request_id, now)
        store.move(session, request_id, (store.OPEN, store.APPROVED), store.REFUSED)
        log_bulk(session, by, "approval", "refuse", request_id, 0, now)


def take(  # noqa: PLR0917 - who may do what to which, once
    session: Session, request_id: str | None, kind: str, subject: str, args: Mapping[str, Any], by: Actor, now: datetime
) -> None:
    """Use an approved request up, in the transaction of what it allows.

    Raises:
        ApprovalMissing: it is another's, not approved by two officers, expired, or was used before.
    """
    row = None if request_id is None else store.find(session, request_id)
    if row is None or (row.kind, row.subject, row.args) != (kind, subject, dict(args)):
        raise ApprovalMissing(f"{subject}: {KINDS[kind].lower()} needs a request that two officers approved")
    if len(store.officers(session, row.id)) < NEEDED or row.state == store.OPEN:
        raise ApprovalMissing(f"{row.id}: two officers must approve it; {len(store.officers(session, row.id))} has")
    if row.expires_at <= now or not store.move(session, row.id, (store.APPROVED,), store.DONE):
        raise ApprovalMissing(f"{row.id}: is {row.state if row.expires_at > now else 'expired'}; file a new request")
    log_bulk(session, by, "approval", f"do-{kind}", row.id, 0, now)


def every() -> list[Request]:
    """All requests, newest first."""
    with snapshot() as session:
        return [_read(session, row.id) for row in store.every(session)]


def waiting(now: datetime) -> list[Request]:
    """The requests that officers can approve now."""
    return [one for one in every() if one.state == store.OPEN and one.expires_at > now]


def find(request_id: str) -> Request:
    """One request.

    Raises:
        BadInput: there is none of that id.
    """
    with snapshot() as session:
        return _read(session, request_id)


def _approve(session: Session, request_id: str, by: Actor, now: datetime) -> None:
    known = store.officers(session, request_id)
    if by.label in known:
        return
    store.approve(session, request_id, by.label, now)
    log_bulk(session, by, "approval", "approve", request_id, 0, now)
    if len(known) + 1 >= NEEDED:
        store.move(session, request_id, (store.OPEN,), store.APPROVED)


def _require_officer(by: Actor) -> None:
    if by.role not in OFFICERS:
        raise NotAnOfficer(f"{by.label}: only an officer may approve or refuse, not a {by.role}")


def _require_open(session: Session, request_id: str, now: datetime) -> None:
    row = store.find(session, request_id)
    if row is None:
        raise BadInput("no such request", request_id[:20])
    if row.expires_at <= now:
        raise BadInput(f"expired on {row.expires_at:%Y-%m-%d}; file it again", request_id)
    if row.state not in (store.OPEN, store.APPROVED):
        raise BadInput(f"is {row.state} already", request_id)


def _read(session: Session, request_id: str) -> Request:
    row = store.find(session, request_id)
    if row is None:
        raise BadInput("no such request", request_id[:20])
    return Request(
        row.id,
        row.kind,
        row.subject,
        MappingProxyType(dict(row.args)),
        row.reason,
        row.filed_by,
        row.filed_at,
        row.expires_at,
        row.state,
        tuple(store.officers(session, row.id)),
    )
