"""Frozen rosters: a head in clear, one sealed block a precinct in roster order. They are added and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment


class RosterRow(Model):
    """One frozen roster. `voters` counts them; `digest` is over the head and every block."""

    __tablename__ = "roster"

    id: Mapped[str] = mapped_column(primary_key=True)
    election_id: Mapped[str] = mapped_column(ForeignKey("election.id"), index=True)
    frozen_at: Mapped[Moment]
    digest: Mapped[str]
    voters: Mapped[int]
    key_id: Mapped[str]
    due: Mapped[str]


class RosterBlockRow(Model):
    """The voters of one precinct, sealed together."""

    __tablename__ = "roster_block"

    roster_id: Mapped[str] = mapped_column(ForeignKey("roster.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    precinct: Mapped[str]
    sealed: Mapped[bytes]


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
