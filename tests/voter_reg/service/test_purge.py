"""The purge: what is due goes, what is not stays, a certificate says so, and a destroyed key takes backups with it."""

import shutil
import threading
from dataclasses import replace

import pytest
from sqlalchemy import text

from eligibility import BadInput
from tests.voter_reg.officers import CLERK, FIRST, SECOND, approved
from tests.voter_reg.town import DAY, Office, card
from voter_reg.service import approvals, elections, jobs, purge, rosters
from voter_reg.service.key_destruction import destroy_key
from voter_reg.service.live import ApprovalMissing
from voter_reg.service.work import run
from voter_reg.store.db import db
from voter_reg.vault import KeyGone, open_vault

ELECTION = "minneapolis-2025-11-04"


@pytest.fixture
def election(office, town_map):
    elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    for number in range(3):
        office.register(card(number), name=f"Voter {number}")
    rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)
    for job_id in db.session.execute(text("SELECT id FROM job")).scalars().all():
        run(job_id, office.bench)
    return ELECTION


def purged(office):
    job_id = jobs.create("purge", {}, office.now, send=False)
    run(job_id, office.bench)
    assert jobs.find(job_id).state == "done", jobs.find(job_id).problem
    return purge.every()[0]


def count(table):
    db.session.rollback()
    return db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def at(office, year, month, day=1):
    office.now = office.now.replace(year=year, month=month, day=day)


def test_each_kind_goes_in_the_month_after_its_clock_and_not_before(office, election):
    at(office, 2027, 9, 30)
    assert purged(office).removed.get("decision", 0) == 0
    assert (count("decision"), count("roster_block"), count("voter")) == (3, 1, 3)

    at(office, 2027, 10, 1)
    removed = purged(office).removed
    assert (removed["decision"], removed["roster-block"]) == (3, 1)
    assert (count("decision"), count("roster_block"), count("roster"), count("voter")) == (0, 0, 1, 3)

    at(office, 2029, 11, 30)
    assert purged(office).removed.get("record", 0) == 0
    at(office, 2029, 12, 1)
    assert (purged(office).removed["record"], count("voter")) == (3, 0)


def test_a_month_begins_in_the_citys_zone(office, election):
    at(office, 2027, 10, 1)
    office.now = office.now.replace(hour=4, minute=59)  # 23:59 of 30 September in Minneapolis
    assert purged(office).removed.get("decision", 0) == 0

    office.later(minutes=1)
    assert purged(office).removed["decision"] == 3


def test_purging_twice_removes_nothing_the_second_time(office, election):
    at(office, 2030, 1)
    first, second = purged(office), purged(office)

    assert first.removed["record"] == 3
    assert second.removed.get("record", 0) == 0
    assert first.digest != second.digest
    logged = db.session.execute(text("SELECT subject FROM log_entry WHERE action = 'purge'")).scalars().all()
    assert logged == [first.digest[:16], second.digest[:16]]


