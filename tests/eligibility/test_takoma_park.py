"""Takoma Park: residents of 16 vote for mayor and council, since 1993 at 18 and since 2013 at 16."""

import pytest

from tests.eligibility.law import Law

LAW = Law("takoma-park", sworn=["not-registered-elsewhere"], ward=3)
BOTH = {"mayor", "council-ward-3"}


def test_who_turns_16_on_3_november_2026_election_day_may_vote():
    assert LAW.may("2026-11-03", born="2010-11-03") == BOTH


def test_who_turns_16_on_4_november_2026_the_day_after_may_not():
    assert LAW.why_not("mayor", "2026-11-03", born="2010-11-04") == ("age", 15, 16)


def test_at_the_election_of_5_november_2013_the_age_was_16():
    assert LAW.may("2013-11-05", born="1997-11-05") == BOTH
    assert LAW.why_not("mayor", "2013-11-05", born="1997-11-06") == ("age", 15, 16)


def test_before_it_at_the_election_of_8_november_2011_the_age_was_18():
    assert LAW.may("2011-11-08", born="1993-11-08") == BOTH
    assert LAW.why_not("council-ward-3", "2011-11-08", born="1993-11-09") == ("age", 17, 18)


def test_who_moved_in_on_13_october_2026_has_lived_there_21_days_and_may_vote():
    assert LAW.may("2026-11-03", since="2026-10-13") == BOTH


def test_who_moved_in_on_14_october_2026_has_20_days_and_may_not():
    assert LAW.why_not("mayor", "2026-11-03", since="2026-10-14") == ("residency", 20, 21)


def test_who_is_registered_elsewhere_may_not():
    assert LAW.why_not("mayor", "2026-11-03", sworn=[]) == ("attestation", None, "not-registered-elsewhere")


@pytest.mark.parametrize(
    ("registered", "in_person", "in_time"),
    [
        ("2024-10-15T23:59:59", False, True),
        ("2024-10-16T00:00:00", False, False),
        ("2024-10-16T00:00:00", True, True),
        ("2024-11-05T20:00:59", True, True),
        ("2024-11-05T20:01:00", True, False),
        ("2024-11-05T20:00:59", False, False),
    ],
)
def test_registration_closes_on_the_21st_day_before_and_goes_on_in_person_until_eight_on_the_day(
    registered, in_person, in_time
):
    assert (LAW.may("2024-11-05", registered=registered, in_person=in_person) == BOTH) == in_time


def test_before_2013_nobody_registered_in_person_after_the_21st_day():
    assert LAW.may("2011-11-08", registered="2011-10-18T23:59:59", in_person=True) == BOTH
    late = LAW.why_not("mayor", "2011-11-08", registered="2011-10-19T00:00:00", in_person=True)
    assert late == ("registration", "2011-10-19 00:00", "2011-10-18 23:59")


def test_elections_were_in_november_of_odd_years_to_2017_and_of_even_years_from_2020():
    assert LAW.days(1993, 1999) == ["1993-11-02", "1995-11-07", "1997-11-04", "1999-11-02"]
    assert LAW.days(2013, 2026) == [
        "2013-11-05",
        "2015-11-03",
        "2017-11-07",
        "2020-11-03",
        "2022-11-08",
        "2024-11-05",
        "2026-11-03",
    ]


def test_mayor_and_six_wards_are_up_by_ranked_choice_without_a_limit():
    slate = [("mayor", "city", None, 1, "ranked-choice", None), ("council", "city", "ward", 1, "ranked-choice", None)]
    assert LAW.slate("2026-11-03") == slate
    assert LAW.slate("2007-11-06") == slate


def test_before_2007_the_most_votes_won():
    slate = [("mayor", "city", None, 1, "plurality", None), ("council", "city", "ward", 1, "plurality", None)]
    assert LAW.slate("2005-11-08") == slate


def test_the_law_changed_on_these_days_and_no_others():
    assert LAW.periods() == ["1993-11-02", "2007-01-01", "2013-11-05", "2018-01-01"]
    assert LAW.statuses() == {"1993-11-02": "in-force"}


def test_a_registration_goes_on_from_one_election_to_the_next():
    assert LAW.may("2024-11-05", registered="2013-10-01T12:00") == BOTH
    assert LAW.may("2011-11-08", registered="1994-10-01T12:00") == BOTH


def test_what_is_not_the_citys():
    assert LAW.outside() == {
        "federal-offices": "federal",
        "state-offices": "state",
        "county-offices": "county",
        "judges": "judicial",
        "school-board": "school-district",
    }


def test_the_papers_that_are_enough():
    assert LAW.papers() == {"one-of-each": (1, 1, ("photo", "name"), {})}
