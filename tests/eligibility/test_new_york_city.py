"""New York City: Local Law 11 of 2022 as it was enacted, and as three courts struck it down."""

import pytest

from tests.eligibility.law import Law

LAW = Law("new-york-city", sworn=["lawful-residence-or-work"], borough="Queens", district=26)
ALL = {"mayor", "public-advocate", "comptroller", "borough-president-borough-Queens", "council-district-26"}


def test_it_was_struck_down_on_27_june_2022_and_for_good_on_20_march_2025():
    assert LAW.statuses() == {
        "2022-01-09": "in-force",
        "2022-06-27": "struck-down",
        "2024-02-21": "struck-down",
        "2025-03-20": "struck-down",
    }
    assert (LAW.pack.legal_status, LAW.pack.demonstration) == ("struck-down", True)


def test_who_turns_18_on_4_november_2025_election_day_could_have_voted():
    assert LAW.may("2025-11-04", born="2007-11-04") == ALL


def test_who_turns_18_on_5_november_2025_the_day_after_could_not():
    assert LAW.why_not("mayor", "2025-11-04", born="2007-11-05") == ("age", 17, 18)


def test_who_moved_in_on_5_october_2025_has_30_days_and_on_6_october_29():
    assert LAW.may("2025-11-04", since="2025-10-05") == ALL
    assert LAW.why_not("mayor", "2025-11-04", since="2025-10-06") == ("residency", 29, 30)


def test_the_six_months_of_the_bill_of_2010_are_recorded_as_a_conflict():
    (days,) = (one for one in LAW.pack.requirements if one.kind == "residency")

    assert days.days.latest.conflict.value == "6 months"


def test_leave_to_live_or_work_here_is_sworn_as_one():
    assert LAW.why_not("mayor", "2025-11-04", sworn=[]) == ("attestation", None, "lawful-residence-or-work")
    assert " or " in LAW.pack.wording("lawful-residence-or-work")


@pytest.mark.parametrize("in_person", [False, True])
@pytest.mark.parametrize(("registered", "in_time"), [("2025-10-25T23:59:59", True), ("2025-10-26T00:00:00", False)])
def test_registration_would_have_closed_on_the_tenth_day_before(registered, in_person, in_time):
    assert (LAW.may("2025-11-04", registered=registered, in_person=in_person) == ALL) == in_time


def test_a_registration_would_have_gone_on_from_one_election_to_the_next():
    assert LAW.may("2025-11-04", registered="2023-02-01T12:00") == ALL


def test_the_council_alone_would_have_been_up_in_2023_and_everyone_in_2025():
    assert LAW.days(2023, 2029) == ["2023-06-27", "2023-11-07", "2025-06-24", "2025-11-04", "2029-11-06"]
    assert LAW.days(2033, 2033) == ["2033-11-08"]
    most, five = ("plurality", None), ("ranked-choice", 5)
    assert LAW.slate("2023-06-27") == [("council", "city", "district", 1, *five)]
    assert LAW.slate("2023-11-07") == [("council", "city", "district", 1, *most)]
    whole = [("mayor", None), ("public-advocate", None), ("comptroller", None),
             ("borough-president", "borough"), ("council", "district")]  # fmt: skip
    assert LAW.slate("2025-06-24") == [(one, "city", kind, 1, *five) for one, kind in whole]
    assert LAW.slate("2025-11-04") == [(one, "city", kind, 1, *most) for one, kind in whole]
    assert LAW.slate("2029-11-06") == LAW.slate("2025-11-04")


def test_the_law_changed_on_these_days_and_no_others():
    assert LAW.periods() == ["2022-01-09", "2022-06-27", "2023-01-01", "2023-01-09", "2024-02-21", "2025-03-20"]


def test_what_is_not_the_citys():
    assert LAW.outside() == {
        "federal-offices": "federal",
        "state-offices": "state",
        "county-offices": "county",
        "judges": "judicial",
        "party-offices": "party",
    }


def test_the_papers_that_are_enough():
    assert LAW.papers() == {
        "photo-card": (1, 0, ("photo",), {}),
        "paper-with-address": (0, 1, (), {}),
    }