def test_two_purges_at_once_count_each_row_once(office, election):
    at(office, 2030, 1)
    made = [jobs.create("purge", {}, office.now, send=False) for _ in range(2)]

    def work(job_id):
        with office.app.app_context():
            run(job_id, office.bench)

    threads = [threading.Thread(target=work, args=(job_id,)) for job_id in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [jobs.find(job_id).state for job_id in made] == ["done", "done"]
    assert sum(one.removed.get("record", 0) for one in purge.every()) == 3


def test_a_purge_cut_off_goes_on_and_counts_what_it_had_removed(office, election, monkeypatch):
    at(office, 2030, 1)
    monkeypatch.setattr(purge, "_CHUNK", 1)
    job_id, real, calls = jobs.create("purge", {}, office.now, send=False), purge._remove_voters, iter(range(2))

    def fail_later(session, month):
        if next(calls, None) is None:
            raise OSError("cut off")
        return real(session, month)

    with monkeypatch.context() as fault:
        fault.setattr(purge, "_remove_voters", fail_later)
        with pytest.raises(OSError, match="cut off"):
            run(job_id, office.bench)
    assert count("voter") == 1
    office.later(minutes=2)
    run(job_id, office.bench)

    assert (count("voter"), purge.every()[0].removed["record"]) == (0, 3)
    assert len(purge.every()) == 1


def test_finished_jobs_go_after_thirty_days(office, election):
    assert count("job") == 3
    office.later(days=31)

    assert purged(office).removed["job"] == 3


def test_the_days_purge_is_made_once_a_day(office):
    assert purge.start_if_due(office.now)
    assert not purge.start_if_due(office.now), "one is waiting"
    run(db.session.execute(text("SELECT id FROM job WHERE kind = 'purge'")).scalar_one(), office.bench)
    office.later(days=1, seconds=-1)
    assert not purge.start_if_due(office.now)
    office.later(seconds=1)

    assert purge.start_if_due(office.now)


def test_keys_that_seal_nothing_any_more_wait_for_two_officers(office, election):
    at(office, 2030, 1)
    certificate = purged(office)

    assert set(certificate.ready) == {"2025-09", "2027-09", "2029-11"}
    assert {one.subject for one in approvals.waiting(office.now)} == set(certificate.ready)
    purged(office)
    assert len(approvals.waiting(office.now)) == 3, "asked for once"


@pytest.fixture
def backup(config, tmp_path):
    """Makes a backup; what it answers restores it, so that its rows can be read: the file, or what was dumped of it."""

    def make():
        if db.engine.dialect.name == "postgresql":
            dumped = {table: rows(table) for table in ("voter", "decision")}
            return dumped.__getitem__
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.rollback()
        shutil.copy(config.instance_dir / "voter_reg.sqlite3", tmp_path / "backup.sqlite3")
        restored = replace(config, database_url=f"sqlite:///{tmp_path / 'backup.sqlite3'}")

        def read(table):
            with Office(restored).open():
                return rows(table)

        return read

    return make


def rows(table):
    ids = "id" if table == "voter" else "election_id || '|' || voter_id"
    found = db.session.execute(text(f"SELECT {ids}, sealed FROM {table}")).all()
    db.session.rollback()
    return [(name, bytes(sealed)) for name, sealed in found]


def test_a_destroyed_key_makes_an_old_backup_unreadable(office, election, config, backup):
    restored = backup()
    at(office, 2030, 1)
    purged(office)
    assert (rows("voter"), rows("decision")) == ([], [])
    (request,) = (one for one in approvals.waiting(office.now) if one.subject == "2029-11")
    with pytest.raises(ApprovalMissing):
        destroy_key(office.vault, office.city, "2029-11", request.id, by=FIRST, now=office.now)
    for officer in (FIRST, SECOND):
        approvals.approve(request.id, by=officer, now=office.now)
    assert [opened(config, restored, table) for table in ("voter", "decision")] == [3, 3], "until the key is destroyed"

    destroy_key(office.vault, office.city, "2029-11", request.id, by=FIRST, now=office.now)

    with pytest.raises(KeyGone):
        opened(config, restored, "voter")
    assert opened(config, restored, "decision") == 3, "another month's"


def opened(config, restored, table):
    """How many rows of a backup open with the keys of the installation, by a process that starts now."""
    vault = open_vault(config.master_key_file, config.keystore_file)
    return len([vault.open(table, name, sealed) for name, sealed in restored(table)])


def test_a_key_that_still_seals_something_is_not_destroyed(office, election):
    for key in ("2029-11", "2027-09"):
        request = approved("destroy-key", key, {}, office.now)
        with pytest.raises(BadInput, match="still seals"):
            destroy_key(office.vault, office.city, key, request, by=FIRST, now=office.now)


def test_approvals_go_after_six_years(office):
    approved("suspend", "somewhere", {}, office.now)
    office.later(days=366 * 6)
    assert purged(office).removed.get("approval", 0) == 0
    office.later(days=8)

    assert purged(office).removed["approval"] == 1
    assert count("approval") == 0
