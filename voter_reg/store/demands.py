"""Legal demands and the holds they bring: a register of what was asked, decided and disclosed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept
from voter_reg.store.numbers import next_id

PLACING, PLACED, RELEASING, RELEASED = "placing", "placed", "releasing", "released"
"""The states of a hold. From the first on nothing that it covers is purged."""

_SEEN_BY = ("privacy-officer", "counsel")


class DemandRow(Model):
    """One demand. Who made it and what it says are sealed: a records request may be a private person's."""

    __tablename__ = "demand"
    __kept__ = Kept("demand", "Subpoenas, warrants and records requests, and the answers to them.", "private", _SEEN_BY)

    id: Mapped[str] = mapped_column(primary_key=True, doc="The demand's number, d-00001 and on.")
    kind: Mapped[str] = mapped_column(doc="Subpoena, warrant, court order or records request.")
    received_on: Mapped[date] = mapped_column(doc="The day it came.")
    scope: Mapped[str] = mapped_column(doc="What it covers: everything, an election, or voters by their random ids.")
    decision: Mapped[str] = mapped_column(doc="Counsel's decision, or none yet.")
    decided_by: Mapped[str] = mapped_column(doc="The account of the counsel who decided.")
    records: Mapped[int] = mapped_column(doc="How many records were disclosed.")
    people: Mapped[int] = mapped_column(doc="How many people those were about.")
    told: Mapped[str] = mapped_column(doc="Whether the people were told: yes, not-yet, forbidden, or nobody to tell.")
    sealed: Mapped[bytes] = mapped_column(doc="From whom, what it says, notes.")
    key_id: Mapped[str] = mapped_column(doc="The key that seals it.")
    logged_at: Mapped[Moment] = mapped_column(doc="When it was entered.")
    closed_on: Mapped[date | None] = mapped_column(doc="The day it was closed, which starts its retention.")


class HoldRow(Model):
    """One hold, brought by one demand: what it covers is sealed under a key of its own until it is released."""

    __tablename__ = "hold"
    __kept__ = Kept("demand", "What may not be purged, since a demand covers it.", "operational", _SEEN_BY)

    id: Mapped[str] = mapped_column(primary_key=True, doc="The hold's number, which is its key's id: h-00001 and on.")
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), doc="The demand that brought it.")
    scope: Mapped[str] = mapped_column(doc="What it covers, as the demand says.")
    state: Mapped[str] = mapped_column(index=True, doc="placing, placed, releasing or released.")
    placed_at: Mapped[Moment] = mapped_column(doc="When the demand was logged.")
    released_at: Mapped[Moment | None] = mapped_column(doc="When two officers released it.")


def add_demand(session: Session, values: Mapping[str, Any]) -> None:
    """Add a demand."""
    session.execute(insert(DemandRow).values(**values))


def add_hold(session: Session, values: Mapping[str, Any]) -> None:
    """Add a hold."""
    session.execute(insert(HoldRow).values(**values))


def next_demand(session: Session) -> str:
    """The id of the next demand."""
    return next_id(session, DemandRow.id, "d")


def next_hold(session: Session) -> str:
    """The id of the next hold."""
    return next_id(session, HoldRow.id, "h")


def find(session: Session, demand_id: str) -> DemandRow | None:
    """The demand of an id."""
    return session.get(DemandRow, demand_id, populate_existing=True)


def every(session: Session) -> list[DemandRow]:
    """All demands, newest first."""
    return list(session.scalars(select(DemandRow).order_by(DemandRow.id.desc())))


def hold(session: Session, hold_id: str) -> HoldRow | None:
    """The hold of an id."""
    return session.get(HoldRow, hold_id, populate_existing=True)


def hold_of(session: Session, demand_id: str) -> HoldRow | None:
    """The hold that a demand brought."""
    return session.scalars(select(HoldRow).where(HoldRow.demand_id == demand_id)).first()


def holds(session: Session) -> list[HoldRow]:
    """The holds that are not released, oldest first: what they cover is kept."""
    return list(session.scalars(select(HoldRow).where(HoldRow.state != RELEASED).order_by(HoldRow.id)))


def change(session: Session, demand_id: str, **values: Any) -> None:
    """Change a demand."""
    session.execute(update(DemandRow).where(DemandRow.id == demand_id).values(**values))


def change_hold(session: Session, hold_id: str, **values: Any) -> None:
    """Change a hold."""
    session.execute(update(HoldRow).where(HoldRow.id == hold_id).values(**values))


def hold_ids(session: Session) -> list[str]:
    """The ids of all holds, released ones too."""
    return list(session.scalars(select(HoldRow.id)))
