"""The access log in the database: no gap, no change, signed as it was, and it says who looked."""

import threading
from datetime import UTC, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from eligibility import BadInput
from tests.voter_reg.officers import CLERK
from tests.voter_reg.town import DAY, Office, card, command
from voter_reg.service import audit, elections, exports, jobs, rosters
from voter_reg.service.access_log import log_bulk
from voter_reg.service.replay import replay_kept
from voter_reg.service.shelf import open_on
from voter_reg.service.who_looked import who_looked
from voter_reg.service.work import run
from voter_reg.store import log as store
from voter_reg.store.db import db, snapshot, transaction
from voter_reg.vault.log_file import DoesNotVerify, verify_log
from voter_reg.vault.merkle import leaf_hash, root_of

ELECTION = "minneapolis-2025-11-04"


def add(office, count=1, subject="here"):
    with transaction() as session:
        for _ in range(count):
            log_bulk(session, CLERK, "test", "look", subject, 1, office.now)


def places():
    db.session.rollback()
    return db.session.execute(text("SELECT position, entry_id FROM log_leaf ORDER BY position")).all()


def tampered(statement):
    """Change rows as someone would who has the database: triggers off first."""
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            for table in ("log_entry", "log_leaf"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(statement))


def test_every_entry_gets_one_place_without_a_gap(office):
    add(office, 5)
    assert (audit.sequence(), audit.sequence()) == (5, 0)
    add(office, 3)
    audit.sequence()

    assert [position for position, _ in places()] == list(range(8))
    assert len({entry for _, entry in places()}) == 8


def test_the_trees_root_is_that_of_its_leaves(office):
    for count in (1, 2, 4, 6):
        add(office, count)
        audit.sequence()
        with snapshot() as session:
            leaves = list(store.leaves(session, 100))
            assert store.frontier(session).root() == root_of(map(leaf_hash, leaves))


def test_two_sequencers_at_once_leave_one_order(office):
    add(office, 300)

    def work():
        with office.app.app_context():
            audit.sequence()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [position for position, _ in places()] == list(range(300))
    audit.checkpoint(office.vault, office.now)


def test_an_entry_of_a_transaction_that_took_long_is_not_lost(office):
    add(office, 3)
    with transaction() as session:  # the second entry commits after the third has its place
        audit_rows = session.execute(text("SELECT id FROM log_entry ORDER BY id")).scalars().all()
        session.execute(text(f"INSERT INTO log_leaf VALUES (0, {audit_rows[0]}), (1, {audit_rows[2]})"))
        rows = store.every(session)
        grown = store.Frontier().grown([leaf_hash(rows[0].leaf()), leaf_hash(rows[2].leaf())])
        values = {"size": 2, "hashes": [one.hex() for one in grown.hashes], "newest": audit_rows[2]}
        session.add(store.TreeRow(id=1, **values))

    assert audit.sequence() == 1
    assert [entry for _, entry in places()] == [audit_rows[0], audit_rows[2], audit_rows[1]]
    audit.checkpoint(office.vault, office.now)


def test_a_checkpoint_is_made_once_for_a_state_and_hourly_when_it_grew(office):
    assert audit.checkpoint_if_due(office.vault, office.now) is None
    add(office)
    audit.sequence()
    first = audit.checkpoint_if_due(office.vault, office.now)
    assert first.size == 1
    assert audit.checkpoint(office.vault, office.now) == first
    add(office)
    audit.sequence()
    office.later(minutes=59)
    assert audit.checkpoint_if_due(office.vault, office.now) is None
    office.later(minutes=1)

    assert audit.checkpoint_if_due(office.vault, office.now).size == 2


def test_a_clock_set_back_does_not_make_an_older_checkpoint(office):
    add(office)
    first = audit.checkpoint(office.vault, office.now)
    add(office)

    assert audit.checkpoint(office.vault, office.now - timedelta(days=400)).at == first.at == office.now.astimezone(UTC)


@pytest.mark.parametrize("table", ["log_entry", "log_leaf", "log_checkpoint", "signing_key"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_itself_refuses_a_change(office, table, statement):
    add(office)
    audit.checkpoint(office.vault, office.now)
    column = "position" if table == "log_leaf" else "id"

    with pytest.raises(DatabaseError, match="never changed"), transaction() as session:
        session.execute(text(statement.format(table, column, column)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_entry SET actor = 'staff:nobody' WHERE id = 2",
        "UPDATE log_entry SET count = 7 WHERE id = 2",
        "DELETE FROM log_leaf WHERE position = 1",
        "DELETE FROM log_leaf WHERE position = 2",
        "UPDATE log_leaf SET position = position + 10",
        "UPDATE log_tree SET size = 2",
    ],
)
def test_what_was_changed_past_the_locks_is_found_at_the_next_checkpoint(office, statement):
    add(office, 3)
    audit.checkpoint(office.vault, office.now)
    tampered(statement)
    add(office)

    with pytest.raises((DoesNotVerify, DatabaseError)):
        audit.checkpoint(office.vault, office.now)


def test_the_exported_log_verifies_against_every_checkpoint_that_was_kept(office, config, tmp_path):
    kept = []
    for number in range(3):
        add(office, number + 1)
        path = tmp_path / f"kept-{number}"
        path.write_bytes(audit.checkpoint(office.vault, office.now).line() + b"\n")
        kept.append(path)
    (tmp_path / "key").write_text(command("audit", "key", config=config).out)

    audit.export(office.vault, tmp_path / "log", office.now)

    found = verify_log(tmp_path / "log", kept, tmp_path / "key")
    assert (found.leaves, found.key_given) == (6, True)
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadInput, match="there already"):
        audit.export(office.vault, tmp_path / "log", office.now)
    with pytest.raises(BadInput, match="parent"):
        audit.export(office.vault, tmp_path / "nowhere" / "log", office.now)


def test_an_export_that_is_cut_short_leaves_nothing(office, tmp_path, monkeypatch):
    add(office)
    monkeypatch.setattr(audit, "write_log", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))

    with pytest.raises(OSError, match="No space"):
        audit.export(office.vault, tmp_path / "log", office.now)
    assert list(tmp_path.glob("*log*")) == []


