"""Elections: which pack and map decide them, by digest, and which generation of decisions is in use."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept

OPEN = "open"
"""An election as it is created. Publishing and suspending are later states."""


class ElectionRow(Model):
    """One election. Pack and map are where they were, and are used only while their digests are the same."""

    __tablename__ = "election"
    __kept__ = Kept("election-frame", "The elections, their rules and their lines.", "public", ("service", "clerk"))

    id: Mapped[str] = mapped_column(primary_key=True, doc="The place and the day.")
    day: Mapped[date] = mapped_column(index=True, doc="Election day.")
    pack: Mapped[str] = mapped_column(doc="The name or folder of the place's rules.")
    pack_digest: Mapped[str] = mapped_column(doc="The digest of those rules, so that others are refused.")
    map_file: Mapped[str] = mapped_column(doc="The file of the district map.")
    map_digest: Mapped[str] = mapped_column(doc="The digest of that map, so that another is refused.")
    demonstration: Mapped[bool] = mapped_column(doc="Whether it is a demonstration, which every page and export says.")
    status: Mapped[str] = mapped_column(doc="How far the election has come.")
    generation: Mapped[int] = mapped_column(doc="Which run of tagging is in use.")
    created_at: Mapped[Moment] = mapped_column(doc="When it was set up.")


def find(session: Session, election_id: str) -> ElectionRow | None:
    """The election of an id."""
    return session.get(ElectionRow, election_id)


def on_or_after(session: Session, day: date) -> list[ElectionRow]:
    """The elections still to come, that day's included."""
    return list(session.scalars(select(ElectionRow).where(ElectionRow.day >= day).order_by(ElectionRow.id)))


def every(session: Session) -> list[ElectionRow]:
    """All elections by day."""
    return list(session.scalars(select(ElectionRow).order_by(ElectionRow.day, ElectionRow.id)))
