"""Demands: every subpoena, warrant, order and records request is entered, and pauses the purge of what it covers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

from sqlalchemy.orm import Session

from eligibility import BadInput
from eligibility.errors import CleanNo
from voter_reg.roles import Role
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.service.city import City
from voter_reg.service.envelope import record_envelope
from voter_reg.service.jobs import enqueue
from voter_reg.service.retention import demand_epoch
from voter_reg.service.scope import Scope
from voter_reg.store import demands as store
from voter_reg.store import elections, voters
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault

PLACE_HOLD: Final = "place-hold"
KINDS: Final = ("subpoena", "warrant", "court-order", "records-request")
DECISIONS: Final = ("comply", "comply-in-part", "refuse", "moot")
TOLD: Final = ("yes", "not-yet", "forbidden", "nobody")
LONGEST: Final = 4_000
_DECIDED_WITHIN: Final = timedelta(days=3650)
"""A demand is sealed as if it were open for ten years; closing it reseals it by its own clock."""


class NotCounsel(CleanNo):
    """Someone who is not counsel tried to decide on a demand."""


@dataclass(frozen=True)
class DemandText:
    """What is sealed of a demand."""

    sender: Annotated[str, "Who makes the demand, so that it can be answered."]
    says: Annotated[str, "What it asks for, so that counsel can decide."]


DEMAND: Final = record_envelope("demand", "demand.sealed", DemandText)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered of a demand when it comes."""

    kind: str
    received_on: date
    sender: str
    says: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand as the register shows it; `sender` and `says` are empty in lists, which open nothing."""

    id: str
    kind: str
    received_on: date
    scope: str
    decision: str
    decided_by: str
    records: int
    people: int
    told: str
    closed_on: date | None
    hold_id: str
    hold_state: str
    sender: str = ""
    says: str = ""


def log_demand(vault: Vault, city: City, entry: Entry, *, by: Actor, now: datetime) -> Demand:
    """Enter a demand. Its hold stands in the same transaction: from now on nothing that it covers is purged.

    Raises:
        BadInput: an unknown kind, a day to come, nothing said, or a scope that names what is not there.
    """
    _require_entry(entry, city, now)
    with transaction() as session:
        _require_there(session, entry.scope)
        demand_id, hold_id = store.next_demand(session), store.next_hold(session)
        key_id = demand_epoch(city.pack, city.today(now) + _DECIDED_WITHIN)
        said = DemandText(entry.sender.strip(), entry.says.strip())
        values: dict[str, Any] = {
            "id": demand_id,
            "kind": entry.kind,
            "received_on": entry.received_on,
            "scope": str(entry.scope),
            "decision": "none",
            "decided_by": "",
            "records": 0,
            "people": 0,
            "told": "not-yet",
            "sealed": DEMAND.seal(vault, demand_id, key_id, said),
            "key_id": key_id,
            "logged_at": now,
            "closed_on": None,
        }
        store.add_demand(session, values)
        hold = {"id": hold_id, "demand_id": demand_id, "scope": str(entry.scope), "state": store.PLACING}
        store.add_hold(session, {**hold, "placed_at": now, "released_at": None})
        log_bulk(session, by, "demand", "log-demand", demand_id, 0, now)
        enqueue(session, PLACE_HOLD, {"hold": hold_id}, now)
        return _read(session, demand_id)


def decide(demand_id: str, decision: str, *, by: Actor, now: datetime) -> Demand:
    """Enter counsel's decision; it may be changed until the demand is closed.

    Raises:
        NotCounsel: the actor's role is not counsel.
        BadInput: no such demand, closed, or no such decision.
    """
    if by.role != Role.COUNSEL:
        raise NotCounsel(f"{by.label}: only counsel may decide on a demand, not a {by.role}")
    _require_one_of(decision, DECISIONS, "decision")
    return _change(demand_id, "decide-demand", by, now, decision=decision, decided_by=by.label)


def disclosed(demand_id: str, records: int, people: int, *, by: Actor, now: datetime) -> Demand:
    """Enter how many records were disclosed in all, about how many people. Raises BadInput."""
    if not 0 <= people <= records:
        raise BadInput("people are at most as many as records, and neither is negative", demand_id[:20])
    with snapshot() as session:
        if records and _read(session, demand_id).decision not in ("comply", "comply-in-part"):
            raise BadInput("counsel has not decided to comply, so nothing can have been disclosed", demand_id)
    return _change(demand_id, "disclose", by, now, records=records, people=people)


def tell(demand_id: str, told: str, *, by: Actor, now: datetime) -> Demand:
    """Enter whether the people it is about were told. Raises BadInput."""
    _require_one_of(told, TOLD, "told")
    return _change(demand_id, "tell", by, now, told=told)


def close(demand_id: str, *, vault: Vault, city: City, by: Actor, now: datetime) -> Demand:
    """Close a demand that is decided and whose hold is released; its entry expires by its own clock from now on.

    Raises:
        BadInput: undecided, still held, or nobody has been told and no reason stands why.
    """
    with transaction() as session:
        found, row = _read(session, demand_id), store.find(session, demand_id)
        assert row is not None
        if found.decision == "none":
            raise BadInput("counsel has not decided yet", demand_id)
        if found.hold_state != store.RELEASED:
            raise BadInput(f"its hold {found.hold_id} is not released yet", demand_id)
        if found.told == "not-yet":
            raise BadInput("say first whether the people it is about were told", demand_id)
        key_id = demand_epoch(city.pack, city.today(now))
        sealed = DEMAND.reseal(vault, demand_id, key_id, row.sealed)
        store.change(session, demand_id, closed_on=city.today(now), key_id=key_id, sealed=sealed)
        log_bulk(session, by, "demand", "close-demand", demand_id, 0, now)
        return _read(session, demand_id)


def register() -> list[Demand]:
    """All demands, newest first; nothing sealed is opened."""
    with snapshot() as session:
        return [_read(session, row.id) for row in store.every(session)]


def open_demand(vault: Vault, demand_id: str, *, by: Actor, now: datetime) -> Demand:
    """One demand with its sender and what it says; the reading is logged before it is opened. Raises BadInput."""
    with transaction() as session:
        _read(session, demand_id)
        log_bulk(session, by, "demand", "read-demand", demand_id, 1, now)
    with snapshot() as session:
        row, found = store.find(session, demand_id), _read(session, demand_id)
        assert row is not None
        said = DEMAND.open(vault, demand_id, row.sealed)
    return replace(found, sender=said.sender, says=said.says)


def _change(demand_id: str, action: str, by: Actor, now: datetime, **values: Any) -> Demand:
    with transaction() as session:
        if _read(session, demand_id).closed_on is not None:
            raise BadInput("is closed", demand_id)
        store.change(session, demand_id, **values)
        log_bulk(session, by, "demand", action, demand_id, 0, now)
        return _read(session, demand_id)


def _read(session: Session, demand_id: str) -> Demand:
    row, hold = store.find(session, demand_id), store.hold_of(session, demand_id)
    if row is None or hold is None:
        raise BadInput("no such demand", demand_id[:20])
    return Demand(
        id=row.id,
        kind=row.kind,
        received_on=row.received_on,
        scope=row.scope,
        decision=row.decision,
        decided_by=row.decided_by,
        records=row.records,
        people=row.people,
        told=row.told,
        closed_on=row.closed_on,
        hold_id=hold.id,
        hold_state=hold.state,
    )


def _require_entry(entry: Entry, city: City, now: datetime) -> None:
    _require_one_of(entry.kind, KINDS, "kind")
    if entry.received_on > city.today(now):
        raise BadInput(f"{entry.received_on} has not come yet", "received")
    for name, text in (("from", entry.sender), ("says", entry.says)):
        if not text.strip() or len(text) > LONGEST:
            raise BadInput(f"needs 1 to {LONGEST} characters", name)


def _require_there(session: Session, scope: Scope) -> None:
    if scope.election is not None and elections.find(session, scope.election) is None:
        raise BadInput("no such election", scope.election)
    for voter_id in scope.voters:
        if voters.find(session, voter_id) is None:
            raise BadInput("no such voter", f"voter {voter_id[:8]}")


def _require_one_of(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        raise BadInput(f"is not one of {', '.join(known)}: {value!r:.40}", what)
