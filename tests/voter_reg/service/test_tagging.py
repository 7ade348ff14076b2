"""Tagging: one by one and all at once give the same, sealed, repeatable, and never half in use."""

import json

import pytest
from sqlalchemy import text

from eligibility import BadInput, BirthDate, Facts
from eligibility.decision import digest_of
from tests.voter_reg.town import CLERK, DAY, SIDES, card, precinct
from voter_reg.service import elections, jobs, tagging
from voter_reg.service.decisions import ElectionTagger, Registrant
from voter_reg.service.jobs import Progress
from voter_reg.service.shelf import open_on
from voter_reg.service.work import TAG_ELECTION, run
from voter_reg.store.db import db

ELECTION = "minneapolis-2025-11-04"


@pytest.fixture
def election(office, town_map):
    return elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)


def decisions(office, where="1 = 1"):
    found = db.session.execute(text(f"SELECT * FROM decision WHERE {where} ORDER BY voter_id")).mappings().all()
    return [
        {**json.loads(office.vault.open("decision", f"{row['election_id']}|{row['voter_id']}", row["sealed"])),
         "generation": row["generation"], "voter": row["voter_id"]}
        for row in found
    ]  # fmt: skip


def run_sent(office):
    for _, job_id in office.sent:
        run(job_id, office.bench)
    office.sent.clear()


def tag_all(office):
    job_id = jobs.create(TAG_ELECTION, {"election": ELECTION}, office.now, send=False)
    run(job_id, office.bench)
    return jobs.find(job_id)


def test_a_voters_own_job_tags_them_for_the_contests_of_their_precinct(office, election):
    office.register(card(1), split="B-3")

    run_sent(office)

    (made,) = decisions(office)
    assert set(made["contests"]) == {
        "mayor", "council-ward-2", "board-of-estimate", "park-at-large", "park-district-park-3"}  # fmt: skip
    assert jobs.find(1).state == "done"


def test_running_the_job_again_changes_nothing(office, election):
    office.register(card(1))
    sent = list(office.sent)
    run_sent(office)
    before = decisions(office)

    for _, job_id in sent:
        run(job_id, office.bench)
        tagging.tag_voter(
            office.vault, office.shelf, office.city, before[0]["voter"], Progress(job_id, office.clock), office.now
        )

    assert decisions(office) == before


def test_everyone_at_once_gets_what_each_alone_would(office, election):
    people = [("A-1", "1990-01-01"), ("A-2", "2007-11-04"), ("B-1", "2007-11-05"), ("C-3", "2007"), ("B-2", "1950-02")]
    for number, (split, birth) in enumerate(people):
        office.register(card(number), split=split, birth=birth)
    run_sent(office)
    alone = {made["voter"]: (made["style"], made["contests"], made["facts"]) for made in decisions(office)}

    job = tag_all(office)

    together = {made["voter"]: (made["style"], made["contests"], made["facts"]) for made in decisions(office)}
    assert together == alone
    assert (job.state, job.done, job.total) == ("done", 5, 5)
    assert sorted(bool(contests) for _, contests, _ in alone.values()) == [False, False, True, True, True]


def test_a_decision_keeps_facts_and_a_salt_of_its_own_so_that_it_can_be_replayed(office, election):
    office.register(card(1), sworn=("guardian",))
    office.register(card(2), sworn=("guardian",))
    run_sent(office)

    one, other = decisions(office)
    assert one["facts"] == {"birth": "1990-01-01", "resident_since": "2015-05-31", "sworn": []}
    assert one["facts"] == other["facts"]
    assert one["salt"] != other["salt"]
    assert len(bytes.fromhex(one["salt"])) == 16
    facts = Facts(BirthDate.parse("1990-01-01"), tagging.resident_since_day("2015-05"))
    assert one["facts_digest"] == digest_of(facts, bytes.fromhex(one["salt"]))
    assert (one["pack_digest"], one["map_digest"]) == (office.city.pack.digest, office.city.map.digest)


