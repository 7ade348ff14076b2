"""Demands, holds, purges and suspension at the command line: what it files, what it refuses, how it ends."""

import json
import signal
import subprocess
import sys
import time

import pytest

from eligibility import load_pack
from tests.voter_reg.officers import AUTHORISATION, COUNSEL, FIRST, SECOND, live_pack
from tests.voter_reg.town import DAY, Office, command
from voter_reg.back_room import utc_now
from voter_reg.service import approvals, demands, elections, publishing

ELECTION = "minneapolis-2025-11-04"
LOG = ("demand", "log", "--kind", "subpoena", "--received", "2025-09-01", "--from", "A Bureau", "--says", "All of it.")


@pytest.fixture
def run(config):
    return lambda *args: command(*args, config=config)


@pytest.fixture
def election(run, town_map):
    made = run("election", "create", "--pack", "minneapolis", "--map", str(town_map), "--on", DAY.isoformat())
    assert made.code == 0, made.err
    return ELECTION


def approve(config, request_id):
    with Office(config).open():
        for officer in (FIRST, SECOND):
            approvals.approve(request_id, by=officer, now=utc_now())


def test_polling_places_are_named_from_a_file_and_listed(run, election, tmp_path):
    file = tmp_path / "places.csv"
    lines = [f"{row}-{column},School {row}{column},1 Main St" for row in "ABC" for column in (1, 2, 3)]
    file.write_text("\n".join(["precinct,name,address", *lines]))

    assert run("election", "polling-places", election).out.split() == ["precinct", "name", "address", "directions"]
    assert (
        run("election", "polling-places", election, str(file)).out == f"{election}: 9 precincts have a polling place\n"
    )
    listed = run("election", "polling-places", election, "--json").out.splitlines()
    assert json.loads(listed[4]) == {"precinct": "B-2", "name": "School B2", "address": "1 Main St", "directions": ""}

    file.write_text("\n".join(["precinct,name,address", *lines[1:]]))
    refused = run("election", "polling-places", election, str(file))
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == f"precinct A-1: has no polling place in {election}\n"
    gone = run("election", "polling-places", election, str(tmp_path / "none.csv"))
    assert (gone.code, gone.err.count("\n")) == (2, 1)
    assert run("election", "polling-places", "nowhere-2025-11-04", str(file)).code == 2


def test_suspending_files_a_request_and_runs_once_it_is_approved(run, config, election):
    asked = run("election", "suspend", election, "--reason", "A court has ruled.")
    assert (asked.code, "--request q-00001" in asked.err, asked.out) == (1, True, "")
    assert run("request", "list", "--json").json["kind"] == "suspend"
    early = run("election", "suspend", election, "--request", "q-00001")
    assert (early.code, "two officers" in early.err) == (1, True)

    approve(config, "q-00001")

    assert run("election", "suspend", election, "--request", "q-00001").out == f"{election}: suspended\n"
    assert run("election", "show", election, "--json").json["suspended"] is True
    assert run("roster", "freeze", election).code == 1
    assert run("request", "list").out.count("q-") == 0


@pytest.mark.parametrize(
    "args", [("election", "suspend", ELECTION), ("election", "resume", ELECTION), ("demand", "release", "h-00001")]
)
def test_a_request_without_a_reason_is_bad_use(run, election, args):
    ended = run(*args)

    assert (ended.code, ended.err.count("\n"), "--reason" in ended.err) == (2, 1, True)


def test_a_demand_is_entered_held_released_and_reported(run, config, election):
    logged = run(*LOG, "--scope", "everything", "--json")
    assert (logged.json["hold"], logged.json["hold_state"]) == ("h-00001", "placing")
    assert "A Bureau" not in run("demand", "list").out
    asked = run("demand", "release", "h-00001", "--reason", "Withdrawn.")
    assert (asked.code, "q-00001" in asked.err) == (1, True)
    approve(config, "q-00001")
    undecided = run("demand", "release", "h-00001", "--request", "q-00001")
    assert (undecided.code, "counsel" in undecided.err) == (2, True)
    with Office(config).open():
        demands.decide("d-00001", "comply-in-part", by=COUNSEL, now=utc_now())
    assert run("demand", "disclosed", "d-00001", "--records", "3", "--people", "2").code == 0
    assert run("demand", "told", "d-00001", "yes").code == 0
    assert run("demand", "release", "h-00001", "--request", "q-00001").code == 0

    report = run("demand", "report", "2025", "--json").json
    assert (report["records"], report["people"], report["kinds"]["subpoena"], report["told"]["yes"]) == (3, 2, 1, 1)
    page = run("demand", "report", "2025").out
    assert "received **1** in 2025" in page
    assert "A Bureau" not in page
    assert "| comply in part | 1 |" in page
    assert run("demand", "report", "2024").out.count("|") == 0


@pytest.mark.parametrize(
    "args",
    [(*LOG, "--scope", "all"), (*LOG, "--scope", "election:nowhere"), ("demand", "told", "d-00009", "yes"),
     ("demand", "told", "d-00001", "maybe"), ("demand", "close", "d-00009"), ("demand", "report", "99"),
     ("election", "publish", "nowhere"), ("demand", "release", "h-00009", "--request", "q-00001")],
)  # fmt: skip
def test_bad_use_ends_with_2_and_one_line(run, election, args):
    ended = run(*args)

    assert (ended.code, ended.err.count("\n"), ended.out) == (2, 1, "")


def test_a_purge_prints_its_certificate_and_lists_the_earlier_ones(run, election):
    first = run("purge", "--json")
    assert (first.code, first.json["certificate"], first.json["removed"]) == (0, 1, {})
    assert "removed: nothing" in run("purge").out

    assert run("purge", "--list").out.count("certificate") == 2


def test_publishing_a_live_election_asks_two_officers_and_names_what_is_missing(run, config, town_map, tmp_path):
    pack = live_pack(tmp_path / "live")
    create = ("election", "create", "--pack", pack, "--map", str(town_map), "--on", DAY.isoformat())
    refused = run(*create)
    assert (refused.code, "authorisation" in refused.err) == (1, True)
    with Office(config).open() as office:
        publishing.authorise(load_pack(pack), AUTHORISATION, by=COUNSEL, now=office.now)
    assert run(*create).code == 0
    asked = run("election", "publish", ELECTION, "--reason", "Adopted.")
    assert (asked.code, "q-00001" in asked.err) == (1, True)
    approve(config, "q-00001")

    stale = run("election", "publish", ELECTION, "--request", "q-00001")

    assert (stale.code, "more than 90 days ago" in stale.err) == (1, True), "today is long after August 2025"
    with Office(config).open():
        assert elections.every()[0].status == "open"


def test_beat_sweeps_and_ends_at_a_term(config):
    environ = {"VOTER_REG_INSTANCE_DIR": str(config.instance_dir), "PATH": "/usr/bin"}
    running = subprocess.Popen([sys.executable, "-m", "voter_reg", "beat"], env=environ, stderr=subprocess.PIPE)
    try:
        ends = time.monotonic() + 20
        while not list((config.broker_dir / "queue").glob("*")):
            assert time.monotonic() < ends
            assert running.poll() is None, running.stderr.read()
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
    finally:
        running.kill()
        running.wait()
        running.stderr.close()
