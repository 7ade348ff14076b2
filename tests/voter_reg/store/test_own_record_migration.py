"""Migration 0007: the tables of own records come and go beside the voters, and whoever left is on no list after it."""

import sqlite3
from contextlib import closing

import pytest

from tests.voter_reg.town import card
from voter_reg.store import migrate
from voter_reg.store.db import db

TABLES = {"own_session", "own_attempt", "own_code"}
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


def test_down_and_up_with_registrants_in_it(office, rows):
    for number in (1, 2):
        office.register(card(number))
    (first,), (second,) = rows("SELECT id FROM voter ORDER BY id")
    rows("INSERT INTO own_session VALUES ('s', ?, ?, ?)", first, MOMENT, MOMENT)
    rows("UPDATE voter SET state = 'left' WHERE id = ?", second)
    sealed = rows("SELECT id, sealed FROM voter ORDER BY id")
    db.session.remove()

    migrate.downgrade("0005")
    assert tables(rows) == set()
    assert rows("SELECT id, sealed FROM voter ORDER BY id") == sealed, "a legal hold may keep who left"
    assert rows("SELECT state FROM voter WHERE id = ?", second) == [("held",)]

    migrate.upgrade()
    assert tables(rows) == TABLES
    assert rows("SELECT count(*) FROM own_session") == [(0,)]


def test_a_session_ends_with_its_record_and_needs_one(office, rows):
    office.register(card(1))
    ((voter,),) = rows("SELECT id FROM voter")
    rows("INSERT INTO own_session VALUES ('s', ?, ?, ?)", voter, MOMENT, MOMENT)
    rows("INSERT INTO own_code VALUES ('m', ?, ?)", voter, MOMENT)
    with pytest.raises(sqlite3.IntegrityError):
        rows("INSERT INTO own_session VALUES ('t', 'nobody', ?, ?)", MOMENT, MOMENT)

    rows("DELETE FROM voter")
    assert rows("SELECT count(*) FROM own_session") == rows("SELECT count(*) FROM own_code") == [(0,)]
