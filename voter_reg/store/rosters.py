"""Frozen rosters: a head in clear, one sealed block a precinct in roster order. They are added and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import ForeignKey, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept


class RosterRow(Model):
    """One frozen roster. `voters` counts them; `digest` is over the head and every block."""

    __tablename__ = "roster"
    __kept__ = Kept("election", "The frozen rosters, without their voters.", "operational", ("service", "clerk"))

    id: Mapped[str] = mapped_column(primary_key=True, doc="The election and the roster's number.")
    election_id: Mapped[str] = mapped_column(ForeignKey("election.id"), index=True, doc="Its election.")
    frozen_at: Mapped[Moment] = mapped_column(doc="When it was frozen.")
    digest: Mapped[str] = mapped_column(doc="A digest of its head and every block, so that a change is noticed.")
    voters: Mapped[int] = mapped_column(doc="How many voters it lists.")
    key_id: Mapped[str] = mapped_column(doc="Which key sealed its blocks, so that they end with that key.")
    due: Mapped[str] = mapped_column(doc="The month in which its clock ends; a hold does not change it.")


class RosterBlockRow(Model):
    """The voters of one precinct, sealed together."""

    __tablename__ = "roster_block"
    __kept__ = Kept("election", "The voters of a frozen roster, one precinct a row.", "private", ("service", "judge"))

    roster_id: Mapped[str] = mapped_column(ForeignKey("roster.id"), primary_key=True, doc="Its roster.")
    ordinal: Mapped[int] = mapped_column(primary_key=True, doc="Its place in the roster's order.")
    precinct: Mapped[str] = mapped_column(doc="The precinct whose voters it lists.")
    sealed: Mapped[bytes] = mapped_column(doc="That precinct's voters in roster order.")


def find(session: Session, roster_id: str) -> RosterRow | None:
    """The roster of an id."""
    return session.get(RosterRow, roster_id)


def every(session: Session) -> list[RosterRow]:
    """All rosters by id."""
    return list(session.scalars(select(RosterRow).order_by(RosterRow.frozen_at, RosterRow.id)))


def of_election(session: Session, election_id: str) -> list[RosterRow]:
    """The rosters of an election, oldest first."""
    return [row for row in every(session) if row.election_id == election_id]


def add(session: Session, roster: RosterRow, blocks: Iterable[tuple[str, bytes]]) -> None:
    """Add a roster with its precincts and their sealed blocks, in order."""
    session.add(roster)
    session.flush()
    rows = [
        {"roster_id": roster.id, "ordinal": ordinal, "precinct": precinct, "sealed": sealed}
        for ordinal, (precinct, sealed) in enumerate(blocks)
    ]
    if rows:
        session.execute(insert(RosterBlockRow), rows)


def blocks(session: Session, roster_id: str) -> Iterator[tuple[int, str, bytes]]:
    """The blocks of a roster in order: ordinal, precinct, sealed bytes."""
    wanted = (
        select(RosterBlockRow.ordinal, RosterBlockRow.precinct, RosterBlockRow.sealed)
        .where(RosterBlockRow.roster_id == roster_id)
        .order_by(RosterBlockRow.ordinal)
    )
    for row in session.execute(wanted):
        yield row.ordinal, row.precinct, row.sealed


def block(session: Session, roster_id: str, ordinal: int) -> bytes | None:
    """One block, sealed."""
    row = session.get(RosterBlockRow, (roster_id, ordinal), populate_existing=True)
    return None if row is None else row.sealed


def ids_of(session: Session, elections: Iterable[str]) -> list[str]:
    """The ids of the rosters of some elections."""
    return list(session.scalars(select(RosterRow.id).where(RosterRow.election_id.in_(list(elections)))))


def newest_due(session: Session, election_id: str) -> str | None:
    """The month in which the clock of an election's rosters ends; None while none is frozen."""
    return session.scalars(select(func.max(RosterRow.due)).where(RosterRow.election_id == election_id)).first()
