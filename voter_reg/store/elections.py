"""Elections: which pack and map decide them, by digest, and which generation of decisions is in use."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment

OPEN = "open"
"""An election as it is created. Publishing and suspending are later states."""


class ElectionRow(Model):
    """One election. Pack and map are where they were, and are used only while their digests are the same."""

    __tablename__ = "election"

    id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    pack: Mapped[str]
    pack_digest: Mapped[str]
    map_file: Mapped[str]
    map_digest: Mapped[str]
    demonstration: Mapped[bool]
    status: Mapped[str]
    generation: Mapped[int]
    created_at: Mapped[Moment]


def find(session: Session, election_id: str) -> ElectionRow | None:
    """The election of an id."""
    return session.get(ElectionRow, election_id)


def on_or_after(session: Session, day: date) -> list[ElectionRow]:
    """The elections still to come, that day's included."""
    return list(session.scalars(select(ElectionRow).where(ElectionRow.day >= day).order_by(ElectionRow.id)))


def every(session: Session) -> list[ElectionRow]:
    """All elections by day."""
    return list(session.scalars(select(ElectionRow).order_by(ElectionRow.day, ElectionRow.id)))
