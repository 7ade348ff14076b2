"""Migration 0003: the tables of staff come without touching what is there, hold what is put in, and go again."""

import sqlite3
from contextlib import closing

import pytest

from voter_reg.store import migrate
from voter_reg.store.db import db

TABLES = {
    "staff_account", "staff_passkey", "staff_recovery_code", "staff_link", "staff_session", "staff_ticket",
    "staff_challenge", "staff_attempt", "staff_familiar",
}  # fmt: skip
MOMENT = "2025-09-01 17:00:00.000000"


@pytest.fixture
def rows(config):
    def run(statement, *values):
        with closing(sqlite3.connect(config.instance_dir / "voter_reg.sqlite3")) as connection:
            connection.execute("PRAGMA foreign_keys=ON")
            with connection:
                return connection.execute(statement, values).fetchall()

    return run


def tables(rows):
    return {name for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")} & TABLES


def add_account(rows, account_id="1", name="amira"):
    rows(
        "INSERT INTO staff_account (id, name, roles, state, totp_step, stranger_failures, familiar_failures, "
        "factor_failures, created_at) VALUES (?, ?, 'clerk', 'invited', 0, 0, 0, 0, ?)",
        account_id, name, MOMENT,
    )  # fmt: skip


@pytest.fixture
def before(office, rows):
    """The schema before 0003, with a job and a log entry in it."""
    migrate.downgrade("0001")
    db.session.remove()
    rows("INSERT INTO job VALUES (1, 'tag-voter', 'queued', '{}', 0, 0, '', ?, ?)", MOMENT, MOMENT)
    rows("INSERT INTO log_entry VALUES (1, ?, 'staff:x', 'registration', 'a', 's', 1)", MOMENT)
    return rows


def test_up_adds_the_tables_beside_what_is_there(before):
    assert tables(before) == set()

    migrate.upgrade()

    assert tables(before) == TABLES
    assert before("SELECT kind FROM job") == [("tag-voter",)]
    assert before("SELECT action FROM log_entry") == [("a",)]


def test_a_name_is_unique_and_what_belongs_to_an_account_needs_one(before):
    migrate.upgrade()
    add_account(before)

    with pytest.raises(sqlite3.IntegrityError):
        add_account(before, "2")
    before("INSERT INTO staff_passkey VALUES ('1', 'k', x'00', 4294967295, 'key', ?)", MOMENT)
    with pytest.raises(sqlite3.IntegrityError):
        before("INSERT INTO staff_recovery_code VALUES ('nobody', 'c')")


def test_down_takes_accounts_away_and_leaves_the_rest(before):
    migrate.upgrade()
    add_account(before)
    before("INSERT INTO staff_recovery_code VALUES ('1', 'c')")
    db.session.remove()

    migrate.downgrade("0001")

    assert tables(before) == set()
    assert before("SELECT kind FROM job") == [("tag-voter",)]
    migrate.upgrade()
    assert before("SELECT count(*) FROM staff_account") == [(0,)]
