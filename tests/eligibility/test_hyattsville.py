"""Hyattsville: a city roll open to anyone not on the State's; 16 years, 30 days, elections in May of odd years."""

from datetime import date

import pytest

from tests.eligibility.law import Law

LAW = Law("hyattsville", sworn=["not-registered-elsewhere"], ward=2)
BOTH = {"mayor", "council-ward-2"}


def test_who_turns_16_on_9_may_2023_election_day_may_vote():
    assert LAW.may("2023-05-09", born="2007-05-09") == BOTH


def test_who_turns_16_on_10_may_2023_the_day_after_may_not():
    assert LAW.why_not("mayor", "2023-05-09", born="2007-05-10") == ("age", 15, 16)


def test_who_moved_in_on_9_april_2023_has_lived_there_30_days_and_may_vote():
    assert LAW.may("2023-05-09", since="2023-04-09") == BOTH


def test_who_moved_in_on_10_april_2023_has_29_days_and_may_not():
    assert LAW.why_not("council-ward-2", "2023-05-09", since="2023-04-10") == ("residency", 29, 30)


def test_the_page_that_names_no_days_is_recorded_as_a_conflict():
    (days,) = (one for one in LAW.pack.requirements if one.kind == "residency")

    assert "no days named" in days.days.latest.conflict.value
    assert days.days.latest.conflict.why


def test_who_claims_a_vote_elsewhere_may_not():
    assert LAW.why_not("mayor", "2023-05-09", sworn=[]) == ("attestation", None, "not-registered-elsewhere")


@pytest.mark.parametrize(
    ("registered", "in_person", "in_time"),
    [
        ("2023-03-17T17:00:59", False, True),
        ("2023-03-17T17:01:00", False, False),
        ("2023-03-17T17:01:00", True, True),
        ("2023-05-09T20:00:59", True, True),
        ("2023-05-09T20:01:00", True, False),
    ],
)
def test_the_mail_list_closes_on_17_march_2023_and_one_registers_in_person_until_eight(registered, in_person, in_time):
    assert (LAW.may("2023-05-09", registered=registered, in_person=in_person) == BOTH) == in_time


def test_in_2017_nobody_registered_after_the_28th_day_before():
    ward = {"council-ward-2"}
    assert LAW.may("2017-05-02", registered="2017-04-04T17:00:59", in_person=True) == ward
    assert LAW.pack.registration.on(date(2017, 5, 2)).value.validity == "continuing"
    late = LAW.why_not("council-ward-2", "2017-05-02", registered="2017-04-04T17:01:00", in_person=True)
    assert late == ("registration", "2017-04-04 17:01", "2017-04-04 17:00")


def test_a_registration_goes_on_from_one_election_to_the_next():
    assert LAW.may("2023-05-09", registered="2017-04-01T12:00") == BOTH
    assert LAW.may("2017-05-02", registered="2015-04-01T12:00") == {"council-ward-2"}


def test_elections_are_in_may_of_odd_years():
    assert LAW.days(2017, 2027) == [
        "2017-05-02", "2019-05-07", "2021-05-11", "2023-05-09", "2025-05-13", "2027-05-11"]  # fmt: skip


def test_to_2020_a_may_that_began_on_a_tuesday_would_have_voted_on_the_8th():
    assert LAW.pack.election_day.on(date(2018, 5, 8)).value.in_year(2018) == date(2018, 5, 8)


def test_the_council_is_up_each_time_and_the_mayor_every_fourth_year_and_once_for_a_vacancy():
    council, mayor = ("council", "city", "ward", 1, "plurality", None), ("mayor", "city", None, 1, "plurality", None)
    assert LAW.slate("2017-05-02") == [council]
    assert LAW.slate("2019-05-07") == [mayor, council]
    assert LAW.slate("2021-05-11") == [council, mayor]
    assert LAW.slate("2023-05-09") == [mayor, council]
    assert LAW.slate("2025-05-13") == [council]


def test_the_law_changed_on_these_days_and_no_others():
    assert LAW.periods() == ["2017-01-24", "2019-01-01", "2021-01-01"]
    assert LAW.statuses() == {"2017-01-24": "in-force"}


def test_the_roll_is_open_to_those_who_do_not_wish_to_register_with_the_state():
    assert "do not wish to register with the State" in LAW.pack.roll_open_to.text


def test_what_is_not_the_citys():
    assert LAW.outside() == {
        "federal-offices": "federal",
        "state-offices": "state",
        "county-offices": "county",
        "judges": "judicial",
        "school-board": "school-district",
    }


def test_the_papers_that_are_enough():
    assert LAW.papers() == {"identity-age-and-residency": (1, 1, ("birth-date",), {})}
