"""From a plan to an election: authorising, publishing, suspending and resuming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from eligibility import BadInput, Pack
from eligibility.archive import Archive
from voter_reg.roles import Role
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.service.approvals import take
from voter_reg.service.demands import NotCounsel
from voter_reg.service.elections import opened
from voter_reg.service.live import ApprovalMissing, missing_for_live
from voter_reg.store import authorisations
from voter_reg.store import elections as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.elections import ElectionRow

PUBLISH: Final = "publish"
SUSPEND: Final = "suspend"
RESUME: Final = "resume"
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Authorisation:
    """The law that lets a place hold live elections by a pack, and what approved its retention schedule."""

    document: str
    href: str
    adopted_on: date
    retention_document: str
    retention_approved_on: date


def authorise(pack: Pack, authorisation: Authorisation, *, by: Actor, now: datetime) -> None:
    """Enter an authorisation for a pack as it is now; a changed pack needs another.

    Raises:
        NotCounsel: the actor's role is not counsel.
        BadInput: a text is missing, a link is no https link, or a day has not come.
    """
    if by.role != Role.COUNSEL:
        raise NotCounsel(f"{by.label}: only counsel may enter an authorisation, not a {by.role}")
    for name in ("document", "retention_document"):
        if not 0 < len(getattr(authorisation, name).strip()) <= _LONGEST:
            raise BadInput(f"needs 1 to {_LONGEST} characters", name)
    if not authorisation.href.startswith("https://"):
        raise BadInput("is not an https link", "href")
    if max(authorisation.adopted_on, authorisation.retention_approved_on) > now.date():
        raise BadInput("a day has not come yet", "authorisation")
    values: dict[str, Any] = {name: getattr(authorisation, name) for name in Authorisation.__slots__}
    with transaction() as session:
        fixed = {"place": pack.place, "pack_digest": pack.digest, "recorded_by": by.label, "recorded_at": now}
        authorisations.add(session, {**values, **fixed})
        log_bulk(session, by, "election", "authorise", pack.place, 0, now)


def what_publishing_approves(election_id: str) -> dict[str, str]:
    """What a request to publish an election must name: the rules and the lines it will be held by. Raises BadInput."""
    with snapshot() as session:
        row = _row(session, election_id)
        return {"pack": row.pack_digest, "map": row.map_digest}


def publish(
    election_id: str, request_id: str | None, archive: Archive, today: date, *, by: Actor, now: datetime
) -> None:
    """Publish an election. A live one passes every gate of law 8 and of law 2 once more.

    Raises:
        BadInput: no such election, its pack or map has changed, or it is not in a state to be published.
        ApprovalMissing: it would be live, and something that law 8 asks for is missing; names it.
    """
    with transaction() as session:
        row = _row(session, election_id)
        if row.status != store.OPEN:
            raise BadInput(f"is {row.status} already", f"election {election_id}")
        planned = opened(row, archive)
        if not row.demonstration:
            missing = missing_for_live(
                session, planned.election.pack, archive.pack_folder(row.pack_digest, row.pack), today
            )
            if missing:
                raise ApprovalMissing(f"{election_id}: cannot go live: {'; '.join(missing)}")
            take(session, request_id, PUBLISH, election_id, {"pack": row.pack_digest, "map": row.map_digest}, by, now)
        row.status = store.PUBLISHED
        session.flush()
        log_bulk(session, by, "election", "publish", election_id, 0, now)


def suspend(election_id: str, request_id: str | None, *, by: Actor, now: datetime) -> None:
    """Suspend an election at once: registration, tagging, freezing and export stop with this commit.

    Raises:
        BadInput: no such election, or it is suspended.
        ApprovalMissing: two officers have not approved it.
    """
    _turn(election_id, request_id, SUSPEND, by, now)


def resume(election_id: str, request_id: str | None, *, by: Actor, now: datetime) -> None:
    """Resume a suspended election. Raises as `suspend` does."""
    _turn(election_id, request_id, RESUME, by, now)


def _turn(election_id: str, request_id: str | None, kind: str, by: Actor, now: datetime) -> None:
    with transaction() as session:
        row = _row(session, election_id)
        if row.suspended == (kind == SUSPEND):
            raise BadInput("is suspended already" if row.suspended else "is not suspended", f"election {election_id}")
        take(session, request_id, kind, election_id, {}, by, now)
        row.suspended = kind == SUSPEND
        session.flush()
        log_bulk(session, by, "election", kind, election_id, 0, now)


def _row(session: Session, election_id: str) -> ElectionRow:
    row = store.find(session, election_id)
    if row is None:
        raise BadInput("no such election", election_id[:80])
    return row
