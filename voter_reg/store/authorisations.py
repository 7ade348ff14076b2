"""Authorisations: which law lets a place hold live elections by which pack, and who approved how long data is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept


class AuthorisationRow(Model):
    """One authorisation, for one pack as it was then: by its digest."""

    __tablename__ = "authorisation"
    __kept__ = Kept("election-frame", "The law that lets a place hold live elections.", "public", ("counsel",))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="The authorisation's number.")
    place: Mapped[str] = mapped_column(doc="The place's slug.")
    pack_digest: Mapped[str] = mapped_column(index=True, doc="The pack that it is for.")
    document: Mapped[str] = mapped_column(doc="The ordinance, charter amendment or resolution.")
    href: Mapped[str] = mapped_column(doc="Where it can be read.")
    adopted_on: Mapped[date] = mapped_column(doc="The day it was adopted.")
    retention_document: Mapped[str] = mapped_column(doc="What approved the retention schedule.")
    retention_approved_on: Mapped[date] = mapped_column(doc="The day the retention schedule was approved.")
    recorded_by: Mapped[str] = mapped_column(doc="The counsel who entered it.")
    recorded_at: Mapped[Moment] = mapped_column(doc="When it was entered.")


def add(session: Session, values: Mapping[str, Any]) -> None:
    """Add an authorisation."""
    session.execute(insert(AuthorisationRow).values(**values))


def of_pack(session: Session, pack_digest: str) -> AuthorisationRow | None:
    """The newest authorisation of a pack."""
    wanted = select(AuthorisationRow).where(AuthorisationRow.pack_digest == pack_digest)
    return session.scalars(wanted.order_by(AuthorisationRow.id.desc()).limit(1)).first()
