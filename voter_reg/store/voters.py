"""Voters and their decisions: sealed records, and in clear the least that a query needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Index, bindparam, delete, exists, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model
from voter_reg.store.kept import Kept

ACTIVE, WAITING, HELD, LEFT = "active", "waiting", "held", "left"
"""On the roll; waiting for papers; held for review since the card is another voter's already; left the roll.

Who has left is counted, tagged and listed nowhere; their row is there only where a law or a legal hold keeps it.
"""


class VoterRow(Model):
    """One registrant. `week` is the ISO week of registration; the indexes are blind."""

    __tablename__ = "voter"
    __kept__ = Kept("record", "The municipal roll: one registrant a row.", "private", ("resident", "service"))

    id: Mapped[str] = mapped_column(primary_key=True, doc="A random name for the row; means nothing elsewhere.")
    state: Mapped[str] = mapped_column(doc="On the roll, waiting for papers, held for review, or left.")
    split: Mapped[str] = mapped_column(doc="The precinct split, so that a precinct's voters are found and counted.")
    week: Mapped[str] = mapped_column(doc="The ISO week of registration, for counts over time.")
    key_id: Mapped[str] = mapped_column(doc="Which key sealed the record, so that it ends with that key.")
    due: Mapped[str] = mapped_column(doc="The month in which its clock ends; a hold does not change it.")
    sealed: Mapped[bytes] = mapped_column(doc="The voter's record.")
    code_index: Mapped[str] = mapped_column(unique=True, doc="Finds the record by its confirmation code; a keyed hash.")
    card_index: Mapped[str | None] = mapped_column(doc="Tells whether a Municipal ID is used already; a keyed hash.")
    match_index: Mapped[str] = mapped_column(index=True, doc="Finds likely duplicates by name and birth; a keyed hash.")

    __table_args__ = (
        # One card, one active voter: held by the database, whatever the code above it does.
        Index(
            "uq_voter_active_card",
            "card_index",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index("ix_voter_state_split", "state", "split"),
        Index("ix_voter_key_id", "key_id"),
    )


class DecisionRow(Model):
    """One voter's decision for one election, sealed with the facts and the salt it rests on."""

    __tablename__ = "decision"
    __kept__ = Kept("election", "Which contests a registrant may vote in, and why.", "private", ("service", "counsel"))

    election_id: Mapped[str] = mapped_column(primary_key=True, doc="The election decided for.")
    generation: Mapped[int] = mapped_column(primary_key=True, doc="Which run of tagging made it.")
    voter_id: Mapped[str] = mapped_column(primary_key=True, doc="The registrant's row.")
    key_id: Mapped[str] = mapped_column(doc="Which key sealed it, so that it ends with that key.")
    due: Mapped[str] = mapped_column(doc="The month in which its clock ends; a hold does not change it.")
    sealed: Mapped[bytes] = mapped_column(doc="The decision with the facts it rests on.")

    __table_args__ = (Index("ix_decision_voter_id", "voter_id"), Index("ix_decision_key_id", "key_id"))


_UNTAGGED = (VoterRow.id, VoterRow.split, VoterRow.due, VoterRow.sealed)

# Built once and run on the bare connection: each registration needs them.
_ADD = insert(VoterRow)
_HOLDER = (
    select(VoterRow.__table__.c.id)
    .where(VoterRow.__table__.c.card_index == bindparam("card_index"), VoterRow.__table__.c.state == ACTIVE)
    .limit(1)
)


def add(session: Session, values: Mapping[str, Any]) -> None:
    """Add a voter."""
    session.connection().execute(_ADD, dict(values))


def card_is_used(session: Session, card_index: str) -> bool:
    """Whether an active voter holds this card."""
    return session.connection().execute(_HOLDER, {"card_index": card_index}).first() is not None


def held_for(session: Session, card_index: str) -> list[str]:
    """Whose records are held since they showed this card."""
    return list(session.scalars(select(VoterRow.id).where(VoterRow.card_index == card_index, VoterRow.state == HELD)))


class Untagged(NamedTuple):
    """What tagging needs of a registrant's row."""

    id: str
    split: str
    due: str
    sealed: bytes


def find(session: Session, voter_id: str) -> Untagged | None:
    """A registrant's row, sealed as it is."""
    row = session.execute(select(*_UNTAGGED).where(VoterRow.id == voter_id)).first()
    return None if row is None else Untagged(*row)


def id_of_code(session: Session, code_index: str) -> str | None:
    """Whose confirmation code it is, of those who have not left."""
    wanted = select(VoterRow.id).where(VoterRow.code_index == code_index, VoterRow.state != LEFT)
    return session.execute(wanted).scalar_one_or_none()


def due_of(session: Session, voter_id: str) -> str:
    """The month in which a voter's clock ends."""
    return session.execute(select(VoterRow.due).where(VoterRow.id == voter_id)).scalar_one()


def state_of(session: Session, voter_id: str) -> str | None:
    """A voter's state."""
    return session.execute(select(VoterRow.state).where(VoterRow.id == voter_id)).scalar_one_or_none()


def week_of(session: Session, voter_id: str) -> str | None:
    """The ISO week of a voter's registration."""
    return session.execute(select(VoterRow.week).where(VoterRow.id == voter_id)).scalar_one_or_none()


