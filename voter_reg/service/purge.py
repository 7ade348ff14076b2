"""The purge: what is past its clock and under no hold is removed, a chunk a transaction, and a certificate says so.

It can be stopped at any moment, run again, or run twice at once: each transaction removes rows and counts those it
removed, so nothing is counted twice. Keys are not destroyed here: that needs two officers.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from voter_reg.service import approvals, drafts, holds
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import SERVICE
from voter_reg.service.city import City
from voter_reg.service.jobs import Progress, enqueue
from voter_reg.service.key_destruction import DESTROY_KEY
from voter_reg.service.retention import APPROVAL_YEARS, JOB_DAYS, LETTER_DAYS
from voter_reg.service.scope import Scope
from voter_reg.store import approvals as approval_store
from voter_reg.store import certificates, expiry, jobs
from voter_reg.store import demands as demand_store
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault
from voter_reg.vault.keys import epoch_of

PURGE: Final = "purge"
EVERY: Final = timedelta(days=1)
_CHUNK: Final = 250

Remove = Callable[[Session], Mapping[str, int]]
"""Removes some rows in a transaction; how many of each kind, all zero when none are left."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one purge removed and what holds kept, by kind; `ready` names keys that seal nothing any more."""

    number: int
    at: datetime
    month: str
    removed: Mapping[str, int]
    held: Mapping[str, int]
    ready: tuple[str, ...]
    digest: str


def purge(vault: Vault, city: City, args: Mapping[str, Any], progress: Progress, now: datetime) -> None:
    """Remove what is due, then write the certificate and ask two officers for the keys that seal nothing any more."""
    month = epoch_of(city.today(now))
    _keep_what_is_held(vault, now)
    _destroy_again(vault, city, now)
    removed: Counter[str] = Counter(args.get("removed", {}))
    if gone_drafts := drafts.remove_expired(now):
        removed["draft"] += gone_drafts
    for remove in _removals(month, now):
        while (gone := _step(remove, removed, args, progress)) != 0:
            if gone is None:
                _keep_what_is_held(vault, now)
    _certify(vault, month, removed, progress, now)


def start_if_due(now: datetime) -> bool:
    """Make the day's purge a job, unless one is under way or the last ended within a day; whether it was made."""
    with transaction() as session:
        last = certificates.last_at(session)
        if jobs.is_waiting(session, PURGE) or (last is not None and last > now - EVERY):
            return False
        enqueue(session, PURGE, {}, now)
        return True


def every() -> list[Certificate]:
    """All certificates, newest first."""
    with snapshot() as session:
        return [
            Certificate(row.id, row.at, row.month, row.removed, row.held, tuple(row.ready), row.digest)
            for row in certificates.every(session)
        ]


def _keep_what_is_held(vault: Vault, now: datetime) -> None:
    """Before anything is removed, whatever holds cover is under their keys, newcomers included."""
    with snapshot() as session:
        standing = [(row.id, Scope.read(row.scope)) for row in demand_store.holds(session)]
    for hold_id, scope in standing:
        holds.keep(vault, hold_id, scope, now)


def _destroy_again(vault: Vault, city: City, now: datetime) -> None:
    """A keystore put back from a copy would bring destroyed keys back to life: what was approved once is done again."""
    with snapshot() as session:
        gone = approval_store.subjects_done(session, DESTROY_KEY)
    for key in sorted(gone & set(vault.past_keys(epoch_of(city.today(now))))):
        with transaction() as session:
            log_bulk(session, SERVICE, "retention", "destroy-key-again", key, 0, now)
        vault.destroy(key, city.today(now))


def _removals(month: str, now: datetime) -> tuple[Remove, ...]:
    old, long_ago = now - timedelta(days=JOB_DAYS), now - timedelta(days=366 * APPROVAL_YEARS)
    printed = now - timedelta(days=LETTER_DAYS)
    return (
        lambda session: _remove_voters(session, month),
        lambda session: {"decision": expiry.remove_expired_decisions(session, month, _CHUNK)},
        lambda session: {"roster-block": expiry.remove_expired_blocks(session, month)},
        lambda session: {"demand": expiry.remove_expired_demands(session, month)},
        lambda session: {"approval": approval_store.remove_old(session, long_ago)},
        lambda session: {"letter": expiry.remove_old_letters(session, printed, _CHUNK)},
        lambda session: {"job": expiry.remove_old_jobs(session, old)},
    )


def _step(remove: Remove, removed: Counter[str], args: Mapping[str, Any], progress: Progress) -> int | None:
    """One chunk, with the counts so far kept by the job in the same transaction; how many rows went.

    None and nothing removed when a demand was logged since the last chunk: what it covers must be kept first.
    """
    with transaction() as session:
        if any(row.state == demand_store.PLACING for row in demand_store.holds(session)):
            return None
        gone = {kind: count for kind, count in remove(session).items() if count}
        if gone:
            removed.update(gone)
            progress.keep(session, {**args, "removed": dict(removed)})
            progress.within(session, removed.total(), removed.total())
        return sum(gone.values())


def _remove_voters(session: Session, month: str) -> Mapping[str, int]:
    ids = expiry.expired_voters(session, month, _CHUNK)
    decisions = expiry.remove_voters(session, ids) if ids else 0
    return {"record": len(ids), "decision": decisions}


def _certify(vault: Vault, month: str, removed: Counter[str], progress: Progress, now: datetime) -> None:
    with transaction() as session:
        held = expiry.count_held(session)
        paused = [row.id for row in demand_store.holds(session)]
        past = [key for key in vault.past_keys(month) if key not in paused]
        ready = [key for key in past if not expiry.rows_under(session, key)]
        content = {"at": now.isoformat(), "month": month, "removed": dict(removed), "held": held, "ready": ready}
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        values = {"at": now, "month": month, "removed": dict(removed), "held": held, "ready": ready, "digest": digest}
        certificates.add(session, values)
        log_bulk(session, SERVICE, "retention", "purge", digest[:16], removed.total(), now)
        progress.finish_within(session, removed.total())
    if not paused:
        for key in ready:
            reason = f"Everything that it sealed was due before {month} and has been purged."
            approvals.file(DESTROY_KEY, key, {}, reason, by=SERVICE, now=now)
