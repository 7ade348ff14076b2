"""Demands: each pauses the purge of what it covers by itself, and nothing but counsel and two officers ends that."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from eligibility import BadInput
from tests.voter_reg.officers import CLERK, COUNSEL, FIRST, SECOND, approved
from tests.voter_reg.town import DAY, card
from voter_reg.service import demands, elections, holds, jobs, purge, rosters
from voter_reg.service.demands import Entry, NotCounsel
from voter_reg.service.live import ApprovalMissing
from voter_reg.service.replay import replay_kept
from voter_reg.service.scope import Scope
from voter_reg.service.shelf import open_on
from voter_reg.service.work import run
from voter_reg.store.db import db, snapshot
from voter_reg.store.jobs import unfinished_since

ELECTION = "minneapolis-2025-11-04"
SENDER = "Office of the Quizzical Inspector"


@pytest.fixture
def election(office, town_map):
    elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    for number in range(4):
        office.register(card(number), name=f"Voter {number}")
    rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)
    return ELECTION


def run_all(office):
    """Run every job that waits; whoever does so comes a little later than whoever asked."""
    office.later(seconds=1)
    with snapshot() as session:
        waiting = unfinished_since(session, office.now)
    for job_id, _ in waiting:
        run(job_id, office.bench)
        assert jobs.find(job_id).state == "done", jobs.find(job_id)


def log(office, scope="everything", **changes):
    entry = {"kind": "subpoena", "received_on": office.now.date(), "sender": SENDER, "says": "All of it."}
    entry = Entry(**{**entry, **changes}, scope=Scope.read(scope))
    return demands.log_demand(office.vault, office.city, entry, by=CLERK, now=office.now)


def release(office, demand):
    request = approved("release-hold", demand.hold_id, {}, office.now)
    holds.release(demand.hold_id, request, by=FIRST, now=office.now)
    run_all(office)


def purged(office):
    job_id = jobs.create("purge", {}, office.now, send=False)
    run(job_id, office.bench)
    assert jobs.find(job_id).state == "done", jobs.find(job_id).problem
    return purge.every()[0]


def keys_of(table):
    return set(db.session.execute(text(f"SELECT key_id FROM {table}")).scalars())


def count(table):
    db.session.rollback()
    return db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def voter_ids():
    return list(db.session.execute(text("SELECT id FROM voter ORDER BY id")).scalars())


def test_a_hold_moves_what_it_covers_under_its_own_key_and_it_still_opens(office, election):
    demand = log(office)
    run_all(office)

    assert [keys_of(table) for table in ("voter", "decision", "roster")] == [{"h-00001"}] * 3
    assert demands.register()[0].hold_state == "placed"
    assert len(rosters.read(office.vault, open_on(office.shelf, election), rosters.every()[0])) == 4
    assert replay_kept(office.vault, office.shelf, election, voter_ids()[0], by=CLERK, now=office.now)
    assert demand.hold_id == "h-00001"


def test_a_scope_covers_that_and_nothing_else(office, election, town_map):
    one, *others = voter_ids()
    log(office, f"voters:{one}")
    run_all(office)

    held = db.session.execute(text("SELECT id FROM voter WHERE key_id LIKE 'h-%'")).scalars().all()
    decided = db.session.execute(text("SELECT voter_id FROM decision WHERE key_id LIKE 'h-%'")).scalars().all()
    assert (held, decided, keys_of("roster")) == ([one], [one], {"h-00001"})
    assert others


def test_what_a_demand_covers_is_not_purged_even_before_its_job_has_run(office, election):
    log(office)
    office.later(days=365 * 8)

    certificate = purged(office)

    assert (count("voter"), count("decision"), count("roster_block")) == (4, 4, 1)
    assert certificate.held == {"record": 4, "decision": 4, "roster": 1}
    assert "record" not in certificate.removed
    assert demands.register()[0].hold_state == "placed"


def test_a_hold_on_one_voter_lets_the_others_expire(office, election):
    one, *_ = voter_ids()
    log(office, f"voters:{one}")
    run_all(office)
    office.later(days=365 * 8)

    certificate = purged(office)

    assert voter_ids() == [one]
    assert (certificate.removed["record"], certificate.held["record"]) == (3, 1)


def test_a_hold_on_everything_keeps_abandoned_drafts(office):
    office.draft()
    log(office)
    office.later(days=60)

    purged(office)

    assert count("draft") == 1


def test_release_needs_counsel_and_two_officers(office, election):
    demand = log(office)
    run_all(office)
    request = approved("release-hold", demand.hold_id, {}, office.now)
    with pytest.raises(BadInput, match="counsel has not decided"):
        holds.release(demand.hold_id, request, by=FIRST, now=office.now)
    demands.decide(demand.id, "refuse", by=COUNSEL, now=office.now)
    with pytest.raises(ApprovalMissing):
        holds.release(demand.hold_id, None, by=FIRST, now=office.now)

    holds.release(demand.hold_id, request, by=FIRST, now=office.now)

    assert demands.register()[0].hold_state == "releasing"


def test_after_a_release_each_row_is_under_its_own_month_again_and_opens(office, election):
    before = [keys_of(table) for table in ("voter", "decision", "roster")]
    demand = log(office)
    run_all(office)
    demands.decide(demand.id, "refuse", by=COUNSEL, now=office.now)

    release(office, demand)

    assert [keys_of(table) for table in ("voter", "decision", "roster")] == before
    assert demands.register()[0].hold_state == "released"
    assert len(rosters.read(office.vault, open_on(office.shelf, election), rosters.every()[0])) == 4


def test_what_was_due_while_it_was_held_goes_with_the_next_months_purge(office, election):
    demand = log(office)
    run_all(office)
    demands.decide(demand.id, "comply-in-part", by=COUNSEL, now=office.now)
    office.later(days=365 * 8)
    release(office, demand)
    assert purged(office).removed.get("record", 0) == 0
    office.later(days=32)

    assert purged(office).removed["record"] == 4
    assert (count("voter"), count("decision"), count("roster_block")) == (0, 0, 0)


def test_what_two_holds_cover_stays_until_both_are_released(office, election):
    first, second = log(office), log(office, f"election:{election}")
    run_all(office)
    for demand in (first, second):
        demands.decide(demand.id, "moot", by=COUNSEL, now=office.now)
    office.later(days=365 * 8)

    release(office, first)
    assert (keys_of("voter"), purged(office).held["record"]) == ({"h-00002"}, 4)
    release(office, second)
    office.later(days=32)

    assert purged(office).removed["record"] == 4


def test_the_entry_is_sealed_and_reading_it_is_logged_first(office):
    demand = log(office)

    kept = repr([bytes(row.sealed) for row in db.session.execute(text("SELECT sealed FROM demand"))])
    kept += repr(db.session.execute(text("SELECT * FROM demand")).all())
    assert SENDER not in kept
    assert demands.register()[0].sender == ""
    assert demands.open_demand(office.vault, demand.id, by=COUNSEL, now=office.now).sender == SENDER
    logged = db.session.execute(text("SELECT actor FROM log_entry WHERE action = 'read-demand'")).scalars().all()
    assert logged == [COUNSEL.label]


def test_only_counsel_decides(office):
    demand = log(office)
    for by in (CLERK, FIRST, SECOND):
        with pytest.raises(NotCounsel):
            demands.decide(demand.id, "comply", by=by, now=office.now)


def test_nothing_is_disclosed_before_counsel_decided_to_comply(office):
    demand = log(office)
    with pytest.raises(BadInput, match="not decided to comply"):
        demands.disclosed(demand.id, 3, 2, by=CLERK, now=office.now)
    demands.decide(demand.id, "comply-in-part", by=COUNSEL, now=office.now)

    assert demands.disclosed(demand.id, 3, 2, by=CLERK, now=office.now).records == 3
    for records, people in ((2, 3), (-1, -1), (1, -1)):
        with pytest.raises(BadInput):
            demands.disclosed(demand.id, records, people, by=CLERK, now=office.now)


def test_a_demand_closes_once_it_is_decided_released_and_told(office, election):
    demand = log(office)
    run_all(office)
    wanted = {"vault": office.vault, "city": office.city, "by": CLERK}
    with pytest.raises(BadInput, match="not decided"):
        demands.close(demand.id, **wanted, now=office.now)
    demands.decide(demand.id, "refuse", by=COUNSEL, now=office.now)
    with pytest.raises(BadInput, match="not released"):
        demands.close(demand.id, **wanted, now=office.now)
    release(office, demand)
    with pytest.raises(BadInput, match="told"):
        demands.close(demand.id, **wanted, now=office.now)
    demands.tell(demand.id, "forbidden", by=CLERK, now=office.now)

    assert demands.close(demand.id, **wanted, now=office.now).closed_on == office.now.date()
    with pytest.raises(BadInput, match="closed"):
        demands.tell(demand.id, "yes", by=CLERK, now=office.now)
    assert demands.open_demand(office.vault, demand.id, by=COUNSEL, now=office.now).sender == SENDER
    office.later(days=365 * 6 + 32)
    purged(office)
    assert demands.register() == []


@pytest.mark.parametrize(
    "changes",
    [{"kind": "letter"}, {"sender": " "}, {"says": ""}, {"says": "x" * 4001}, {"received_on": date(2099, 1, 1)}],
)
def test_an_entry_that_lacks_something_is_refused_and_nothing_is_kept(office, changes):
    with pytest.raises(BadInput):
        log(office, **changes)

    assert (demands.register(), count("hold")) == ([], 0)


@pytest.mark.parametrize("scope", ["election:nowhere", f"voters:{'0' * 32}"])
def test_a_scope_that_names_what_is_not_there_is_refused(office, scope):
    with pytest.raises(BadInput):
        log(office, scope)


@pytest.mark.parametrize(
    "scope", ["", "all", "election:", "voters:", "voters:x", "everything:1", "election:../x", "voters:" + "0" * 31]
)
def test_a_scope_is_one_of_three(scope):
    with pytest.raises(BadInput, match="scope"):
        Scope.read(scope)


def test_placing_goes_on_where_it_was_cut_off(office, election, monkeypatch):
    demand = log(office)
    monkeypatch.setattr(holds, "_CHUNK", 1)
    real, calls = office.vault.reseal, iter(range(3))

    def fail_later(*args):
        if next(calls, None) is None:
            raise OSError("cut off")
        return real(*args)

    with monkeypatch.context() as fault:
        fault.setattr(office.vault, "reseal", fail_later, raising=False)
        with pytest.raises(OSError, match="cut off"):
            holds.keep(office.vault, demand.hold_id, Scope(), office.now)
    assert demands.register()[0].hold_state == "placing"
    assert 0 < db.session.execute(text("SELECT count(*) FROM voter WHERE key_id = 'h-00001'")).scalar_one() < 4

    office.later(seconds=timedelta(minutes=2).total_seconds())
    run_all(office)

    assert [keys_of(table) for table in ("voter", "decision", "roster")] == [{"h-00001"}] * 3


def test_a_number_is_not_given_twice_while_a_higher_one_stands(office):
    first, second = log(office), log(office)
    db.session.execute(text("DELETE FROM hold WHERE id = 'h-00001'"))
    db.session.execute(text("DELETE FROM demand WHERE id = 'd-00001'"))
    db.session.commit()

    third = log(office)

    assert [one.id for one in (first, second, third)] == ["d-00001", "d-00002", "d-00003"]
    assert third.hold_id == "h-00003"


def test_tagging_anew_removes_no_decision_while_a_hold_stands(office, election):
    demand = log(office)
    run_all(office)
    for _ in range(2):
        run(jobs.create("tag-election", {"election": election}, office.now, send=False), office.bench)
    assert count("decision") == 3 * 4

    demands.decide(demand.id, "moot", by=COUNSEL, now=office.now)
    release(office, demand)
    run(jobs.create("tag-election", {"election": election}, office.now, send=False), office.bench)

    assert count("decision") == 4
