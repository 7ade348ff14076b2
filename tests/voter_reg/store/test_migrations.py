"""Migrations: they make exactly what the models say, go up and down over data, and are asked for when missing."""

import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tests.voter_reg.town import command
from voter_reg.store import migrate
from voter_reg.store.db import db
from voter_reg.store.models import MODELS


def schema(config):
    with closing(sqlite3.connect(config.instance_dir / "voter_reg.sqlite3")) as connection:
        return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_the_newest_migration_is_what_the_models_say(office):
    with db.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata)

    assert difference == []
    assert len(MODELS) == len(db.metadata.tables) == 17


def test_down_and_up_again_leaves_the_same_schema(office, config):
    before = schema(config)

    migrate.downgrade("base")
    emptied = schema(config)
    migrate.upgrade()

    assert {name for _, name, _ in emptied} & set(db.metadata.tables) == set()
    assert schema(config) == before


def test_running_the_migrations_twice_changes_nothing(office, config):
    office.register("100000000051")
    before = schema(config)

    migrate.upgrade()

    assert schema(config) == before
    assert db.session.execute(db.text("SELECT count(*) FROM voter")).scalar_one() == 1


def test_a_database_that_is_behind_is_told_with_exit_1_and_work_is_refused(office, config):
    assert command("db", "check", config=config).code == 0
    migrate.downgrade("base")
    db.session.remove()

    behind = command("db", "check", "--json", config=config)
    work = command("roster", "list", config=config)

    assert (behind.code, behind.json["current"]) == (1, False)
    assert (work.code, "voter-reg db upgrade" in work.err) == (2, True)
    assert command("db", "upgrade", config=config).code == 0
    assert command("db", "check", config=config).code == 0


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_table_can_be_said_in_postgresql(model):
    said = [str(CreateTable(model.__table__).compile(dialect=postgresql.dialect()))]
    said += [str(CreateIndex(index).compile(dialect=postgresql.dialect())) for index in model.__table__.indexes]

    assert all(said)
    if model.__tablename__ == "voter":
        assert any("WHERE state = 'active'" in line for line in said)


CLEAR = {
    "draft": {"id", "key_id", "version", "expires_on"},
    "voter": {"id", "state", "split", "week", "key_id", "code_index", "card_index", "match_index"},
    "decision": {"election_id", "generation", "voter_id"},
    "election": {"id", "day", "pack", "pack_digest", "map_file", "map_digest", "demonstration", "status", "generation",
                 "created_at"},
    "roster": {"id", "election_id", "frozen_at", "digest", "voters", "key_id"},
    "roster_block": {"roster_id", "ordinal", "precinct"},
    "job": {"id", "kind", "state", "args", "done", "total", "problem", "created_at", "touched_at"},
    "staff_account": {"id", "name", "roles", "state", "password_hash", "totp_step", "stranger_failures",
                      "familiar_failures", "factor_failures", "created_at", "disabled_at"},
    "staff_passkey": {"id", "account_id", "public_key", "sign_count", "label", "added_at"},
    "staff_recovery_code": {"id", "account_id"},
    "staff_link": {"id", "account_id", "purpose", "issued_by", "issued_at", "expires_at", "nonce_hash"},
    "staff_session": {"id", "account_id", "started_at", "seen_at", "confirmed_at"},
    "staff_ticket": {"id", "account_id", "expires_at"},
    "staff_challenge": {"holder", "challenge", "expires_at"},
    "staff_attempt": {"id", "at", "kind", "account_mark", "source_mark", "familiar"},
    "staff_familiar": {"mark", "seen_at"},
    "log_entry": {"id", "at", "actor", "purpose", "action", "subject", "count"},
}  # fmt: skip


def test_no_column_stands_in_clear_that_was_not_thought_about():
    columns = {model.__tablename__: {c.name for c in model.__table__.columns} - {"sealed"} for model in MODELS}

    assert columns == CLEAR
