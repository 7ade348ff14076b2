"""Elections: which pack and map decide them, by digest, and which generation of decisions is in use."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept

OPEN, PUBLISHED = "open", "published"
"""An election as it is created, and once it is published. A live one does nothing before that."""


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
    suspended: Mapped[bool] = mapped_column(doc="Whether two officers have stopped it for now.")
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


def is_published(session: Session, pack_digest: str) -> bool:
    """Whether a live election by a pack is published."""
    live = (ElectionRow.pack_digest == pack_digest, ElectionRow.status == PUBLISHED, ~ElectionRow.demonstration)
    return session.execute(select(ElectionRow.id).where(*live).limit(1)).first() is not None


_SUSPENDED = select(ElectionRow.__table__.c.suspended).where(ElectionRow.__table__.c.id == bindparam("election_id"))


def is_suspended(session: Session, election_id: str) -> bool:
    """Whether an election is suspended; one that is not set up is not."""
    return bool(session.connection().execute(_SUSPENDED, {"election_id": election_id}).scalar())