def test_the_log_of_a_whole_line_of_work_holds_no_ones_data(office, town_map, tmp_path):
    elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    office.register(card(1), name="Quetzalcoatlina Xylophagius")
    rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)
    audit.export(office.vault, tmp_path / "log", office.now)

    content = (tmp_path / "log").read_text()
    assert [word for word in ("Quetzal", "1990", "OAK", card(1), "2015") if word in content] == []
    assert '"role":"clerk"' in content


class TestWhoLooked:
    @pytest.fixture
    def voter(self, office, town_map):
        elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
        office.later(minutes=1)
        office.register(card(1))
        for _, job_id in office.sent:
            run(job_id, office.bench)
        return db.session.execute(text("SELECT id FROM voter")).scalar_one()

    def test_it_says_who_read_this_record_and_the_lists_that_held_it(self, office, voter, tmp_path):
        office.later(minutes=1)
        frozen = rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)
        replay_kept(office.vault, office.shelf, ELECTION, voter, by=CLERK, now=office.now)
        job = jobs_export(office, frozen.id, tmp_path / "out")
        assert job == "done"

        looks = who_looked(office.vault, voter, by=CLERK, now=office.now)

        said = [(look.role, str(look.what).split(".")[0], look.many) for look in looks]
        assert ("resident", "You registered", False) in said
        assert ("clerk", "Someone had the program work out your contests again, to check them", False) in said
        assert ("clerk", "The list of voters was written for the polling places", True) in said
        assert ("clerk", "Someone asked who had looked at this record", False) in said
        assert "staff:" not in str(looks)

    def test_what_was_before_them_and_what_is_of_others_is_not_theirs(self, office, voter):
        office.register(card(2))
        other = next(one for one in db.session.execute(text("SELECT id FROM voter")).scalars() if one != voter)
        replay_kept(office.vault, office.shelf, ELECTION, voter, by=CLERK, now=office.now)

        looks = who_looked(office.vault, other, by=CLERK, now=office.now)

        assert [look.what for look in looks if "again" in str(look.what)] == []
        assert all(look.at >= office.now for look in looks)

    def test_at_the_command_line(self, office, voter, config):
        told = command("audit", "who", voter, config=config)

        assert (told.code, "You registered." in told.out) == (0, True)


def jobs_export(office, roster, out):
    wanted = exports.Export(roster, out)
    job_id = jobs.create("export-roster", wanted.as_args(CLERK), office.now, send=False)
    run(job_id, office.bench)
    return jobs.find(job_id).state


OPENS = {"voter", "decision", "roster-block", "demand"}


def test_nothing_is_opened_before_its_entry_is_committed(office, town_map, tmp_path, config, monkeypatch):
    """Law 4, seen from another connection: at the first opening of each use case its entry is already there."""
    elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    office.register(card(1))
    voter = db.session.execute(text("SELECT id FROM voter")).scalar_one()
    seen, real = [], type(office.vault).open

    def spy(vault, kind, row_id, sealed):
        if kind in OPENS:
            with Office(config).open() as other:
                other.app.extensions["voter_reg_send"] = lambda *_: None
                seen.append((kind, db.session.execute(text("SELECT count(*) FROM log_entry")).scalar_one()))
        return real(vault, kind, row_id, sealed)

    def entries():
        db.session.rollback()
        return db.session.execute(text("SELECT count(*) FROM log_entry")).scalar_one()

    def checked(work):
        before = entries()
        seen.clear()
        with monkeypatch.context() as watching:
            watching.setattr(type(office.vault), "open", spy)
            result = work()
        assert seen, "it opened something"
        assert all(count > before for _, count in seen), seen
        return result

    frozen = checked(lambda: rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now))
    checked(lambda: replay_kept(office.vault, office.shelf, ELECTION, voter, by=CLERK, now=office.now))
    assert checked(lambda: jobs_export(office, frozen.id, tmp_path / "out")) == "done"
    assert open_on(office.shelf, ELECTION).id == ELECTION
