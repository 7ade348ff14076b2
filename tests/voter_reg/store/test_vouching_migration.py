"""Migration 0009: the tables of vouching come beside what is there, hold what is put in, and go again."""

import pytest
from sqlalchemy import bindparam, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.voter_reg.town import NOW
from voter_reg.store import migrate
from voter_reg.store.db import Instant, db, transaction

pytestmark = pytest.mark.both_databases
TABLES = {"vouching_code", "vouching_count", "vouching_try"}


def tables():
    db.session.remove()
    return set(inspect(db.engine).get_table_names()) & TABLES


def voters():
    db.session.rollback()
    return db.session.execute(text("SELECT id, state, sealed FROM voter ORDER BY id")).all()


@pytest.fixture
def before(office):
    """The schema before 0009, with a registrant in it."""
    office.register("100000000051")
    found = [tuple(row) for row in voters()]
    db.session.remove()
    migrate.downgrade("0005")
    return found


def at_once(statement):
    """A statement whose `:at` is the present moment, as the models write one."""
    return text(statement).bindparams(bindparam("at", NOW, Instant())) if ":at" in statement else text(statement)


def put_in():
    with transaction() as session:
        session.execute(at_once("INSERT INTO vouching_code VALUES ('i', 'v', :at, NULL)"))
        session.execute(text("INSERT INTO vouching_count VALUES ('m', 8, '2025-11-04')"))
        session.execute(at_once("INSERT INTO vouching_try (at, code_mark, word_mark) VALUES (:at, 'c', 'w')"))


def test_up_adds_the_tables_beside_what_is_there(before):
    assert tables() == set()

    migrate.upgrade()

    assert tables() == TABLES
    assert [tuple(row) for row in voters()] == before


def test_a_code_and_a_count_are_there_once(before):
    migrate.upgrade()
    put_in()

    for again in ("INSERT INTO vouching_code VALUES ('i', 'w', :at, NULL)",
                  "INSERT INTO vouching_count VALUES ('m', 1, '2025-11-04')"):  # fmt: skip
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(at_once(again))


def test_down_takes_them_away_and_leaves_the_rest(before):
    migrate.upgrade()
    put_in()
    db.session.remove()

    migrate.downgrade("0005")

    assert tables() == set()
    assert [tuple(row) for row in voters()] == before