def test_a_new_generation_is_put_to_use_only_when_it_is_whole(office, election, monkeypatch):
    monkeypatch.setattr(tagging, "_CHUNK", 2)
    for number in range(5):
        office.register(card(number))
    run_sent(office)
    seen = []

    class Watching(Progress):
        def within(self, session, done, total):
            super().within(session, done, total)
            seen.append((done, total, session.execute(text("SELECT generation FROM election")).scalar_one()))

    job_id = jobs.create(TAG_ELECTION, {"election": ELECTION}, office.now, send=False)
    tagging.tag_election(
        office.vault, office.shelf, ELECTION, {"election": ELECTION}, Watching(job_id, office.clock), office.clock
    )

    assert seen == [(0, 5, 1), (2, 5, 1), (4, 5, 1), (5, 5, 1)]
    assert {made["generation"] for made in decisions(office)} == {2}
    assert elections.every()[0].generation == 2


def test_whoever_registers_while_everyone_is_tagged_is_tagged_as_well(office, election, monkeypatch):
    monkeypatch.setattr(tagging, "_CHUNK", 2)
    for number in range(5):
        office.register(card(number))
    late = iter(range(100, 104))

    class Door(Progress):
        def within(self, session, done, total):
            super().within(session, done, total)
            if done >= 4 and (number := next(late, None)):
                waiting.append(number)

    class Clock:
        """Between two chunks someone comes in at the door."""

        def __call__(self):
            return office.now

    waiting = []
    real = tagging.voters.untagged

    def untagged(session, *args):
        found = real(session, *args)
        if not found and waiting:
            session.rollback()
            db.session.remove()
            while waiting:
                office.register(card(waiting.pop()))
            db.session.connection(execution_options={"voter_reg_writes": True})
            return real(db.session, *args)
        return found

    monkeypatch.setattr(tagging.voters, "untagged", untagged)
    job_id = jobs.create(TAG_ELECTION, {"election": ELECTION}, office.now, send=False)
    tagging.tag_election(
        office.vault, office.shelf, ELECTION, {"election": ELECTION}, Door(job_id, office.clock), Clock()
    )

    voters = db.session.execute(text("SELECT count(*) FROM voter")).scalar_one()
    assert voters > 5
    assert len(decisions(office, "generation = 2")) == voters


def test_an_election_whose_pack_or_map_changed_is_not_decided_again(office, election):
    office.register(card(1))
    db.session.execute(text("UPDATE election SET map_digest = 'other'"))
    db.session.commit()

    job = tag_all(office)

    assert (job.state, "its map has changed" in job.problem) == ("failed", True)
    assert decisions(office) == []


def test_someone_whose_split_is_gone_from_the_map_has_no_contest(office, election):
    office.register(card(1))
    db.session.execute(text("UPDATE voter SET split = 'Z-9'"))
    db.session.commit()

    tag_all(office)

    assert [(made["style"], made["contests"]) for made in decisions(office)] == [(None, [])]


def test_law_2_a_contest_that_the_city_does_not_control_cannot_be_tagged(office, election):
    office.register(card(1))
    run_sent(office)
    opened = open_on(office.shelf, ELECTION)
    facts = Facts(BirthDate.parse("1990"), DAY.replace(year=2015), frozenset())
    who = Registrant("1", "A-1", facts, "2029-11", "2029-11")

    with pytest.raises(BadInput, match="outside the city's control"):
        ElectionTagger(opened)._seal(office.vault, who, ["mayor", "governor"])


def test_reading_for_tagging_is_in_the_log(office, election):
    office.register(card(1))
    run_sent(office)
    tag_all(office)

    logged = db.session.execute(text("SELECT actor, action, count FROM log_entry WHERE action = 'tag'")).all()
    assert [tuple(entry) for entry in logged] == [("service", "tag", 1), ("service", "tag", 1)]


@pytest.mark.parametrize(("row", "column"), [(row, column) for row in SIDES for column in SIDES])
def test_every_precinct_has_its_own_ward_and_park_district(office, election, row, column):
    office.register(card(1), split=precinct(row, column))
    run_sent(office)

    contests = set(decisions(office)[0]["contests"])
    assert {one for one in contests if "-ward-" in one or "district-park-" in one} == {
        f"council-ward-{row + 1}", f"park-district-park-{column + 1}"}  # fmt: skip
