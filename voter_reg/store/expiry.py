"""What every sealed row has in common: the key it is under, and the month in which its own clock ends.

`key_id` and `due` are the same month, except while a legal hold keeps the row under a key of its own. So what may be
purged is what is past due and under its month's key, and a hold's release knows where each row belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, not_, select, update
from sqlalchemy.orm import Session

from voter_reg.store.demands import DemandRow, HoldRow
from voter_reg.store.drafts import DraftRow
from voter_reg.store.jobs import DONE, FAILED, JobRow
from voter_reg.store.letters import LetterRow
from voter_reg.store.rosters import RosterBlockRow, RosterRow
from voter_reg.store.voters import DecisionRow, VoterRow

_HOLDS = "h-%"


def free_voters(session: Session, election: str | None, ids: Sequence[str], most: int) -> list[tuple[str, bytes]]:
    """Voters of a scope who are under no hold's key: id and sealed record."""
    wanted = select(VoterRow.id, VoterRow.sealed).where(not_(VoterRow.key_id.like(_HOLDS)))
    if election is not None:
        tagged = exists().where(DecisionRow.election_id == election, DecisionRow.voter_id == VoterRow.id)
        wanted = wanted.where(tagged)
    elif ids:
        wanted = wanted.where(VoterRow.id.in_(ids))
    return [(row.id, row.sealed) for row in session.execute(wanted.order_by(VoterRow.id).limit(most))]


def free_decisions(session: Session, election: str | None, ids: Sequence[str], most: int) -> list[DecisionRow]:
    """Decisions of a scope that are under no hold's key."""
    wanted = select(DecisionRow).where(not_(DecisionRow.key_id.like(_HOLDS)))
    return list(session.scalars(_of_scope(wanted, election, ids).limit(most)))


def free_rosters(session: Session, election: str | None, ids: Sequence[str]) -> list[RosterRow]:
    """Rosters of a scope that are under no hold's key; for voters, those of the elections they were tagged for."""
    wanted = select(RosterRow).where(not_(RosterRow.key_id.like(_HOLDS)))
    if election is not None:
        wanted = wanted.where(RosterRow.election_id == election)
    elif ids:
        theirs = select(DecisionRow.election_id).where(DecisionRow.voter_id.in_(ids))
        wanted = wanted.where(RosterRow.election_id.in_(theirs))
    return list(session.scalars(wanted.order_by(RosterRow.id)))


def voters_under(session: Session, key_id: str, most: int) -> list[VoterRow]:
    """Voters whose record is sealed under a key."""
    return list(session.scalars(select(VoterRow).where(VoterRow.key_id == key_id).order_by(VoterRow.id).limit(most)))


def decisions_under(session: Session, key_id: str, most: int) -> list[DecisionRow]:
    """Decisions sealed under a key."""
    return list(session.scalars(select(DecisionRow).where(DecisionRow.key_id == key_id).limit(most)))


def rosters_under(session: Session, key_id: str) -> list[RosterRow]:
    """Rosters sealed under a key."""
    return list(session.scalars(select(RosterRow).where(RosterRow.key_id == key_id).order_by(RosterRow.id)))


def reseal_voter(session: Session, voter_id: str, sealed: bytes, key_id: str) -> None:
    """Put a voter's record under another key."""
    session.execute(update(VoterRow).where(VoterRow.id == voter_id).values(sealed=sealed, key_id=key_id))


def renew_voter(session: Session, voter_id: str, due: str, sealed: bytes | None) -> None:
    """Put a voter's clock forward, and their record under that month's key unless a hold keeps it under its own."""
    under = {} if sealed is None else {"sealed": sealed, "key_id": due}
    session.execute(update(VoterRow).where(VoterRow.id == voter_id).values(due=due, **under))


def reseal_block(session: Session, roster_id: str, ordinal: int, sealed: bytes) -> None:
    """Put a block of a roster under another key; `reseal_roster` says so once all of them are."""
    where = (RosterBlockRow.roster_id == roster_id, RosterBlockRow.ordinal == ordinal)
    session.execute(update(RosterBlockRow).where(*where).values(sealed=sealed))


def reseal_roster(session: Session, roster_id: str, key_id: str) -> None:
    """Say under which key all blocks of a roster are; a month's key is also when it is due."""
    due = {} if key_id.startswith("h-") else {"due": key_id}
    session.execute(update(RosterRow).where(RosterRow.id == roster_id).values(key_id=key_id, **due))


def expired_voters(session: Session, month: str, most: int) -> list[str]:
    """Voters past due before a month, under no hold."""
    wanted = select(VoterRow.id).where(*_expired(VoterRow, month))
    return list(session.scalars(wanted.order_by(VoterRow.id).limit(most)))


