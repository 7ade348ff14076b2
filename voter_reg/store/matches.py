"""Match keys and matches: which records may be one person's. Blind indexes and ids alone, nobody's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from voter_reg.store.db import Model, Moment
from voter_reg.store.dialect import insert_or_ignore
from voter_reg.store.kept import Kept
from voter_reg.store.voters import ACTIVE, HELD, LEFT, VoterRow

OPEN, SAME_ASKED, SAME, DIFFERENT, REOPEN_ASKED = "open", "same-asked", "same", "different", "reopen-asked"
"""Waiting; one reviewer says one person; two did; they are two; one reviewer asks to open it again."""

WAITING_STATES = (OPEN, SAME_ASKED)
"""The states that wait for a reviewer and that a roster marks."""

STRONG, WEAK, CARD = "strong", "weak", "card"


class MatchKeyRow(Model):
    """One weak match key of one voter."""

    __tablename__ = "match_key"
    __kept__ = Kept("record", "Finds records that may be one person's.", "private")

    id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=True, doc="Tells which of two records came first, without a time."
    )
    voter_id: Mapped[str] = mapped_column(
        ForeignKey("voter.id", ondelete="CASCADE"), doc="Whose key it is; it goes when the record goes."
    )
    key: Mapped[bytes] = mapped_column(doc="16 bytes of a blind index of birth date and name, or of a part of them.")
    whole: Mapped[bool] = mapped_column(doc="Whether it stands for all that the record states; two parts never meet.")

    __table_args__ = (Index("ix_match_key_key", "key"), Index("ix_match_key_voter_id", "voter_id"))


class MatchRow(Model):
    """Two records that may be one person's, and what reviewers say."""

    __tablename__ = "match"
    __kept__ = Kept("match", "One person, one ballot: pairs for a reviewer to look at.", "private", ("reviewer",))

    id: Mapped[str] = mapped_column(primary_key=True, doc="Names the match to staff; random.")
    newer: Mapped[str] = mapped_column(
        ForeignKey("voter.id", ondelete="CASCADE"), index=True, doc="The record that came second."
    )
    older: Mapped[str] = mapped_column(ForeignKey("voter.id", ondelete="CASCADE"), doc="The record that came first.")
    strength: Mapped[str] = mapped_column(doc="By what they met: card, strong or weak.")
    state: Mapped[str] = mapped_column(index=True, doc="How far the review has come.")
    found_at: Mapped[Moment] = mapped_column(doc="When they met; the review is due ten days later.")
    asked_by: Mapped[str] = mapped_column(doc="The reviewer whose word waits for a second one's; empty if none does.")
    reason: Mapped[str] = mapped_column(doc="Why, from a fixed list; empty until someone says.")
    held: Mapped[str] = mapped_column(doc="Which of the two was held as the same person's, newer or older; or empty.")
    held_was: Mapped[str] = mapped_column(doc="The state that it had before, to be given back on appeal; or empty.")

    __table_args__ = (UniqueConstraint("older", "newer"),)


@dataclass(frozen=True, slots=True)
class Met:
    """A record that meets another's: whose it is, whether it came first, and by what they met."""

    voter_id: str
    came_first: bool
    strength: str


_ADD_KEYS = insert(MatchKeyRow)


def add_keys(session: Session, voter_id: str, keys: Iterable[tuple[bytes, bool]]) -> None:
    """Add a voter's weak keys: 16 bytes each, and whether it stands for all that the record states."""
    rows = [{"voter_id": voter_id, "key": key, "whole": whole} for key, whole in keys]
    session.connection().execute(_ADD_KEYS, rows)


def _by_keys() -> Select[str, int, int, str, str]:
    mine, other = aliased(MatchKeyRow), aliased(MatchKeyRow)
    me, them = aliased(VoterRow), aliased(VoterRow)
    return (
        select(other.voter_id, func.min(other.id), func.min(mine.id), them.match_index, me.match_index)
        .select_from(mine)
        .join(other, and_(other.key == mine.key, other.voter_id != mine.voter_id, or_(mine.whole, other.whole)))
        .join(them, them.id == other.voter_id)
        .join(me, me.id == mine.voter_id)
        .where(mine.voter_id == bindparam("voter_id"), me.state != LEFT, them.state.not_in((HELD, LEFT)))
        .group_by(other.voter_id, them.match_index, me.match_index)
    )


