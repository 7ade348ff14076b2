"""Legal holds: what a demand covers is resealed under the hold's own key, out of reach of purge and destruction.

Placing and releasing are jobs of small transactions that can be stopped at any moment and run again: what is left to
do is whatever is not under the right key yet. From the moment a hold stands, placed or not, nothing it covers goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from eligibility import BadInput
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import SERVICE, Actor
from voter_reg.service.approvals import take
from voter_reg.service.decisions import DECISION, decision_row
from voter_reg.service.jobs import Progress, enqueue
from voter_reg.service.paper_record import KIND, PAGES
from voter_reg.service.review_record import REVIEW
from voter_reg.service.rosters import BLOCK
from voter_reg.service.scope import Scope
from voter_reg.service.voter_record import RECORD
from voter_reg.store import demands as store
from voter_reg.store import expiry, rosters, voters
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.papers import PaperRow
from voter_reg.store.reviews import ReviewRow
from voter_reg.vault import Vault
from voter_reg.vault.keys import epoch_of
from voter_reg.vault.vault import epoch_in

RELEASE_HOLD: Final = "release-hold"
_CHUNK: Final = 250  # rows a transaction: under a tenth of a second
_PAPERS: Final = 4  # the same for papers, which are megabytes


def place(vault: Vault, hold_id: str, progress: Progress, now: datetime) -> None:
    """Put everything that a hold covers under the hold's key; what came since is added when it runs again."""
    progress.finish(keep(vault, hold_id, _scope(hold_id), now))


def keep(vault: Vault, hold_id: str, scope: Scope, now: datetime) -> int:
    """Reseal whatever the scope covers and no hold keeps yet, and say that the hold is placed; how many rows."""
    with transaction() as session:  # law 4: committed before the first envelope is opened
        log_bulk(session, SERVICE, "hold", "reseal", hold_id, 0, now)
    done, where = 0, (scope.election, scope.voters)
    while (count := _in_chunk(lambda session: _keep_voters(session, vault, hold_id, *where))) > 0:
        done += count
    while (count := _in_chunk(lambda session: _keep_decisions(session, vault, hold_id, *where))) > 0:
        done += count
    while (count := _in_chunk(lambda session: _keep_reviews(session, vault, hold_id, *where))) > 0:
        done += count
    while (count := _in_chunk(lambda session: _keep_papers(session, vault, hold_id, *where))) > 0:
        done += count
    with snapshot() as session:
        found = [row.id for row in expiry.free_rosters(session, *where)]
    for roster_id in found:
        done += _move_roster(vault, roster_id, hold_id)
    with transaction() as session:
        row = store.hold(session, hold_id)
        if row is not None and row.state == store.PLACING:
            store.change_hold(session, hold_id, state=store.PLACED)
    return done


def release(hold_id: str, request_id: str, *, by: Actor, now: datetime) -> None:
    """Release a hold: counsel has decided on its demand, and two officers have approved the release.

    Raises:
        BadInput: no such hold, not in place, or counsel has not decided.
        ApprovalMissing: the request does not allow it.
    """
    with transaction() as session:
        row = store.hold(session, hold_id)
        if row is None or row.state not in (store.PLACING, store.PLACED):
            raise BadInput("no such hold in place", hold_id[:20])
        demand = store.find(session, row.demand_id)
        if demand is None or demand.decision == "none":
            raise BadInput(f"counsel has not decided on {row.demand_id} yet", hold_id)
        take(session, request_id, RELEASE_HOLD, hold_id, {}, by, now)
        store.change_hold(session, hold_id, state=store.RELEASING)
        log_bulk(session, by, "hold", "release", hold_id, 0, now)
        enqueue(session, RELEASE_HOLD, {"hold": hold_id}, now)


def give_back(vault: Vault, hold_id: str, progress: Progress, now: datetime) -> None:
    """After a release: everything goes under another hold that covers it, or back under its own month's key.

    What was due meanwhile goes under the present month's key, so that the next purge removes it by its own rule.
    """
    with transaction() as session:
        log_bulk(session, SERVICE, "hold", "reseal", hold_id, 0, now)
        others = [(row.id, Scope.read(row.scope)) for row in store.holds(session) if row.id != hold_id]
    month, done = epoch_of(now.date()), 0
    while (count := _in_chunk(lambda session: _return_voters(session, vault, hold_id, month))) > 0:
        done += count
    while (count := _in_chunk(lambda session: _return_decisions(session, vault, hold_id, month))) > 0:
        done += count
    while (count := _in_chunk(lambda session: _return_reviews(session, vault, hold_id, month))) > 0:
        done += count
    while (count := _in_chunk(lambda session: _return_papers(session, vault, hold_id, month))) > 0:
        done += count
    with snapshot() as session:
        under = [(row.id, max(row.due, month)) for row in expiry.rosters_under(session, hold_id)]
    for roster_id, key_id in under:
        done += _move_roster(vault, roster_id, key_id)
    for other, scope in others:
        keep(vault, other, scope, now)
    with transaction() as session:
        row = store.hold(session, hold_id)
        if row is not None and row.state == store.RELEASING:
            store.change_hold(session, hold_id, state=store.RELEASED, released_at=now)
        progress.finish_within(session, done)