def remove_voters(session: Session, ids: Sequence[str]) -> int:
    """Remove voters with their decisions; how many decisions went with them."""
    decisions = session.execute(delete(DecisionRow).where(DecisionRow.voter_id.in_(ids)))
    session.execute(delete(VoterRow).where(VoterRow.id.in_(ids)))
    return _touched(decisions)


def remove_expired_decisions(session: Session, month: str, most: int) -> int:
    """Remove some decisions past due before a month, under no hold; how many."""
    found = session.execute(
        select(DecisionRow.election_id, DecisionRow.generation, DecisionRow.voter_id)
        .where(*_expired(DecisionRow, month))
        .order_by(DecisionRow.election_id, DecisionRow.generation, DecisionRow.voter_id)
        .limit(most)
    ).all()
    if found:
        election, generation = found[0].election_id, found[0].generation
        ids = [row.voter_id for row in found if (row.election_id, row.generation) == (election, generation)]
        where = (DecisionRow.election_id == election, DecisionRow.generation == generation)
        return _touched(session.execute(delete(DecisionRow).where(*where, DecisionRow.voter_id.in_(ids))))
    return 0


def remove_expired_blocks(session: Session, month: str) -> int:
    """Remove the blocks of one roster past due before a month, under no hold; its head stays. How many blocks."""
    has_blocks = exists().where(RosterBlockRow.roster_id == RosterRow.id)
    wanted = select(RosterRow.id).where(*_expired(RosterRow, month), has_blocks).order_by(RosterRow.id).limit(1)
    roster_id = session.scalars(wanted).first()
    if roster_id is None:
        return 0
    return _touched(session.execute(delete(RosterBlockRow).where(RosterBlockRow.roster_id == roster_id)))


def remove_expired_demands(session: Session, month: str) -> int:
    """Remove the demands that are closed and past due, with their holds; how many demands."""
    wanted = select(DemandRow.id).where(DemandRow.closed_on.is_not(None), DemandRow.key_id < month)
    ids = list(session.scalars(wanted))
    session.execute(delete(HoldRow).where(HoldRow.demand_id.in_(ids)))
    session.execute(delete(DemandRow).where(DemandRow.id.in_(ids)))
    return len(ids)


def remove_old_jobs(session: Session, before: datetime) -> int:
    """Remove finished jobs that have not moved since `before`; how many."""
    old = (JobRow.state.in_((DONE, FAILED)), JobRow.touched_at < before)
    return _touched(session.execute(delete(JobRow).where(*old)))


def remove_old_letters(session: Session, before: datetime, most: int) -> int:
    """Remove some letters printed before an instant whose voter is under no hold; how many."""
    held = exists().where(VoterRow.id == LetterRow.voter_id, VoterRow.key_id.like(_HOLDS))
    wanted = select(LetterRow.id).where(LetterRow.printed_at < before, ~held).order_by(LetterRow.id).limit(most)
    ids = list(session.scalars(wanted))
    return _touched(session.execute(delete(LetterRow).where(LetterRow.id.in_(ids)))) if ids else 0


def count_held(session: Session) -> dict[str, int]:
    """How many rows are kept past their own clock by a hold, or could be: by kind."""
    return {
        name: int(
            session.execute(select(func.count()).select_from(model).where(model.key_id.like(_HOLDS))).scalar_one()
        )
        for name, model in (("record", VoterRow), ("decision", DecisionRow), ("roster", RosterRow))
    }


def rows_under(session: Session, key_id: str) -> int:
    """How many rows are sealed under a key: with any, it may not be destroyed. Counts heads of rosters with blocks."""
    has_blocks = exists().where(RosterBlockRow.roster_id == RosterRow.id)
    models = (DraftRow, VoterRow, DecisionRow, DemandRow)
    counted = [select(func.count()).select_from(model).where(model.key_id == key_id) for model in models]
    counted.append(select(func.count()).select_from(RosterRow).where(RosterRow.key_id == key_id, has_blocks))
    return sum(session.execute(one).scalar_one() for one in counted)


def due_months(session: Session, ids: Sequence[str]) -> set[str]:
    """The months in which the clocks of some voters' records and decisions end."""
    months = set(session.scalars(select(VoterRow.due).where(VoterRow.id.in_(ids))))
    return months | set(session.scalars(select(DecisionRow.due).where(DecisionRow.voter_id.in_(ids))))


def _expired(model: Any, month: str) -> tuple[ColumnElement[bool], ...]:
    return (model.due < month, model.key_id == model.due)


def _of_scope(wanted: Any, election: str | None, ids: Sequence[str]) -> Any:
    ordered = wanted.order_by(DecisionRow.election_id, DecisionRow.generation, DecisionRow.voter_id)
    if election is not None:
        return ordered.where(DecisionRow.election_id == election)
    return ordered.where(DecisionRow.voter_id.in_(ids)) if ids else ordered


def _touched(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
