"""Renewal: the record goes under a later month's key, opens there alone, and is never kept shorter."""

import pytest
from sqlalchemy import text

from eligibility import BadInput
from tests.voter_reg.officers import CLERK, COUNSEL, FIRST, approved
from tests.voter_reg.town import card, command
from voter_reg.service import demands, holds, jobs, renewal
from voter_reg.service.demands import Entry
from voter_reg.service.scope import Scope
from voter_reg.service.voter_record import RECORD
from voter_reg.service.work import run
from voter_reg.store.db import db


@pytest.fixture
def voter(office):
    office.register(card(1), name="Amina Yusuf")
    return db.session.execute(text("SELECT id FROM voter")).scalar_one()


def row():
    db.session.rollback()
    return db.session.execute(text("SELECT key_id, due, sealed FROM voter")).one()


def renew(office, voter):
    return renewal.renew(office.vault, office.city, voter, by=CLERK, now=office.now)


def test_it_goes_under_the_later_months_key_and_no_longer_under_the_old(office, voter):
    before = row()
    office.later(days=800)

    due = renew(office, voter)

    after = row()
    assert (before.due, after.key_id, after.due) == ("2029-11", due, due)
    assert due > "2031"
    assert RECORD.open(office.vault, voter, bytes(after.sealed)).name == "Amina Yusuf"
    assert bytes(after.sealed)[1:8].decode() == due
    logged = db.session.execute(text("SELECT actor FROM log_entry WHERE action = 'renew'")).scalars().all()
    assert logged == [CLERK.label]


def test_it_never_shortens(office, voter):
    before = row()

    assert renew(office, voter) == before.due
    assert row() == before


def test_under_a_hold_the_clock_moves_and_the_key_does_not_until_it_is_released(office, voter):
    entry = Entry("warrant", office.now.date(), "A court", "This one.", Scope(voters=(voter,)))
    demand = demands.log_demand(office.vault, office.city, entry, by=CLERK, now=office.now)
    run_all(office)
    office.later(days=800)

    due = renew(office, voter)
    assert (row().key_id, row().due) == ("h-00001", due)

    demands.decide(demand.id, "comply", by=COUNSEL, now=office.now)
    holds.release("h-00001", approved("release-hold", "h-00001", {}, office.now), by=FIRST, now=office.now)
    run_all(office)
    assert (row().key_id, row().due) == (due, due)


def run_all(office):
    for job_id in db.session.execute(text("SELECT id FROM job WHERE state = 'queued' ORDER BY id")).scalars().all():
        run(job_id, office.bench)
        assert jobs.find(job_id).state == "done"


def test_an_unknown_voter_is_refused(office):
    with pytest.raises(BadInput, match="no such voter"):
        renew(office, "f" * 32)


def test_at_the_command_line(office, voter, config):
    assert command("voter", "renew", voter, "--json", config=config).json["due"] >= "2029-11"
    assert command("voter", "renew", "x", config=config).code == 2