def change_state(session: Session, voter_id: str, state: str) -> str:
    """Change a voter's state; the state it has now.

    Who would be active with a card that another active voter holds waits for papers instead, without the card. Who
    has left stays so.
    """
    row = session.get(VoterRow, voter_id, populate_existing=True, with_for_update=True)
    assert row is not None
    if row.state == LEFT:
        return LEFT
    if state == ACTIVE and row.state != ACTIVE and row.card_index and card_is_used(session, row.card_index):
        state = WAITING
    if state == WAITING:
        row.card_index = None
    row.state = state
    session.flush()
    return state


def count(session: Session, state: str | None = None) -> int:
    """How many registrants there are, of one state or of all who have not left."""
    counted = select(func.count()).select_from(VoterRow)
    wanted = VoterRow.state != LEFT if state is None else VoterRow.state == state
    return session.execute(counted.where(wanted)).scalar_one()


def untagged(session: Session, election_id: str, generation: int, after: str, most: int) -> list[Untagged]:
    """The next registrants by id without a decision of this generation."""
    tagged = exists().where(
        DecisionRow.election_id == election_id,
        DecisionRow.generation == generation,
        DecisionRow.voter_id == VoterRow.id,
    )
    wanted = (
        select(*_UNTAGGED).where(VoterRow.id > after, VoterRow.state != LEFT, ~tagged).order_by(VoterRow.id).limit(most)
    )
    return [Untagged(*row) for row in session.execute(wanted)]


def count_tagged(session: Session, election_id: str, generation: int) -> int:
    """How many decisions a generation has of registrants who have not left."""
    of_generation = (DecisionRow.election_id == election_id, DecisionRow.generation == generation)
    counted = select(func.count()).select_from(DecisionRow).join(VoterRow, VoterRow.id == DecisionRow.voter_id)
    return session.execute(counted.where(*of_generation, VoterRow.state != LEFT)).scalar_one()


def add_decisions(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add decisions of registrants who have none in that generation."""
    listed = list(rows)
    if listed:
        session.execute(insert(DecisionRow), listed)


def has_decision(session: Session, election_id: str, generation: int, voter_id: str) -> bool:
    """Whether a registrant is tagged in a generation."""
    return session.get(DecisionRow, (election_id, generation, voter_id)) is not None


def decision(session: Session, election_id: str, generation: int, voter_id: str) -> bytes | None:
    """A registrant's sealed decision of a generation."""
    row = session.get(DecisionRow, (election_id, generation, voter_id))
    return None if row is None else row.sealed


def remove_older_decisions(session: Session, election_id: str, generation: int, most: int) -> int:
    """Remove some decisions of generations before this one; how many. Those of who has left no newer one replaces."""
    left = select(VoterRow.id).where(VoterRow.state == LEFT)
    older = (
        DecisionRow.election_id == election_id,
        DecisionRow.generation < generation,
        DecisionRow.voter_id.not_in(left),
    )
    found = session.execute(select(DecisionRow.generation, DecisionRow.voter_id).where(*older).limit(most)).all()
    if found:
        of_generation = DecisionRow.generation == found[0].generation
        ids = [row.voter_id for row in found if row.generation == found[0].generation]
        session.execute(delete(DecisionRow).where(older[0], of_generation, DecisionRow.voter_id.in_(ids)))
    return len(found)


def active_with_decisions(
    session: Session, election_id: str, generation: int
) -> Iterator[tuple[str, str, bytes, bytes]]:
    """Every active voter who is tagged: id, split, sealed record, sealed decision."""
    wanted = (
        select(VoterRow.id, VoterRow.split, VoterRow.sealed, DecisionRow.sealed)
        .join(
            DecisionRow,
            (DecisionRow.voter_id == VoterRow.id)
            & (DecisionRow.election_id == election_id)
            & (DecisionRow.generation == generation),
        )
        .where(VoterRow.state == ACTIVE)
        .execution_options(yield_per=1000)
    )
    for row in session.execute(wanted):
        yield row[0], row[1], row[2], row[3]


def elections_of(session: Session, voter_id: str) -> list[str]:
    """The elections that a registrant is tagged for."""
    return list(session.scalars(select(DecisionRow.election_id).where(DecisionRow.voter_id == voter_id).distinct()))


def remove_decisions(session: Session, voter_id: str, of_elections: Iterable[str]) -> None:
    """Remove a registrant's decisions for some elections."""
    theirs = (DecisionRow.voter_id == voter_id, DecisionRow.election_id.in_(list(of_elections)))
    session.execute(delete(DecisionRow).where(*theirs))


def set_aside_decision(session: Session, election_id: str, voter_id: str) -> None:
    """Take a registrant's decisions for an election out of use and keep them, under generations below all in use."""
    theirs = (DecisionRow.election_id == election_id, DecisionRow.voter_id == voter_id)
    generations = list(session.scalars(select(DecisionRow.generation).where(*theirs)))
    lowest = min(generations, default=0)
    for count, generation in enumerate([one for one in generations if one > 0], 1):
        moved = update(DecisionRow).where(*theirs, DecisionRow.generation == generation)
        session.execute(moved.values(generation=min(lowest, 0) - count))
