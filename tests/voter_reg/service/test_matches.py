"""Matches: found after registration, told to nobody, decided by two, and a mark on the roster until then."""

from dataclasses import asdict, fields
from datetime import timedelta

import pytest
from sqlalchemy import text

from eligibility import BadInput
from tests.voter_reg.town import CLERK, DAY, card, command
from voter_reg.service import elections, matches, rosters
from voter_reg.service.actors import staff
from voter_reg.service.shelf import open_on
from voter_reg.service.work import run
from voter_reg.store.db import db, transaction

ONE, TWO, THREE = (staff(name, "reviewer") for name in ("one", "two", "three"))
ELECTION = "minneapolis-2025-11-04"


def rows(query="SELECT * FROM match"):
    db.session.rollback()
    return db.session.execute(text(query)).mappings().all()


def states():
    return sorted(row["state"] for row in rows("SELECT state FROM voter"))


def run_sent(office):
    for _, job_id in office.sent:
        run(job_id, office.bench)
    office.sent.clear()


def register(office, *people):
    """Register and let each one's job run; `people` are numbers of cards (None for papers) and answers."""
    receipts = []
    for number, answers in people:
        receipts.append(office.register(None if number is None else card(number), **answers))
        run_sent(office)
    return receipts


def a_match(office, first="Mohamed Ali", second="Muhammad Ali"):
    register(office, (1, {"name": first}), (2, {"name": second}))
    (match,) = rows()
    return match


def decide(office, match, answer, by, reason=None):
    reason = reason or matches.REASONS[answer][0]
    return matches.decide(office.vault, match["id"], answer, reason, by=by, now=office.now)


def reopen(office, match, by):
    return matches.reopen(office.vault, match["id"], "person-appealed", by=by, now=office.now)


@pytest.mark.parametrize(
    ("second", "birth", "strength"),
    [("ALI, Mohámed", "1990-01-01", "strong"), ("Maxamed Cali", "1990-01-01", "weak"),
     ("Mohamed Ali Nur", "1990-01-01", "weak"), ("Mohamed Ali", "1990", "weak"),
     ("Hussein Ali", "1990-01-01", None), ("Mohamed Ali", "1990-01-02", None)],
)  # fmt: skip
def test_who_may_be_one_person_makes_a_match_and_both_are_active(office, second, birth, strength):
    receipts = register(office, (1, {"name": "Mohamed Ali"}), (2, {"name": second, "birth": birth}))

    assert [row["strength"] for row in rows()] == ([] if strength is None else [strength])
    assert states() == ["active", "active"]
    assert {receipt.public_state for receipt in receipts} == {"registered"}
    assert "match" not in str([asdict(receipt) for receipt in receipts])


def test_the_same_card_is_held_and_is_a_match_of_that_strength(office):
    register(office, (1, {"name": "Mohamed Ali"}), (1, {"name": "Someone Else"}), (1, {"name": "Mohamed Ali"}))

    assert [row["strength"] for row in rows()] == ["card", "card"]
    assert states() == ["active", "held", "held"]


def test_registering_only_writes_keys_and_the_job_finds_the_match(office):
    office.register(card(1), name="Mohamed Ali")
    office.register(card(2), name="Mohamed Ali")
    assert rows() == []

    run_sent(office)

    assert len(rows()) == 1


def test_whoever_registered_second_is_the_newer_whatever_job_runs_first(office):
    office.register(card(1), name="Mohamed Ali")
    first = rows("SELECT id FROM voter")[0]["id"]
    office.register(card(2), name="Mohamed Ali")
    for _, job_id in office.sent:
        run(job_id, office.bench)

    (match,) = rows()
    assert match["older"] == first
    assert match["newer"] != first


def test_a_job_that_runs_twice_makes_no_second_match(office):
    match = a_match(office)

    db.session.execute(text("UPDATE job SET state = 'queued'"))
    db.session.commit()
    matches.note_missing(office.now)
    for job in rows("SELECT id FROM job"):
        run(job["id"], office.bench)

    assert [dict(row) for row in rows()] == [dict(match)]


def test_twins_father_and_son_and_many_born_on_new_years_day_are_all_active_and_do_not_match(office):
    new_year = ["Hassan Ali", "Hussein Ali", "Ali Omar Nur", "Omar Hassan Nur", "Amina Ali", "Iman Ali", "Ali"]
    people = [(number, {"name": name, "birth": "1985-01-01"}) for number, name in enumerate(new_year)]
    people += [(50, {"name": "Luis Vang", "birth": "1960-05-05"}), (51, {"name": "Luis Vang", "birth": "1991-05-05"})]

    register(office, *people)

    assert states() == ["active"] * len(people)
    assert rows() == []


def test_the_list_has_age_and_deadline_and_no_name(office):
    match = a_match(office)
    office.later(days=3, hours=5)

    (listed,) = matches.waiting(office.now)

    assert (listed.id, listed.age_days, listed.due_at - listed.found_at) == (match["id"], 3, timedelta(days=10))
    assert not [word for word in ("Ali", "1990", "OAK") if word in str(asdict(listed))]


