"""Minneapolis: the rules of the proposed roll, each on both sides of its line."""

from datetime import date

import pytest

from eligibility import contests_due, next_election
from tests.eligibility.law import Law
from tests.eligibility.people import MINNEAPOLIS, WARD_3_PARK_5, contests, facts, why_not

LAW = Law("minneapolis", ward=3, park=5)
FIVE = {"mayor", "council-ward-3", "board-of-estimate", "park-at-large", "park-district-park-5"}


def test_a_grown_resident_of_ward_3_and_park_district_5_has_five_contests_in_2025():
    assert contests(MINNEAPOLIS, "2025-11-04", WARD_3_PARK_5) == FIVE


def test_who_turns_18_on_election_day_may_vote():
    assert contests(MINNEAPOLIS, "2025-11-04", WARD_3_PARK_5, born="2007-11-04") == FIVE


def test_who_turns_18_the_day_after_may_not_vote_for_mayor():
    finding = why_not(MINNEAPOLIS, "mayor", "2025-11-04", WARD_3_PARK_5, born="2007-11-05")

    assert (finding.requirement, finding.value, finding.needs) == ("age", 17, 18)
    assert "art. VII" in finding.cite


def test_who_has_lived_in_the_city_for_20_days_may_vote():
    assert contests(MINNEAPOLIS, "2025-11-04", WARD_3_PARK_5, since="2025-10-15") == FIVE


def test_who_has_lived_in_the_city_for_19_days_may_not():
    finding = why_not(MINNEAPOLIS, "mayor", "2025-11-04", WARD_3_PARK_5, since="2025-10-16")

    assert (finding.requirement, finding.value, finding.needs) == ("residency", 19, 20)
    assert "201.014" in finding.cite


def test_who_does_not_say_since_when_may_not():
    finding = why_not(MINNEAPOLIS, "mayor", "2025-11-04", WARD_3_PARK_5, since=None)

    assert (finding.requirement, finding.value) == ("residency", None)


def test_a_birth_year_alone_is_enough_only_when_every_day_of_it_is():
    assert contests(MINNEAPOLIS, "2025-11-04", WARD_3_PARK_5, born="2006") == FIVE
    assert contests(MINNEAPOLIS, "2025-11-04", WARD_3_PARK_5, born="2007") == set()


@pytest.mark.parametrize("year", [2013, 2017, 2021, 2025, 2029])
def test_the_whole_slate_is_up_every_fourth_year(year):
    day = next_election(MINNEAPOLIS, date(year, 1, 1))

    due = [c for c in contests_due(MINNEAPOLIS, day) if c.method != "yes-no"]
    assert day.year == year
    assert [(c.id, c.seats, c.ranks) for c in due] == [
        ("mayor", 1, 3),
        ("council", 1, 3),
        ("board-of-estimate", 2, 3),
        ("park-at-large", 3, 3),
        ("park-district", 1, 3),
    ]


@pytest.mark.parametrize(
    "day",
    [date(2013, 11, 5), date(2017, 11, 7), date(2021, 11, 2), date(2023, 11, 7), date(2025, 11, 4), date(2033, 11, 8)],
)
def test_election_day_is_the_tuesday_after_the_first_monday_of_november(day):
    assert contests_due(MINNEAPOLIS, day)
    for other in (-7, -1, 1, 7):
        assert not contests_due(MINNEAPOLIS, date.fromordinal(day.toordinal() + other))


def test_the_council_alone_was_up_in_2023():
    assert [c.id for c in contests_due(MINNEAPOLIS, date(2023, 11, 7))] == ["council"]
    assert contests_due(MINNEAPOLIS, date(2027, 11, 2)) == ()


def test_three_city_questions_were_up_in_2021_and_none_in_2025():
    in_2021 = [c.id for c in contests_due(MINNEAPOLIS, date(2021, 11, 2)) if c.method == "yes-no"]
    in_2025 = [c.id for c in contests_due(MINNEAPOLIS, date(2025, 11, 4)) if c.method == "yes-no"]

    assert (len(in_2021), in_2025) == (3, [])


def test_the_school_board_and_every_higher_office_are_outside():
    assert {o.authority for o in MINNEAPOLIS.outside} == {"federal", "state", "county", "judicial", "school-district"}


def test_it_is_a_proposal_and_gives_no_live_roster():
    assert (MINNEAPOLIS.legal_status, MINNEAPOLIS.demonstration) == ("proposed", True)
    assert "art. VII" in MINNEAPOLIS.status.latest.source.cite


def test_registration_closes_at_five_on_the_21st_day_before_and_stays_open_in_person():
    rule = MINNEAPOLIS.registration.on(date(2025, 11, 4)).value

    assert (rule.closes_days_before, rule.closes_at, rule.same_day_until) == (21, "17:00", "20:00")


def test_no_sworn_statement_is_asked_beyond_the_oath():
    assert MINNEAPOLIS.statements_on(date(2025, 11, 4)) == ()
    assert contests(MINNEAPOLIS, "2025-11-04", WARD_3_PARK_5, sworn=["guardian"]) == FIVE
    assert facts().sworn == frozenset()


def test_whose_each_contest_is():
    assert LAW.slate("2021-11-02") == [
        ("mayor", "city", None, 1, "ranked-choice", 3),
        ("council", "city", "ward", 1, "ranked-choice", 3),
        ("board-of-estimate", "city", None, 2, "ranked-choice", 3),
        ("park-at-large", "park-board", None, 3, "ranked-choice", 3),
        ("park-district", "park-board", "park", 1, "ranked-choice", 3),
        ("question-1-government-structure", "city", None, 1, "yes-no", None),
        ("question-2-public-safety", "city", None, 1, "yes-no", None),
        ("question-3-rent", "city", None, 1, "yes-no", None),
    ]
    assert LAW.outside() == {
        "federal-offices": "federal",
        "state-offices": "state",
        "county-offices": "county",
        "judges": "judicial",
        "school-board": "school-district",
    }


def test_the_proposal_reaches_back_to_2013_and_changed_only_with_the_councils_extra_term():
    assert LAW.periods() == ["2013-01-01", "2023-01-01"]
    assert LAW.statuses() == {"2013-01-01": "proposed"}


@pytest.mark.parametrize(
    ("registered", "in_person", "in_time"),
    [
        ("2025-10-14T17:00:59", False, True),
        ("2025-10-14T17:01:00", False, False),
        ("2025-10-14T17:01:00", True, True),
        ("2025-11-04T20:00:59", True, True),
        ("2025-11-04T20:01:00", True, False),
        ("2013-02-01T12:00:00", False, True),
    ],
)
def test_one_registers_until_five_on_14_october_2025_then_in_person_until_eight(registered, in_person, in_time):
    assert (LAW.may("2025-11-04", registered=registered, in_person=in_person) == FIVE) == in_time


def test_the_papers_that_are_enough():
    assert LAW.papers() == {
        "card-with-address": (1, 0, ("photo", "name", "address"), {"on one paper": True}),
        "photo-card-and-paper": (1, 1, ("photo", "name"), {}),
    }


def test_vouching_is_for_eight_in_the_precinct_and_facilities_have_no_limit():
    proof = LAW.pack.proof

    assert (proof.vouching.most, proof.vouching.same_precinct, proof.vouching.vouched_for_may_vouch) == (8, True, False)
    assert (proof.facility_staff.most, proof.prior_registration.same_precinct) == (None, True)
