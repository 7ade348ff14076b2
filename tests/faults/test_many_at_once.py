"""Many at once: one card makes one voter, one draft one registration, whoever is faster."""

import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from textwrap import dedent

import pytest
from sqlalchemy import text

from tests.repository import ROOT
from tests.voter_reg.town import CLERK, DAY, Office, Registry, card, install
from voter_reg.service import drafts, elections, jobs, rosters
from voter_reg.service.work import TAG_ELECTION, run
from voter_reg.store import voters
from voter_reg.store.db import db, snapshot

pytestmark = pytest.mark.both_databases
CROWD = 20


@pytest.fixture
def office(tmp_path, town_map, database):
    with Office(install(tmp_path / "instance", town_map, **database)).open() as office:
        yield office


def states():
    db.session.rollback()
    return Counter(db.session.execute(text("SELECT state FROM voter")).scalars())


def all_at_once(office, works):
    """Run each work in a thread of its own, all let go at one moment; what they gave or raised."""
    gate, outcomes = threading.Barrier(len(works)), []

    def run(work):
        with office.app.app_context():
            gate.wait(10)
            try:
                outcomes.append(work())
            except Exception as problem:  # noqa: BLE001 - the test looks at what it was
                outcomes.append(problem)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_twenty_people_with_one_card_are_one_voter_and_twenty_receipts(office):
    ready = []
    for person in range(CROWD):
        token, _, _ = office.draft(name=f"Person {person}")
        draft, version = office.prove(token, card(1))
        ready.append((token, draft, version))

    receipts = all_at_once(office, [lambda one=one: office.submit(*one) for one in ready])

    assert states() == {"active": 1, "held": CROWD - 1}
    assert {receipt.public_state for receipt in receipts} == {"registered"}
    assert len({receipt.code for receipt in receipts}) == CROWD


def test_a_draft_sent_twenty_times_is_one_registration_with_one_code(office):
    token, draft, version = office.draft(proof="papers")

    receipts = all_at_once(office, [lambda: office.submit(token, draft, version)] * CROWD)

    assert states() == {"waiting": 1}
    assert len({receipt.code for receipt in receipts}) == 1
    assert len(office.sent) == 1


def test_one_person_who_registers_many_times_at_once_is_matched_and_gets_every_receipt(office):
    ready = [office.draft(name=name, proof="papers") for name in ("Mohamed Ali", "Muhammad Ali", "ALI MOHAMED")]

    receipts = all_at_once(office, [lambda one=one: office.submit(*one) for one in ready])
    sent = [job_id for _, job_id in office.sent]
    outcomes = all_at_once(office, [lambda job_id=job_id: run(job_id, office.bench) for job_id in sent])

    assert outcomes == [None] * 3
    assert {receipt.public_state for receipt in receipts} == {"waiting-for-papers"}
    assert states() == {"waiting": 3}
    pairs = db.session.execute(text("SELECT newer, older FROM match")).all()
    assert len({frozenset(pair) for pair in pairs}) == len(pairs) == 3


def test_of_many_tabs_that_save_one_draft_at_once_one_wins_and_the_others_are_told(office):
    token, draft, version = office.draft()
    works = [
        lambda tab=tab: drafts.save(office.vault, token, replace(draft, unit=str(tab)), version, office.now)
        for tab in range(CROWD)
    ]

    outcomes = all_at_once(office, works)

    assert sorted(type(one).__name__ for one in outcomes) == ["Stale"] * (CROWD - 1) + ["int"]
    kept, now = drafts.load(office.vault, token, office.now)
    assert (kept.unit in map(str, range(CROWD)), now) == (True, version + 1)


def test_many_who_try_cards_on_one_draft_at_once_get_no_more_tries_than_one_after_another(office):
    token, _, _ = office.draft()
    registry = Registry({card(1): "not_confirmed"})

    outcomes = all_at_once(office, [lambda: office.prove(token, card(1), registry)] * CROWD)

    assert {type(one).__name__ for one in outcomes} <= {"tuple", "Stale"}
    kept, _ = drafts.load(office.vault, token, office.now)
    assert 1 <= kept.card_tries == len(registry.asked) <= 5


def test_two_taggings_and_registrations_at_once_leave_everyone_tagged_once(office, town_map):
    election = elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    for number in range(CROWD):
        office.register(card(number), name=f"Voter {number}")
    taggings = [jobs.create(TAG_ELECTION, {"election": election}, office.now, send=False) for _ in range(3)]
    works = [lambda job_id=job_id: run(job_id, office.bench) for job_id in taggings]
    works += [lambda job_id=job_id: run(job_id, office.bench) for _, job_id in office.sent]
    works += [lambda number=number: office.register(card(100 + number)) for number in range(5)]

    assert [one for one in all_at_once(office, works) if isinstance(one, Exception)] == []
    for _, job_id in office.sent:
        run(job_id, office.bench)

    with snapshot() as session:
        generation = session.execute(text("SELECT generation FROM election")).scalar_one()
        assert voters.count_tagged(session, election, generation) == voters.count(session) == CROWD + 5
    assert {jobs.find(job_id).state for job_id in [*taggings, *(job_id for _, job_id in office.sent)]} == {"done"}


def test_a_roster_frozen_many_times_at_once_gets_as_many_numbers(office, town_map):
    election = elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    office.register(card(1))

    frozen = all_at_once(
        office, [lambda: rosters.freeze(office.vault, office.shelf, election, by=CLERK, now=office.now)] * 5
    )

    assert sorted(one.id for one in frozen) == [f"{election}-r{n}" for n in range(1, 6)]
    assert len({one.digest for one in frozen}) == 1


@pytest.mark.slow
def test_processes_with_one_card_are_one_voter(office):
    program = dedent("""
        import sys
        from pathlib import Path
        from tests.voter_reg.town import Office, card
        from voter_reg.config import Config
        with Office(Config.from_env({"VOTER_REG_INSTANCE_DIR": sys.argv[1]})).open() as office:
            ready = [office.draft()[0] for _ in range(5)]
            proven = [(token, *office.prove(token, card(1))) for token in ready]
            print("ready", flush=True)
            sys.stdin.readline()
            for one in proven:
                office.submit(*one)
    """)
    instance = str(office.config.instance_dir)
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", program, instance], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        for _ in range(4)
    ]
    try:
        for process in crowd:
            assert process.stdout.readline() == b"ready\n"
        for process in crowd:
            process.stdin.write(b"go\n")
            process.stdin.flush()
        assert [process.wait(60) for process in crowd] == [0, 0, 0, 0]
    finally:
        for process in crowd:
            process.kill()
            process.communicate()

    assert states() == {"active": 1, "held": 19}


def test_the_database_itself_refuses_a_second_active_voter_with_one_card(office):
    office.register(card(1))
    office.register(card(1))

    with pytest.raises(Exception, match=r"(?i)unique"):
        db.session.execute(text("UPDATE voter SET state = 'active'"))
    db.session.rollback()


def test_a_faster_rival_that_the_first_look_did_not_see_makes_the_second_look_hold(office, monkeypatch):
    office.register(card(1))

    looks = iter([False])
    real = voters.card_is_used
    monkeypatch.setattr(voters, "card_is_used", lambda *args: next(looks, None) is None and real(*args))

    receipt = office.register(card(1), name="Second")

    assert receipt.public_state == "registered"
    assert states() == {"active": 1, "held": 1}