def test_the_older_match_stands_first(office):
    register(office, (1, {"name": "Mohamed Ali"}), (2, {"name": "Mohamed Ali"}))
    office.later(days=1)
    register(office, (3, {"name": "Hodan Nur"}), (4, {"name": "Hodan Nur"}))

    assert [one.age_days for one in matches.waiting(office.now)] == [1, 0]


def test_opening_shows_what_tells_two_people_apart_and_nothing_more(office):
    match = a_match(office)

    opened = matches.open_match(office.vault, match["id"], by=ONE, now=office.now)

    assert (opened.older.name, opened.newer.name) == ("Mohamed Ali", "Muhammad Ali")
    assert (opened.newer.birth, opened.newer.address, opened.newer.week) == ("1990-01-01", "100 OAK ST", "2025-W36")
    assert {field.name for field in fields(opened.newer)} == {"name", "birth", "address", "week", "proof"}


def test_opening_is_in_the_log_for_both_before_a_record_is_opened(office, monkeypatch):
    match = a_match(office)

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(matches, "_record", broken)
    with pytest.raises(RuntimeError):
        matches.open_match(office.vault, match["id"], by=ONE, now=office.now)

    logged = rows("SELECT actor, subject FROM log_entry WHERE action = 'match-review'")
    assert {row["actor"] for row in logged} == {"staff:one"}
    assert {row["subject"] for row in logged} == {
        office.vault.index("log-subject", match[side]) for side in ("newer", "older")
    }


def test_different_closes_a_match_for_good(office):
    match = a_match(office)

    assert decide(office, match, "different", ONE) == "different"

    assert matches.waiting(office.now) == []
    with transaction() as session:
        for side in ("newer", "older"):
            matches.note_matches(session, match[side], office.now)
    assert [row["state"] for row in rows()] == ["different"]
    with pytest.raises(BadInput, match="different already"):
        decide(office, match, "same", TWO)
    assert states() == ["active", "active"]


def test_one_reviewer_blocks_nobody_and_two_hold_the_newer(office):
    match = a_match(office)

    assert decide(office, match, "same", ONE) == "same-asked"
    assert states() == ["active", "active"]
    with pytest.raises(BadInput, match="second reviewer"):
        decide(office, match, "same", ONE)
    assert decide(office, match, "same", TWO) == "same"

    voters = {row["id"]: row["state"] for row in rows("SELECT id, state FROM voter")}
    assert (voters[match["older"]], voters[match["newer"]]) == ("active", "held")
    assert matches.waiting(office.now) == []


def test_a_second_reviewer_who_disagrees_closes_it(office):
    match = a_match(office)
    decide(office, match, "same", ONE)

    assert decide(office, match, "different", TWO) == "different"
    assert states() == ["active", "active"]


def test_an_appeal_needs_two_as_well_and_gives_back_what_was(office):
    match = a_match(office)
    decide(office, match, "same", ONE)
    decide(office, match, "same", TWO)

    assert reopen(office, match, THREE) == "reopen-asked"
    with pytest.raises(BadInput, match="second reviewer"):
        reopen(office, match, THREE)
    assert states() == ["active", "held"]
    assert reopen(office, match, ONE) == "open"

    assert states() == ["active", "active"]
    assert decide(office, match, "different", TWO) == "different"


def test_who_was_waiting_for_papers_waits_again_after_an_appeal(office):
    register(office, (1, {"name": "Mohamed Ali"}), (None, {"name": "Mohamed Ali"}))
    (match,) = rows()
    for reviewer in (ONE, TWO):
        decide(office, match, "same", reviewer)
    assert states() == ["active", "held"]

    for reviewer in (ONE, TWO):
        reopen(office, match, reviewer)

    assert states() == ["active", "waiting"]


def test_the_one_record_that_is_on_the_roll_stays_there(office):
    register(office, (None, {"name": "Mohamed Ali"}), (1, {"name": "Mohamed Ali"}))
    (match,) = rows()
    for reviewer in (ONE, TWO):
        decide(office, match, "same", reviewer)

    held = {row["id"]: row["state"] for row in rows("SELECT id, state FROM voter")}
    assert (held[match["older"]], held[match["newer"]]) == ("held", "active")
    for reviewer in (ONE, TWO):
        reopen(office, match, reviewer)
    assert states() == ["active", "waiting"]


@pytest.mark.parametrize("first", [0, 1])
def test_a_record_that_two_matches_hold_is_released_with_the_second(office, first):
    register(office, *((number, {"name": "Mohamed Ali"}) for number in (1, 2, 3)))
    newest = rows("SELECT voter_id FROM match_key ORDER BY id DESC")[0]["voter_id"]
    both = [match for match in rows() if match["newer"] == newest]
    for match in both:
        for reviewer in (ONE, TWO):
            decide(office, match, "same", reviewer)
    assert states() == ["active", "active", "held"]

    for reviewer in (ONE, TWO):
        reopen(office, both[first], reviewer)
    assert states() == ["active", "active", "held"]
    for reviewer in (ONE, TWO):
        reopen(office, both[1 - first], reviewer)
    assert states() == ["active", "active", "active"]


