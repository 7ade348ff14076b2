"""Polling places: where each precinct votes at one election. Public, and nobody's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model
from voter_reg.store.kept import Kept


class PollingPlaceRow(Model):
    """Where one precinct votes at one election."""

    __tablename__ = "polling_place"
    __kept__ = Kept("election-frame", "Where each precinct votes.", "public", ("resident", "service", "clerk"))

    election_id: Mapped[str] = mapped_column(primary_key=True, doc="The election.")
    precinct: Mapped[str] = mapped_column(primary_key=True, doc="The precinct that votes there.")
    name: Mapped[str] = mapped_column(doc="What the building is called.")
    address: Mapped[str] = mapped_column(doc="Where it stands.")
    directions: Mapped[str] = mapped_column(doc="How to get in, as the city tells it; may be empty.")


def replace(session: Session, election_id: str, rows: Sequence[Mapping[str, str]]) -> None:
    """Put an election's polling places in the place of those that it had."""
    session.execute(delete(PollingPlaceRow).where(PollingPlaceRow.election_id == election_id))
    session.execute(insert(PollingPlaceRow), [{**row, "election_id": election_id} for row in rows])


def find(session: Session, election_id: str, precinct: str) -> PollingPlaceRow | None:
    """Where a precinct votes at an election; None where nobody has said."""
    return session.get(PollingPlaceRow, (election_id, precinct))


def of_election(session: Session, election_id: str) -> list[PollingPlaceRow]:
    """An election's polling places by precinct."""
    wanted = select(PollingPlaceRow).where(PollingPlaceRow.election_id == election_id)
    return list(session.scalars(wanted.order_by(PollingPlaceRow.precinct)))
