"""Jobs whose process is killed in the middle: run again they finish, and nothing is lost, doubled or half in use."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from textwrap import dedent

import pytest
from sqlalchemy import text

from tests.repository import ROOT
from tests.voter_reg.town import CLERK, DAY, Office, card, command, install
from voter_reg.service import elections, jobs, rosters
from voter_reg.service.exports import Export
from voter_reg.service.jobs import SILENT
from voter_reg.service.work import EXPORT_ROSTER, TAG_ELECTION, run
from voter_reg.store.db import db

pytestmark = [pytest.mark.slow, pytest.mark.both_databases]
ELECTION = "minneapolis-2025-11-04"
VOTERS = 60


@pytest.fixture
def office(tmp_path, town_map, database):
    with Office(
        install(tmp_path / "instance", town_map, **database), datetime.now(UTC).replace(year=2025, month=9)
    ).open() as office:
        elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
        for number in range(VOTERS):
            office.register(card(number), split="ABC"[number % 3] + f"-{number % 2 + 1}", name=f"Voter {number}")
        yield office


def start_and_kill(office, job_id, patch, reached):
    """Run a job in a process of its own, slowed down by `patch`, and kill it as soon as `reached`."""
    program = dedent("""
        import os, sys, time
        from voter_reg.back_room import create_back_room
        from voter_reg.config import Config
        from voter_reg.service import exports, tagging, work
        {patch}
        app, bench, _ = create_back_room(Config.from_env(os.environ))
        with app.app_context():
            work.run({job_id}, bench)
    """).format(patch=patch, job_id=job_id)
    environ = {"PATH": os.environ["PATH"], "VOTER_REG_INSTANCE_DIR": str(office.config.instance_dir)}
    process = subprocess.Popen([sys.executable, "-c", program], env=environ, cwd=ROOT)
    try:
        ends = time.monotonic() + 30
        while not reached():
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < ends
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait(10)
    assert process.returncode == -signal.SIGKILL


def number(query):
    db.session.rollback()
    return db.session.execute(text(query)).scalar_one()


def again(office, job_id):
    """What the sweep leads to once the job has been silent for long enough."""
    office.now = datetime.now(UTC) + 2 * SILENT
    assert [found for found, _ in jobs.lost(office.now) if found == job_id]
    run(job_id, office.bench)
    return jobs.find(job_id)


def test_tagging_goes_on_where_it_was_killed(office):
    job_id = jobs.create(TAG_ELECTION, {"election": ELECTION}, office.now, send=False)
    slowly = "tagging._CHUNK = 5; real = tagging.voters.untagged\n" + dedent("""
        def untagged(*args):
            time.sleep(0.05)
            return real(*args)
        tagging.voters.untagged = untagged
    """)

    start_and_kill(office, job_id, slowly, lambda: number("SELECT count(*) FROM decision") >= 10)

    tagged = number("SELECT count(*) FROM decision WHERE generation = 2")
    before = db.session.execute(text("SELECT voter_id, sealed FROM decision WHERE generation = 2")).all()
    assert 10 <= tagged < VOTERS
    assert jobs.find(job_id).done == tagged
    assert number("SELECT generation FROM election") == 1
    assert not jobs.claim(job_id, office.now), "whoever may still be alive keeps the job for a while"

    job = again(office, job_id)

    assert (job.state, job.done, job.total) == ("done", VOTERS, VOTERS)
    assert number("SELECT generation FROM election") == 2
    assert number("SELECT count(*) FROM decision") == VOTERS
    kept = dict(db.session.execute(text("SELECT voter_id, sealed FROM decision")).all())
    assert all(kept[voter] == sealed for voter, sealed in before), "what was done is not done again"


def test_a_kill_between_the_switch_and_the_tidying_is_tidied_later(office):
    for job_id in [job_id for _, job_id in office.sent]:
        run(job_id, office.bench)
    job_id = jobs.create(TAG_ELECTION, {"election": ELECTION}, office.now, send=False)
    stopped = "tagging._removed_older = lambda *args: time.sleep(60)"

    start_and_kill(office, job_id, stopped, lambda: number("SELECT generation FROM election") == 2)
    assert number("SELECT count(*) FROM decision") == 2 * VOTERS

    assert again(office, job_id).state == "done"
    assert number("SELECT count(*) FROM decision") == VOTERS
    assert number("SELECT generation FROM election") == 2


def export_job(office, out):
    rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)
    args = Export(f"{ELECTION}-r1", out).as_args(CLERK)
    return jobs.create(EXPORT_ROSTER, args, office.now, send=False)


def test_a_killed_export_shows_nothing_and_run_again_leaves_only_what_is_whole(office, tmp_path):
    out = tmp_path / "out"
    job_id = export_job(office, out)
    slowly = "real = exports._write_book\n" + dedent("""
        def write(*args):
            time.sleep(0.05)
            return real(*args)
        exports._write_book = write
    """)

    def half_written():
        return any(len(list(part.iterdir())) > 3 for part in tmp_path.glob(".out.*"))

    start_and_kill(office, job_id, slowly, half_written)
    assert not out.exists()

    job = again(office, job_id)

    assert (job.state, job.done) == ("done", 18)
    assert list(tmp_path.glob(".out.*")) == []
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert sorted(entry["path"] for entry in manifest["files"]) == sorted(
        path.name for path in out.iterdir() if path.name != "manifest.json"
    )


def test_an_export_killed_after_its_last_file_is_not_a_failure(office, tmp_path):
    out = tmp_path / "out"
    job_id = export_job(office, out)
    stopped = "from voter_reg.service.jobs import Progress; Progress.finish = lambda *args: time.sleep(60)"

    start_and_kill(office, job_id, stopped, out.exists)
    before = (out / "manifest.json").read_bytes()

    assert (again(office, job_id).state, jobs.find(job_id).done) == ("done", 18)
    assert (out / "manifest.json").read_bytes() == before


def test_a_process_killed_in_mid_transaction_leaves_the_database_whole(office):
    job_id = jobs.create(TAG_ELECTION, {"election": ELECTION}, office.now, send=False)
    stopped = "import pathlib\n" + dedent("""
        def stop(session, rows):
            real(session, rows)
            pathlib.Path(os.environ["VOTER_REG_INSTANCE_DIR"], "here").touch()
            time.sleep(60)
        real = tagging.voters.add_decisions
        tagging.voters.add_decisions = stop
    """)

    start_and_kill(office, job_id, stopped, (office.config.instance_dir / "here").exists)

    assert number("SELECT count(*) FROM decision") == 0
    if db.engine.dialect.name == "sqlite":
        assert number("PRAGMA integrity_check") == "ok"
    assert office.register(card(1000)).public_state == "registered"
    assert again(office, job_id).state == "done"
    assert number("SELECT count(*) FROM decision") == VOTERS + 1
    assert command("db", "check", config=office.config).code == 0