def test_a_card_that_became_anothers_meanwhile_is_not_given_back(office):
    match = a_match(office)
    for reviewer in (ONE, TWO):
        decide(office, match, "same", reviewer)
    register(office, (2, {"name": "Third Person"}))
    for reviewer in (ONE, TWO):
        reopen(office, match, reviewer)

    assert states() == ["active", "active", "waiting"]


def test_another_person_with_the_same_card_goes_on_with_papers(office):
    register(office, (1, {"name": "Mohamed Ali"}), (1, {"name": "Someone Else"}))
    (match,) = rows()

    decide(office, match, "different", ONE)

    assert states() == ["active", "waiting"]


@pytest.mark.parametrize(
    ("answer", "reason"), [("same", "looks-like-it"), ("different", "papers-show-one"), ("maybe", "x")]
)
def test_a_reason_that_is_not_on_the_list_is_refused(office, answer, reason):
    match = a_match(office)

    with pytest.raises(BadInput, match="reason"):
        decide(office, match, answer, ONE, reason)
    assert [row["state"] for row in rows()] == ["open"]


def test_a_match_that_is_not_there_is_refused(office):
    with pytest.raises(BadInput, match="no such match"):
        matches.open_match(office.vault, "nothing", by=ONE, now=office.now)
    with pytest.raises(BadInput, match="no such match"):
        decide(office, {"id": "nothing"}, "same", ONE)


def test_an_open_match_cannot_be_reopened(office):
    with pytest.raises(BadInput, match="open already"):
        reopen(office, a_match(office), ONE)


def test_every_word_of_a_reviewer_is_in_the_log_with_who_said_it(office):
    match = a_match(office)
    decide(office, match, "same", ONE)
    decide(office, match, "same", TWO)
    reopen(office, match, THREE)

    logged = rows("SELECT actor, action FROM log_entry WHERE action LIKE 'match-%' ORDER BY id")
    assert [(row["actor"].removeprefix("staff:"), row["action"].removeprefix("match-")) for row in logged] == [
        *[("one", "same-asked")] * 2,
        *[("two", "same")] * 2,
        *[("three", "reopen-asked")] * 2,
    ]


@pytest.fixture
def election(office, town_map):
    return elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)


def marks(office):
    frozen = rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)
    return {entry.name: entry.review for entry in rosters.read(office.vault, open_on(office.shelf, ELECTION), frozen)}


def test_voters_with_an_open_match_carry_a_mark_on_the_roster_until_it_is_decided(office, election):
    match = a_match(office)
    register(office, (3, {"name": "Hodan Nur"}))

    assert marks(office) == {"Mohamed Ali": "1", "Muhammad Ali": "1", "Hodan Nur": ""}
    decide(office, match, "same", ONE)
    assert marks(office) == {"Mohamed Ali": "1", "Muhammad Ali": "1", "Hodan Nur": ""}
    decide(office, match, "same", TWO)
    assert marks(office) == {"Mohamed Ali": "", "Hodan Nur": ""}
    reopen(office, match, ONE)
    reopen(office, match, TWO)
    decide(office, match, "different", ONE)
    assert marks(office) == {"Mohamed Ali": "", "Muhammad Ali": "", "Hodan Nur": ""}


def test_a_roster_has_its_marks_though_the_jobs_were_late(office, election):
    office.register(card(1), name="Mohamed Ali")
    office.register(card(2), name="Mohamed Ali Nur")

    assert set(marks(office).values()) == {"1"}


def test_freezing_asks_for_all_marks_at_once(office, election, monkeypatch):
    for number in range(5):
        office.register(card(number), name=f"Voter {number}")
    asked, real = [], rosters.matches.under_review
    monkeypatch.setattr(rosters.matches, "under_review", lambda session: asked.append(1) or real(session))

    marks(office)

    assert asked == [1]


def test_the_command_lists_without_names(office, config):
    match = a_match(office)

    listed = command("matches", "list", "--json", config=config)
    table = command("matches", "list", config=config)

    assert (listed.code, listed.json["id"], listed.json["strength"]) == (0, match["id"], "weak")
    assert set(listed.json) == {"id", "strength", "state", "found_at", "age_days", "due_at", "overdue"}
    assert (table.code, match["id"] in table.out) == (0, True)
    assert not [word for word in ("Ali", "1990", "OAK") if word in listed.out + table.out]


def test_nothing_personal_stands_in_a_match_or_a_key(office):
    a_match(office)

    kept = str([dict(row) for row in (*rows(), *rows("SELECT * FROM match_key"))])
    assert not [word for word in ("Mohamed", "Ali", "1990", "OAK") if word in kept]
    assert {len(row["key"]) for row in rows("SELECT key FROM match_key")} == {16}


def test_a_voter_who_goes_takes_keys_and_matches_along(office):
    match = a_match(office)

    db.session.execute(text("DELETE FROM voter WHERE id = :id"), {"id": match["newer"]})
    db.session.commit()

    assert rows() == []
    assert {row["voter_id"] for row in rows("SELECT voter_id FROM match_key")} == {match["older"]}
