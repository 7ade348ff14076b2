"""Matches: records that may be one person's, shown to reviewers, decided by them, and never told to the registrant.

A match delays nobody. Only when two reviewers say that two records are one person's is one of them held: the newer,
or the older if it still waits for papers. Two reviewers can open the match again on appeal.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from eligibility import BadInput
from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import Actor
from voter_reg.service.voter_record import RECORD
from voter_reg.store import jobs, voters
from voter_reg.store import matches as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault

REVIEW_WITHIN = timedelta(days=10)
"""How long a reviewer has from the moment two records met."""

Act = Callable[[Actor], str]
"""Does something with a match; the state after it."""

Answer = Literal["different", "same"]

ANSWERS: Mapping[str, Answer] = {"different": "different", "same": "same"}

REASONS = {
    "different": ("other-person-same-name", "twins-or-siblings", "parent-and-child", "papers-show-two", "other-card"),
    "same": ("person-said-so", "papers-show-one", "same-address-and-name", "corrected-record"),
}
"""Why reviewers may decide as they do."""

REOPEN_REASONS = ("person-appealed", "reviewers-error", "new-papers")
"""Why a decided match may be opened again."""

_EMPTY = ("asked_by", "reason", "held", "held_was")
_TAG_VOTER = "tag-voter"
_CHUNK = 100  # voters a transaction, so that no one waits for a write


@dataclass(frozen=True, slots=True)
class Waiting:
    """A match as it stands in the list, without anyone's name. `age_days` are whole days since the records met."""

    id: str
    strength: str
    state: str
    found_at: datetime
    age_days: int
    due_at: datetime
    asked_by: str


@dataclass(frozen=True, slots=True)
class MatchedRecord:
    """What a reviewer sees of one of the two: no more than it takes to tell people apart."""

    name: str
    birth: str
    address: str
    week: str
    proof: str


@dataclass(frozen=True, slots=True)
class OpenedMatch:
    """A match as a reviewer sees it."""

    id: str
    strength: str
    state: str
    asked_by: str
    newer: MatchedRecord
    older: MatchedRecord


def note_matches(session: Session, voter_id: str, now: datetime) -> None:
    """Note whose records meet a voter's, within a transaction after the one that registered them.

    Of two who register at the same moment the later look sees both, so one of them finds the pair. Looking again adds
    nothing.
    """
    rows = []
    for met in store.meeting(session, voter_id):
        newer, older = (voter_id, met.voter_id) if met.came_first else (met.voter_id, voter_id)
        pair = {"id": secrets.token_hex(8), "newer": newer, "older": older, "strength": met.strength}
        rows.append({**pair, **dict.fromkeys(_EMPTY, ""), "state": store.OPEN, "found_at": now})
    store.add(session, rows)


def note_held_for(session: Session, card_index: str | None, now: datetime) -> None:
    """Note the matches of those who are held for a card while its holder still has it: afterwards nobody finds them.

    Their own job does so too, but may not have run when the holder leaves or moves.
    """
    if card_index is not None:
        for voter_id in voters.held_for(session, card_index):
            note_matches(session, voter_id, now)


def note_missing(now: datetime) -> None:
    """Note the matches of those whose job is late or failed, so that a roster's marks do not depend on it."""
    with snapshot() as session:
        late = [args["voter"] for args in jobs.unfinished(session, _TAG_VOTER)]
    for start in range(0, len(late), _CHUNK):
        with transaction() as session:
            for voter_id in late[start : start + _CHUNK]:
                note_matches(session, voter_id, now)


def waiting(now: datetime) -> list[Waiting]:
    """The matches that wait for a reviewer, the oldest first."""
    with snapshot() as session:
        return [_waiting(row, now) for row in store.waiting(session)]


def held(now: datetime) -> list[Waiting]:
    """The matches that two reviewers decided as one person, or that one asks to open again, the oldest first."""
    with snapshot() as session:
        return [_waiting(row, now) for row in store.in_states(session, (store.SAME, store.REOPEN_ASKED))]


def open_match(vault: Vault, match_id: str, *, by: Actor, now: datetime) -> OpenedMatch:
    """Show a match to a reviewer; that both records are read is in the log before either is opened.

    Raises:
        BadInput: there is no such match.
    """
    with transaction() as session:
        row = _found(session, match_id)
        for voter_id in (row.newer, row.older):
            log_voter(session, vault, by, "match-review", voter_id, now)
    with snapshot() as session:
        row = _found(session, match_id)
        newer, older = (_record(session, vault, voter_id) for voter_id in (row.newer, row.older))
        return OpenedMatch(row.id, row.strength, row.state, row.asked_by, newer, older)