def _by_card() -> Select[str]:
    me, them = aliased(VoterRow), aliased(VoterRow)
    return (
        select(them.id)
        .join(me, me.card_index == them.card_index)
        .where(me.id == bindparam("voter_id"), me.state == HELD, them.state == ACTIVE)
    )


_BY_KEYS, _BY_CARD = _by_keys(), _by_card()


def meeting(session: Session, voter_id: str) -> list[Met]:
    """Whose records meet a voter's, each once. Records that are held already meet nobody: their match is told of."""
    connection = session.connection()
    found = {
        row[0]: Met(row[0], row[1] < row[2], STRONG if row[3] == row[4] else WEAK)
        for row in connection.execute(_BY_KEYS, {"voter_id": voter_id})
    }
    for (holder,) in connection.execute(_BY_CARD, {"voter_id": voter_id}):
        found[holder] = Met(holder, True, CARD)
    return list(found.values())


def add(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add matches; a pair that is there, however it was decided, stays as it is."""
    listed = list(rows)
    if listed:
        connection = session.connection()
        connection.execute(insert_or_ignore(connection, MatchRow), listed)


def waiting(session: Session) -> list[MatchRow]:
    """The matches that wait for a reviewer, the oldest first."""
    return in_states(session, WAITING_STATES)


def in_states(session: Session, states: tuple[str, ...]) -> list[MatchRow]:
    """The matches in any of some states, the oldest first."""
    wanted = select(MatchRow).where(MatchRow.state.in_(states))
    return list(session.scalars(wanted.order_by(MatchRow.found_at, MatchRow.id)))


def find(session: Session, match_id: str) -> MatchRow | None:
    """The match of an id, locked against another reviewer's word in a write transaction."""
    return session.get(MatchRow, match_id, populate_existing=True, with_for_update=True)


def also_holding(session: Session, match_id: str, voter_id: str) -> MatchRow | None:
    """Another match that holds the same voter's record."""
    wanted = select(MatchRow).where(_holding(voter_id), MatchRow.id != match_id)
    return session.scalars(wanted.limit(1)).first()


def give_back_as(session: Session, voter_id: str, state: str) -> None:
    """Say which state a held record gets back when it is no longer held."""
    for side, whose in (("newer", MatchRow.newer), ("older", MatchRow.older)):
        held = (MatchRow.held == side, whose == voter_id, MatchRow.held_was != HELD)
        session.execute(update(MatchRow).where(*held).values(held_was=state))


def under_review(session: Session) -> frozenset[str]:
    """The ids of all voters with a match that waits for a reviewer."""
    rows = session.execute(select(MatchRow.newer, MatchRow.older).where(MatchRow.state.in_(WAITING_STATES)))
    return frozenset(voter_id for pair in rows for voter_id in pair)


def _holding(voter_id: str) -> ColumnElement[bool]:
    return or_(
        and_(MatchRow.held == "newer", MatchRow.newer == voter_id),
        and_(MatchRow.held == "older", MatchRow.older == voter_id),
    )


def earliest_waiting(session: Session, voter_id: str) -> datetime | None:
    """Since when a voter's record waits for a reviewer; None when no match of it does."""
    theirs = or_(MatchRow.newer == voter_id, MatchRow.older == voter_id)
    wanted = select(func.min(MatchRow.found_at)).where(theirs, MatchRow.state.in_(WAITING_STATES))
    return session.execute(wanted).scalar_one_or_none()


def of_voter(session: Session, voter_id: str) -> list[MatchRow]:
    """Every match of a voter's record."""
    theirs = or_(MatchRow.newer == voter_id, MatchRow.older == voter_id)
    return list(session.scalars(select(MatchRow).where(theirs).order_by(MatchRow.id)))


def remove_keys(session: Session, voter_id: str) -> None:
    """Remove a voter's weak keys: the name changed, or they left."""
    session.execute(delete(MatchKeyRow).where(MatchKeyRow.voter_id == voter_id))


def remove_of(session: Session, voter_id: str) -> None:
    """Remove the matches of a voter who left."""
    session.execute(delete(MatchRow).where(or_(MatchRow.newer == voter_id, MatchRow.older == voter_id)))
