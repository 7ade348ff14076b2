"""Migrations: they make exactly what the models say, go up and down over data, and are asked for when missing."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tests.laws.in_files import in_job_args
from tests.repository import texts
from tests.voter_reg.town import command
from voter_reg.service.inventory import inventory
from voter_reg.service.work import KINDS
from voter_reg.store import migrate
from voter_reg.store.db import db
from voter_reg.store.models import MODELS

pytestmark = pytest.mark.both_databases


def schema():
    """Every table with its columns, keys and indexes, as the database itself tells it."""
    db.session.remove()
    seen = inspect(db.engine)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)],
            seen.get_pk_constraint(table),
            sorted(map(str, seen.get_foreign_keys(table))),
            sorted(map(str, seen.get_unique_constraints(table))),
            sorted(map(_told, seen.get_indexes(table))),
        )
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def _told(index):
    where = {option: str(value) for option, value in index.get("dialect_options", {}).items()}
    return str((index["name"], index["column_names"], bool(index["unique"]), where))


def test_the_newest_migration_is_what_the_models_say(office):
    with db.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata)

    assert difference == []
    assert len(MODELS) == len(db.metadata.tables)


def test_one_card_one_active_voter_is_held_by_the_database_itself(office):
    found = [_told(index) for index in inspect(db.engine).get_indexes("voter")]

    assert [one for one in found if "['card_index'], True" in one and "'active'" in one]


def test_two_upgrades_at_once_do_the_work_once(office):
    migrate.downgrade("base")
    db.session.remove()
    problems, gate = [], threading.Barrier(2)

    def upgrade():
        with office.app.app_context():
            gate.wait(10)
            try:
                migrate.upgrade()
            except Exception as problem:  # noqa: BLE001 - the test looks at what it was
                problems.append(problem)

    both = [threading.Thread(target=upgrade) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)

    assert problems == []
    assert set(schema()) == set(db.metadata.tables)


def test_down_and_up_again_leaves_the_same_schema(office):
    before = schema()

    migrate.downgrade("base")
    emptied = schema()
    migrate.upgrade()

    assert emptied == {}
    assert schema() == before
    assert set(before) == set(db.metadata.tables)


def test_running_the_migrations_twice_changes_nothing(office):
    office.register("100000000051")
    before = schema()

    migrate.upgrade()

    assert schema() == before
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


# The reviewed list of what stands in clear. A new clear column is added here by hand, or the test below fails: think
# first whether it must be clear, and what it tells a thief of the database.
CLEAR = {
    "draft": {"id", "key_id", "version", "expires_on"},
    "voter": {"id", "state", "split", "week", "key_id", "due", "code_index", "card_index",
              "match_index"},
    "match_key": {"id", "voter_id", "key", "whole"},
    "match": {"id", "newer", "older", "strength", "state", "found_at", "asked_by", "reason", "held", "held_was"},
    "paper": {"id", "draft_id", "voter_id", "position", "key_id", "due", "expires_on"},
    "resume": {"id", "draft_hash", "key_id", "tries", "expires_at"},
    "review": {"id", "voter_id", "way", "state", "opened_at", "due_at", "answer_by", "version", "deciders", "appealed",
               "key_id", "due"},
    "decision": {"election_id", "generation", "voter_id", "key_id", "due"},
    "election": {"id", "day", "pack", "pack_digest", "map_file", "map_digest", "demonstration", "status", "suspended",
                 "generation", "created_at"},
    "polling_place": {"election_id", "precinct", "name", "address", "directions"},
    "roster": {"id", "election_id", "frozen_at", "digest", "voters", "key_id", "due"},
    "roster_block": {"roster_id", "ordinal", "precinct"},
    "job": {"id", "kind", "state", "args", "done", "total", "tries", "problem", "created_at", "touched_at"},
    "letter": {"id", "voter_id", "notice", "made_at", "batch", "printed_at"},
    "approval_request": {"id", "kind", "subject", "args", "reason", "filed_by", "filed_at", "expires_at", "state"},
    "approval": {"request_id", "officer", "at"},
    "authorisation": {"id", "place", "pack_digest", "document", "href", "adopted_on", "retention_document",
                      "retention_approved_on", "recorded_by", "recorded_at"},
    "demand": {"id", "kind", "received_on", "scope", "decision", "decided_by", "records", "people", "told", "key_id",
               "logged_at", "closed_on"},
    "hold": {"id", "demand_id", "scope", "state", "placed_at", "released_at"},
    "purge_certificate": {"id", "at", "month", "removed", "held", "ready", "digest"},
    "log_leaf": {"position", "entry_id"},
    "log_tree": {"id", "size", "hashes", "newest"},
    "log_checkpoint": {"id", "size", "at", "line"},
    "signing_key": {"id", "public"},
    "log_entry": {"id", "at", "actor", "role", "purpose", "action", "subject", "count"},
    "vouching_code": {"code_index", "voter_id", "expires_at", "sworn_mark"},
    "vouching_count": {"mark", "count", "expires_on"},
    "vouching_try": {"id", "at", "code_mark", "word_mark"},
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
    "own_session": {"id", "voter_id", "started_at", "seen_at"},
    "own_attempt": {"id", "at", "mark"},
    "own_code": {"mark", "voter_id", "expires_at"},
}  # fmt: skip


def test_no_column_stands_in_clear_that_was_not_thought_about():
    clear: dict[str, set[str]] = {}
    for field in inventory():
        if field.where == "database" and not field.sealed:
            clear.setdefault(field.store, set()).add(field.field)

    assert clear == CLEAR


JOB_ARGS = {
    "voter", "election", "generation", "roster", "out", "contest", "precinct", "to", "by", "role", "request", "taken",
    "hold", "removed", "notice",
}  # fmt: skip
"""What jobs carry in clear, reviewed likewise."""


def test_no_job_carries_in_clear_what_was_not_thought_about():
    kinds = set(KINDS)

    assert {said.text for said in in_job_args(texts())} - kinds == JOB_ARGS
