"""Rosters: only active voters, in order, sealed, and never changed once frozen."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from eligibility import BadInput
from tests.voter_reg.town import CLERK, DAY, card
from voter_reg.service import elections, rosters
from voter_reg.service.shelf import open_on
from voter_reg.store.db import db

ELECTION = "minneapolis-2025-11-04"


@pytest.fixture
def election(office, town_map):
    return elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)


def freeze(office):
    return rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)


def entries(office, frozen):
    return rosters.read(office.vault, open_on(office.shelf, ELECTION), frozen)


def test_only_active_voters_of_age_are_on_it(office, election):
    office.register(card(1), name="Active")
    office.register(card(1), name="Held")
    office.register(None, name="Waiting")
    office.register(card(2), name="Seventeen", birth="2007-11-05")

    assert [entry.name for entry in entries(office, freeze(office))] == ["Active"]


def test_a_voter_whose_job_was_lost_is_not_missing(office, election):
    office.register(card(1))

    assert freeze(office).voters == 1


def test_it_stands_by_precinct_and_then_by_folded_sort_name(office, election):
    people = [
        ("B-1", "Zoë Ål", "Ål"),
        ("A-2", "b"),
        ("A-2", "Ábalos"),
        ("A-2", "Abbas"),
        ("C-1", "李小龍"),
        ("A-1", "z"),
    ]
    for number, (split, name, *sort) in enumerate(people):
        office.register(card(number), split=split, name=name, sort_name=sort[0] if sort else None)

    listed = [(entry.precinct, entry.name) for entry in entries(office, freeze(office))]

    assert listed == [
        ("A-1", "z"),
        ("A-2", "Ábalos"),
        ("A-2", "Abbas"),
        ("A-2", "b"),
        ("B-1", "Zoë Ål"),
        ("C-1", "李小龍"),
    ]


def test_the_address_has_the_unit_and_the_birth_date_only_its_year(office, election):
    office.register(card(1), unit="4B", birth="1990-01-01")

    (entry,) = entries(office, freeze(office))
    assert (entry.address, entry.birth_year) == ("100 OAK ST UNIT 4B", "1990")


def test_a_frozen_roster_never_changes_and_a_later_one_is_another(office, election):
    office.register(card(1))
    first = freeze(office)
    before = entries(office, first)
    office.register(card(2), split="B-1")
    office.later(hours=1)
    second = freeze(office)

    assert entries(office, first) == before
    assert (first.id, second.id) == (f"{ELECTION}-r1", f"{ELECTION}-r2")
    assert (first.voters, second.voters) == (1, 2)
    assert first.digest != second.digest
    assert [one.id for one in rosters.every()] == [first.id, second.id]


def test_an_empty_roster_can_be_frozen(office, election):
    frozen = freeze(office)

    assert (frozen.voters, entries(office, frozen)) == (0, [])


def test_nothing_of_it_stands_in_clear(office, election):
    office.register(card(1), name="Findme Quickly")
    freeze(office)

    stored = db.session.execute(text("SELECT * FROM roster_block")).all()
    assert stored
    assert not [word for word in ("Findme", "OAK", "1990") if word in str(stored)]


@pytest.mark.parametrize(
    "tampering",
    ["DELETE FROM roster_block WHERE ordinal = 0", "UPDATE roster SET digest = 'x'",
     "UPDATE roster_block SET precinct = 'B-1' WHERE ordinal = 0"],
)  # fmt: skip
def test_a_roster_that_was_tampered_with_is_not_read(office, election, tampering):
    office.register(card(1))
    office.register(card(2), split="B-1")
    freeze(office)
    db.session.execute(text(tampering))
    db.session.commit()

    with pytest.raises(BadInput, match="digest differs"):
        entries(office, rosters.find(f"{ELECTION}-r1"))


def test_blocks_cannot_change_places(office, election):
    office.register(card(1))
    office.register(card(2), split="B-1")
    frozen = freeze(office)
    db.session.execute(text("UPDATE roster_block SET ordinal = 1 - ordinal + 10"))
    db.session.execute(text("UPDATE roster_block SET ordinal = ordinal - 10"))
    db.session.commit()

    with pytest.raises(BadInput, match="does not open"):
        entries(office, frozen)


def test_freezing_is_in_the_log_with_roster_and_count(office, election):
    office.register(card(1))
    freeze(office)

    logged = db.session.execute(text("SELECT actor, subject, count FROM log_entry WHERE action = 'freeze'")).all()
    assert [tuple(entry) for entry in logged] == [("staff:tester", f"{ELECTION}-r1", 1)]


def test_reading_everyone_is_in_the_log_before_the_first_record_is_opened(office, election, monkeypatch):
    office.register(card(1))

    def opened(*_):
        raise RuntimeError

    monkeypatch.setattr(rosters, "_entries", opened)
    with pytest.raises(RuntimeError):
        freeze(office)

    logged = db.session.execute(text("SELECT purpose, subject, count FROM log_entry WHERE action = 'read'")).all()
    assert ("roster", ELECTION, 1) in [tuple(row) for row in logged]
    assert ("tagging", ELECTION, 1) in [tuple(row) for row in logged]


def test_its_key_lives_22_months_longer_than_the_election(office, election):
    freeze(office)

    assert db.session.execute(text("SELECT key_id FROM roster")).scalar_one() == "2027-09"


@pytest.mark.parametrize(
    ("day", "said"), [(date(2025, 11, 5), "no contest"), (date(2017, 11, 7), "lines hold from"), (DAY, "there already")]
)
def test_an_election_that_cannot_be_is_refused(office, election, town_map, day, said):
    with pytest.raises(BadInput, match=said):
        elections.create("minneapolis", town_map, day, by=CLERK, now=office.now)


def test_a_map_of_another_place_is_refused(office, town_map):
    with pytest.raises(BadInput, match="the map is of"):
        elections.create("san-francisco", town_map, DAY + timedelta(days=-1), by=CLERK, now=office.now)


def test_an_unknown_election_or_roster_names_those_there_are(office, election):
    with pytest.raises(BadInput, match=ELECTION):
        rosters.freeze(office.vault, office.shelf, "nowhere", by=CLERK, now=office.now)
    with pytest.raises(BadInput, match="known: none"):
        rosters.find("nowhere")
