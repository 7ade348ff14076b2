"""Requests that two officers must approve: what exactly is asked, who approved, and whether it has been done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept
from voter_reg.store.numbers import next_id

OPEN, APPROVED, REFUSED, DONE = "open", "approved", "refused", "done"


class RequestRow(Model):
    """One request. `args` hold ids and choices, never personal data; approving one approves exactly those."""

    __tablename__ = "approval_request"
    __kept__ = Kept(
        "approval",
        "Dangerous actions wait here until two officers have approved them.",
        "operational",
        ("privacy-officer", "counsel", "administrator"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, doc="The request's number, q-00001 and on.")
    kind: Mapped[str] = mapped_column(doc="What is to be done, such as export or release of a hold.")
    subject: Mapped[str] = mapped_column(doc="What it is done to: the id of a roster, an election, a hold, a key.")
    args: Mapped[dict[str, Any]] = mapped_column(JSON, doc="The rest of what is asked, exactly as it will be done.")
    reason: Mapped[str] = mapped_column(doc="Why, in the words of whoever asks.")
    filed_by: Mapped[str] = mapped_column(doc="The account that asks.")
    filed_at: Mapped[Moment] = mapped_column(doc="When it was asked.")
    expires_at: Mapped[Moment] = mapped_column(doc="When it can no longer be approved or done.")
    state: Mapped[str] = mapped_column(index=True, doc="open, approved, refused or done.")


class ApprovalRow(Model):
    """One officer's approval of one request."""

    __tablename__ = "approval"
    __kept__ = Kept("approval", "Which officer approved which request.", "operational", ("privacy-officer", "counsel"))

    request_id: Mapped[str] = mapped_column(
        ForeignKey("approval_request.id"), primary_key=True, doc="The request that is approved."
    )
    officer: Mapped[str] = mapped_column(primary_key=True, doc="The officer's account.")
    at: Mapped[Moment] = mapped_column(doc="When.")


def add(session: Session, values: Mapping[str, Any]) -> str:
    """Add a request under the next number; its id."""
    request_id = next_id(session, RequestRow.id, "q")
    session.execute(insert(RequestRow).values(id=request_id, state=OPEN, **values))
    return request_id


def find(session: Session, request_id: str) -> RequestRow | None:
    """The request of an id, as it stands now."""
    return session.get(RequestRow, request_id, populate_existing=True)


def every(session: Session) -> list[RequestRow]:
    """All requests, newest first."""
    return list(session.scalars(select(RequestRow).order_by(RequestRow.id.desc())))


def same(session: Session, kind: str, subject: str, now: datetime) -> list[RequestRow]:
    """The requests of a kind for a subject that can still be approved or done."""
    alive = (RequestRow.state.in_((OPEN, APPROVED)), RequestRow.expires_at > now)
    wanted = select(RequestRow).where(RequestRow.kind == kind, RequestRow.subject == subject, *alive)
    return list(session.scalars(wanted.order_by(RequestRow.id)))


def approve(session: Session, request_id: str, officer: str, at: datetime) -> None:
    """Add an officer's approval."""
    session.execute(insert(ApprovalRow).values(request_id=request_id, officer=officer, at=at))


def officers(session: Session, request_id: str) -> list[str]:
    """The officers who approved, in order of time."""
    wanted = select(ApprovalRow.officer).where(ApprovalRow.request_id == request_id)
    return list(session.scalars(wanted.order_by(ApprovalRow.at, ApprovalRow.officer)))


def move(session: Session, request_id: str, before: tuple[str, ...], after: str) -> bool:
    """Bring a request from one of some states to another; False when it was in none of them."""
    moved = session.execute(
        update(RequestRow).where(RequestRow.id == request_id, RequestRow.state.in_(before)).values(state=after)
    )
    return int(getattr(moved, "rowcount", 0)) == 1


def subjects_done(session: Session, kind: str) -> set[str]:
    """The subjects of the requests of a kind that were carried out."""
    wanted = select(RequestRow.subject).where(RequestRow.kind == kind, RequestRow.state == DONE)
    return set(session.scalars(wanted))


def remove_old(session: Session, before: datetime) -> int:
    """Remove the requests that were filed and have expired before an instant, with their approvals; how many."""
    ids = list(
        session.scalars(select(RequestRow.id).where(RequestRow.filed_at < before, RequestRow.expires_at < before))
    )
    session.execute(delete(ApprovalRow).where(ApprovalRow.request_id.in_(ids)))
    session.execute(delete(RequestRow).where(RequestRow.id.in_(ids)))
    return len(ids)
