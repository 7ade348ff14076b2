"""Transactions: whole or not at all, durable on SQLite, and jobs are sent only for what was committed."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from eligibility import BadInput
from tests.voter_reg.town import NOW, Office
from voter_reg.service import jobs
from voter_reg.store import dialect, drafts
from voter_reg.store.db import db, snapshot, transaction
from voter_reg.store.dialect import database_url

both_databases = pytest.mark.both_databases


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


@both_databases
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


@both_databases
def test_a_job_is_sent_after_its_transaction_and_not_before(office):
    with transaction() as session:
        job_id = jobs.enqueue(session, "tag-voter", {"voter": "1"}, NOW)
        assert office.sent == []

    assert office.sent == [("tag-voter", job_id)]


@both_databases
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


@both_databases
def test_instants_come_back_in_utc_and_need_a_zone(office):
    here = datetime(2025, 9, 1, 12, tzinfo=timezone(timedelta(hours=-5)))
    job_id = jobs.create("tag-voter", {}, here, send=False)

    with snapshot() as session:
        kept = session.execute(text("SELECT created_at FROM job")).scalar_one()
        assert str(kept if isinstance(kept, str) else kept.astimezone(UTC)).startswith("2025-09-01 17:00")
    assert jobs.lost(datetime(2025, 9, 1, 17, 1, tzinfo=UTC)) == []
    assert jobs.lost(datetime(2025, 9, 1, 17, 1, 1, tzinfo=UTC)) == [(job_id, "tag-voter")]
    with pytest.raises(Exception, match="needs its zone"):
        jobs.create("tag-voter", {}, datetime(2025, 9, 1), send=False)  # noqa: DTZ001


@both_databases
def test_an_error_of_the_database_does_not_tell_what_was_to_be_stored(office):
    with transaction() as session:
        drafts.add(session, "1", b"secret content", "2030-11", NOW.date())
    with pytest.raises(Exception, match=r"(?i)unique") as failed, transaction() as session:
        drafts.add(session, "1", b"secret content", "2030-11", NOW.date())

    assert "secret content" not in str(failed.value)
    db.session.rollback()


@both_databases
def test_what_is_read_in_one_snapshot_is_of_one_moment(office):
    with snapshot() as session:
        assert drafts.find(session, "late") is None
        writer = threading.Thread(target=add_elsewhere, args=(office, "late"))
        writer.start()
        writer.join(10)
        assert drafts.find(session, "late") is None

    with snapshot() as session:
        assert drafts.find(session, "late") is not None


def add_elsewhere(office, draft_id):
    with office.app.app_context(), transaction() as session:
        drafts.add(session, draft_id, b"x", "2030-11", NOW.date())


@both_databases
def test_two_who_read_and_then_write_do_so_one_after_the_other(office):
    with transaction() as session:
        drafts.add(session, "shared", b"0", "2030-11", NOW.date())
    gate, problems = threading.Barrier(4), []

    def count_up():
        with office.app.app_context():
            gate.wait(10)
            try:
                for _ in range(10):
                    with transaction() as session:
                        sealed, version, _ = drafts.find(session, "shared")
                        time.sleep(0.001)
                        drafts.replace(session, "shared", str(int(sealed) + 1).encode(), "2030-11", version, NOW.date())
            except Exception as problem:  # noqa: BLE001 - the test looks at what it was
                problems.append(problem)

    crowd = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join(60)

    assert problems == []
    with snapshot() as session:
        assert drafts.find(session, "shared")[0] == b"40"


@both_databases
def test_a_write_that_waits_too_long_for_its_turn_fails_whole_and_the_next_one_works(config, monkeypatch):
    monkeypatch.setattr(dialect, "_PRAGMAS", tuple(line.replace("5000", "200") for line in dialect._PRAGMAS))
    monkeypatch.setattr(dialect, "_SESSION", tuple(line.replace("5s", "200ms") for line in dialect._SESSION))
    entered, release = threading.Event(), threading.Event()

    def hold(office):
        with office.app.app_context(), transaction():
            entered.set()
            release.wait(10)

    with Office(config).open() as office:
        holder = threading.Thread(target=hold, args=(office,))
        holder.start()
        entered.wait(5)
        with pytest.raises(OperationalError, match=r"lock"), transaction() as session:
            drafts.add(session, "late", b"x", "2030-11", NOW.date())
        release.set()
        holder.join()
        with transaction() as session:
            assert drafts.find(session, "late") is None
            drafts.add(session, "late", b"x", "2030-11", NOW.date())


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_ended_is_replaced_without_a_word(office, postgresql, database):
    with transaction() as session:
        drafts.add(session, "before", b"x", "2030-11", NOW.date())

    postgresql.end_connections(database["DATABASE_URL"])

    with snapshot() as session:
        assert drafts.find(session, "before") is not None


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgresql://a:b@db/city", "postgresql+psycopg"),
        ("postgres://a:b@db/city", "postgresql+psycopg"),
        ("postgresql+psycopg2://a:b@db/city", "postgresql+psycopg"),
        ("sqlite:///city.sqlite3", "sqlite"),
    ],
)
def test_a_database_is_reached_by_the_driver_that_is_here(given, driver):
    assert database_url(given).drivername == driver


@pytest.mark.parametrize("given", ["mysql://a:secret@db/city", "secret", "", "oracle+x://secret"])
def test_another_database_is_refused_without_showing_its_password(given):
    with pytest.raises(BadInput, match="VOTER_REG_DATABASE_URL") as refused:
        database_url(given)

    assert "secret" not in str(refused.value)