def decide(vault: Vault, match_id: str, answer: Answer, reason: str, *, by: Actor, now: datetime) -> str:
    """Record a reviewer's decision; the state after it.

    "different" closes the match for good: the pair does not come again. "same" waits for a second reviewer's "same",
    and then the newer record is held: or the older, if that waits for papers and the newer is on the roll, so that
    nobody loses their one ballot. Whose card met another's and is someone else may go on with other papers.

    Raises:
        BadInput: there is no such match, it is decided already, the reason is not one of `REASONS` for that answer,
            or the second reviewer is the first.
    """
    _require_reason(reason, REASONS.get(answer, ()))
    with transaction() as session:
        row = _in_state(session, match_id, store.WAITING_STATES)
        if answer == "different":
            row.state = store.DIFFERENT
            if row.strength == store.CARD and voters.state_of(session, row.newer) == voters.HELD:
                voters.change_state(session, row.newer, voters.WAITING)
        elif row.state == store.OPEN:
            row.state, row.asked_by = store.SAME_ASKED, by.label
        else:
            _require_another(row, by)
            _hold(session, row)
            row.state, row.asked_by = store.SAME, ""
        return _said(session, vault, row, reason, by, now)


def reopen(vault: Vault, match_id: str, reason: str, *, by: Actor, now: datetime) -> str:
    """Ask on appeal that a match decided "same" be opened again, or agree to it; the state after it.

    When a second reviewer agrees, the record is again what it was before it was held, unless another match holds it as
    well, and the match is open.

    Raises:
        BadInput: there is no such match, it was not decided "same", the reason is not one of `REOPEN_REASONS`, or the
            second reviewer is the first.
    """
    _require_reason(reason, REOPEN_REASONS)
    with transaction() as session:
        row = _in_state(session, match_id, (store.SAME, store.REOPEN_ASKED))
        if row.state == store.SAME:
            row.state, row.asked_by = store.REOPEN_ASKED, by.label
        else:
            _require_another(row, by)
            _release(session, row)
            row.state, row.asked_by, row.found_at = store.OPEN, "", now
        return _said(session, vault, row, reason, by, now)


def _hold(session: Session, row: store.MatchRow) -> None:
    was = {side: voters.state_of(session, voter_id) or "" for side, voter_id in _sides(row).items()}
    if voters.LEFT in was.values():
        return  # of someone who has left nobody is the double
    row.held = "older" if (was["newer"], was["older"]) == (voters.ACTIVE, voters.WAITING) else "newer"
    row.held_was = was[row.held]
    voters.change_state(session, _sides(row)[row.held], voters.HELD)


def _release(session: Session, row: store.MatchRow) -> None:
    """Give the held record its state back; where another match holds it too, that one will."""
    if not row.held:
        return
    voter_id = _sides(row)[row.held]
    other = store.also_holding(session, row.id, voter_id)
    if other is None:
        voters.change_state(session, voter_id, row.held_was)
    elif row.held_was != voters.HELD:
        other.held_was = row.held_was
    row.held, row.held_was = "", ""


def _sides(row: store.MatchRow) -> dict[str, str]:
    return {"newer": row.newer, "older": row.older}


def _said(session: Session, vault: Vault, row: store.MatchRow, reason: str, by: Actor, now: datetime) -> str:  # noqa: PLR0917
    """Keep the reason, and log for both records what became of their match."""
    row.reason = reason
    session.flush()
    for voter_id in (row.newer, row.older):
        log_voter(session, vault, by, f"match-{row.state}", voter_id, now)
    return row.state


def _found(session: Session, match_id: str) -> store.MatchRow:
    row = store.find(session, match_id)
    if row is None:
        raise BadInput("no such match", match_id[:40])
    return row


def _in_state(session: Session, match_id: str, states: tuple[str, ...]) -> store.MatchRow:
    row = _found(session, match_id)
    if row.state not in states:
        raise BadInput(f"is {row.state} already", f"match {row.id}")
    return row


def _require_another(row: store.MatchRow, by: Actor) -> None:
    if by.label == row.asked_by:
        raise BadInput("a second reviewer must agree; you were the first", f"match {row.id}")


def _require_reason(reason: str, known: tuple[str, ...]) -> None:
    if reason not in known:
        raise BadInput(f"is not one of the reasons: {', '.join(known) or 'none'}", f"reason {reason[:40]!r}")


def _waiting(row: store.MatchRow, now: datetime) -> Waiting:
    age = max(0, (now - row.found_at).days)
    return Waiting(row.id, row.strength, row.state, row.found_at, age, row.found_at + REVIEW_WITHIN, row.asked_by)


def _record(session: Session, vault: Vault, voter_id: str) -> MatchedRecord:
    found = voters.find(session, voter_id)
    assert found is not None
    kept = RECORD.open(vault, voter_id, found.sealed)
    unit = f" UNIT {kept.unit}" if kept.unit else ""
    week = voters.week_of(session, voter_id) or ""
    return MatchedRecord(kept.name, kept.birth, f"{kept.address}{unit}", week, kept.proof or "")