def covers(session: Session, voter_id: str) -> bool:
    """Whether a hold that stands covers what is kept of a registrant."""
    scopes = [Scope.read(row.scope) for row in store.holds(session)]
    elections = voters.elections_of(session, voter_id) if any(scope.election for scope in scopes) else []
    return any(scope.everything or voter_id in scope.voters or scope.election in elections for scope in scopes)


def refuse_paused(session: Session, key_id: str) -> None:
    """Refuse to destroy a key while a hold stands that covers what it may have sealed, backups included.

    Raises:
        BadInput: names the hold.
    """
    for row in store.holds(session):
        scope = Scope.read(row.scope)
        if row.id == key_id or scope.everything or scope.election or key_id in expiry.due_months(session, scope.voters):
            raise BadInput(f"is kept by hold {row.id}; release it first", f"key {key_id}")


def _scope(hold_id: str) -> Scope:
    with snapshot() as session:
        row = store.hold(session, hold_id)
        if row is None:
            raise BadInput("no such hold", hold_id[:20])
        return Scope.read(row.scope)


def _in_chunk(work: Callable[[Session], int]) -> int:
    with transaction() as session:
        return work(session)


def _keep_voters(session: Session, vault: Vault, hold_id: str, election: str | None, ids: Sequence[str]) -> int:
    found = expiry.free_voters(session, election, ids, _CHUNK)
    for voter_id, sealed in found:
        expiry.reseal_voter(session, voter_id, RECORD.reseal(vault, voter_id, hold_id, sealed), hold_id)
    return len(found)


def _keep_decisions(session: Session, vault: Vault, hold_id: str, election: str | None, ids: Sequence[str]) -> int:
    found = expiry.free_decisions(session, election, ids, _CHUNK)
    for row in found:
        row.sealed = DECISION.reseal(vault, decision_row(row.election_id, row.voter_id), hold_id, row.sealed)
        row.key_id = hold_id
    session.flush()
    return len(found)


def _keep_reviews(session: Session, vault: Vault, hold_id: str, election: str | None, ids: Sequence[str]) -> int:
    found = expiry.free_reviews(session, election, ids, _CHUNK)
    for row in found:
        _reseal_review(vault, row, hold_id)
    session.flush()
    return len(found)


def _keep_papers(session: Session, vault: Vault, hold_id: str, election: str | None, ids: Sequence[str]) -> int:
    found = expiry.free_papers(session, election, ids, _PAPERS)
    for row in found:
        _reseal_paper(vault, row, hold_id)
    session.flush()
    return len(found)


def _return_reviews(session: Session, vault: Vault, hold_id: str, month: str) -> int:
    found = expiry.reviews_under(session, hold_id, _CHUNK)
    for row in found:
        row.due = max(row.due, month)
        _reseal_review(vault, row, row.due)
    session.flush()
    return len(found)


def _return_papers(session: Session, vault: Vault, hold_id: str, month: str) -> int:
    found = expiry.papers_under(session, hold_id, _PAPERS)
    for row in found:
        row.due = max(row.due, month)
        _reseal_paper(vault, row, row.due)
    session.flush()
    return len(found)


def _reseal_review(vault: Vault, row: ReviewRow, key_id: str) -> None:
    if row.sealed is not None:
        row.sealed = REVIEW.reseal(vault, row.id, key_id, row.sealed)
    row.key_id = key_id


def _reseal_paper(vault: Vault, row: PaperRow, key_id: str) -> None:
    row.sealed_kind = KIND.reseal(vault, row.id, key_id, row.sealed_kind)
    row.sealed = PAGES.reseal(vault, row.id, key_id, row.sealed)
    row.key_id = key_id


def _return_voters(session: Session, vault: Vault, hold_id: str, month: str) -> int:
    found = expiry.voters_under(session, hold_id, _CHUNK)
    for row in found:
        row.due = max(row.due, month)
        row.sealed = RECORD.reseal(vault, row.id, row.due, row.sealed)
        row.key_id = row.due
    session.flush()
    return len(found)


def _return_decisions(session: Session, vault: Vault, hold_id: str, month: str) -> int:
    found = expiry.decisions_under(session, hold_id, _CHUNK)
    for row in found:
        row.due = max(row.due, month)
        row.sealed = DECISION.reseal(vault, decision_row(row.election_id, row.voter_id), row.due, row.sealed)
        row.key_id = row.due
    session.flush()
    return len(found)


def _move_roster(vault: Vault, roster_id: str, key_id: str) -> int:
    """Put every block of a roster under another key, one a transaction; how many there were to do."""
    with snapshot() as session:
        ordinals = [ordinal for ordinal, _, sealed in rosters.blocks(session, roster_id) if epoch_in(sealed) != key_id]
    for ordinal in ordinals:
        with transaction() as session:
            sealed = rosters.block(session, roster_id, ordinal)
            if sealed is not None:
                moved = BLOCK.reseal(vault, f"{roster_id}|{ordinal}", key_id, sealed)
                expiry.reseal_block(session, roster_id, ordinal, moved)
    with transaction() as session:
        expiry.reseal_roster(session, roster_id, key_id)
    return len(ordinals)
