"""Transactions: whole or not at all, durable on SQLite, and jobs are sent only for what was committed."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from tests.voter_reg.town import NOW
from voter_reg.service import jobs
from voter_reg.store import drafts
from voter_reg.store.db import db, snapshot, transaction


def pragma(name):
    with snapshot() as session:
        return session.execute(text(f"PRAGMA {name}")).scalar_one()


def test_sqlite_is_durable_patient_and_wipes_what_it_deletes(office):
    settings = {name: pragma(name) for name in ("journal_mode", "synchronous", "busy_timeout", "secure_delete")}

    assert settings == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "secure_delete": 1}


def test_the_database_file_is_for_its_owner_alone(office, config):
    files = list(config.instance_dir.glob("voter_reg.sqlite3*"))

    assert files
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_a_transaction_that_fails_leaves_nothing_and_sends_nothing(office):
    def work():
        with transaction() as session:
            drafts.add(session, "1", b"x", "2030-11", NOW.date())
            jobs.enqueue(session, "tag-voter", {"voter": "1"}, NOW)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        work()

    with snapshot() as session:
        assert drafts.find(session, "1") is None
    assert office.sent == []
    assert jobs.lost(NOW + timedelta(days=1)) == []


def test_a_job_is_sent_after_its_transaction_and_not_before(office):
    with transaction() as session:
        job_id = jobs.enqueue(session, "tag-voter", {"voter": "1"}, NOW)
        assert office.sent == []

    assert office.sent == [("tag-voter", job_id)]


def test_a_second_writer_waits_instead_of_losing_its_work(office):
    entered, release = threading.Event(), threading.Event()

    def slow():
        with office.app.app_context(), transaction() as session:
            drafts.add(session, "slow", b"x", "2030-11", NOW.date())
            entered.set()
            release.wait(5)

    writer = threading.Thread(target=slow)
    writer.start()
    entered.wait(5)
    threading.Timer(0.2, release.set).start()
    with transaction() as session:  # reads and then writes, which a deferred transaction could not do here
        assert drafts.find(session, "slow") is not None
        drafts.add(session, "quick", b"x", "2030-11", NOW.date())
    writer.join()


def test_instants_come_back_in_utc_and_need_a_zone(office):
    here = datetime(2025, 9, 1, 12, tzinfo=timezone(timedelta(hours=-5)))
    job_id = jobs.create("tag-voter", {}, here, send=False)

    with snapshot() as session:
        assert session.execute(text("SELECT created_at FROM job")).scalar_one().startswith("2025-09-01 17:00")
    assert jobs.lost(datetime(2025, 9, 1, 17, 1, tzinfo=UTC)) == []
    assert jobs.lost(datetime(2025, 9, 1, 17, 1, 1, tzinfo=UTC)) == [(job_id, "tag-voter")]
    with pytest.raises(Exception, match="needs its zone"):
        jobs.create("tag-voter", {}, datetime(2025, 9, 1), send=False)  # noqa: DTZ001


def test_an_error_of_the_database_does_not_tell_what_was_to_be_stored(office):
    with transaction() as session:
        drafts.add(session, "1", b"secret content", "2030-11", NOW.date())
    with pytest.raises(Exception, match="UNIQUE") as failed, transaction() as session:
        drafts.add(session, "1", b"secret content", "2030-11", NOW.date())

    assert "secret content" not in str(failed.value)
    db.session.rollback()
