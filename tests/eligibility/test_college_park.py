"""College Park: proposed in 2017 and never enacted, whatever is often said."""

import pytest

from tests.eligibility.law import Law

LAW = Law("college-park", sworn=["not-registered-elsewhere"], district=4)
BOTH = {"mayor", "council-district-4"}


def test_it_was_rejected_on_12_september_2017_and_gives_no_live_roster():
    assert LAW.statuses() == {"2017-09-12": "rejected"}
    assert LAW.pack.demonstration


def test_who_would_have_turned_18_on_5_november_2019_election_day_could_have_voted():
    assert LAW.may("2019-11-05", born="2001-11-05") == BOTH


def test_who_would_have_turned_18_on_6_november_2019_could_not():
    assert LAW.why_not("mayor", "2019-11-05", born="2001-11-06") == ("age", 17, 18)


def test_who_moved_in_on_6_october_2019_had_30_days_and_on_7_october_29():
    assert LAW.may("2019-11-05", since="2019-10-06") == BOTH
    assert LAW.why_not("mayor", "2019-11-05", since="2019-10-07") == ("residency", 29, 30)


def test_who_is_registered_elsewhere_could_not():
    assert LAW.why_not("mayor", "2019-11-05", sworn=[]) == ("attestation", None, "not-registered-elsewhere")


@pytest.mark.parametrize(("registered", "in_time"), [("2019-10-08T17:00:59", True), ("2019-10-08T17:01:00", False)])
@pytest.mark.parametrize("in_person", [False, True])
def test_registration_would_have_closed_at_five_on_8_october_2019(registered, in_person, in_time):
    assert (LAW.may("2019-11-05", registered=registered, in_person=in_person) == BOTH) == in_time


def test_a_registration_would_have_gone_on_from_one_election_to_the_next():
    assert LAW.may("2021-11-02", registered="2019-10-01T12:00") == BOTH


def test_elections_are_in_november_of_odd_years_for_a_mayor_and_two_members_a_district():
    assert LAW.days(2017, 2023) == ["2019-11-05", "2021-11-02", "2023-11-07"]
    assert LAW.days(2033, 2033) == ["2033-11-08"]
    assert LAW.slate("2021-11-02") == [
        ("mayor", "city", None, 1, "plurality", None),
        ("council", "city", "district", 2, "plurality", None),
    ]


def test_the_proposal_has_one_period():
    assert LAW.periods() == ["2017-09-12"]


def test_what_is_not_the_citys():
    assert LAW.outside() == {
        "federal-offices": "federal",
        "state-offices": "state",
        "county-offices": "county",
        "judges": "judicial",
        "school-board": "school-district",
    }


def test_the_papers_that_are_enough():
    assert LAW.papers() == {"one-of-each": (1, 1, ("photo", "birth-date"), {})}
