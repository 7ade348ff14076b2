"""Burlington: lawful residents vote for the city and its school district, of their own ward and district."""

import pytest

from tests.eligibility.law import Law

LAW = Law("burlington", sworn=["lawful-residence"], ward=5, district="East")
IN_2024 = {"mayor", "council-ward-5", "school-commissioner-ward-5"}
IN_2025 = {"district-council-district-East", "district-school-commissioner-district-East"}


def test_who_turns_18_on_5_march_2024_election_day_may_vote():
    assert LAW.may("2024-03-05", born="2006-03-05") == IN_2024


def test_who_turns_18_on_6_march_2024_the_day_after_may_not():
    assert LAW.why_not("mayor", "2024-03-05", born="2006-03-06") == ("age", 17, 18)


def test_who_moved_in_on_5_march_2024_may_vote_and_on_6_march_may_not():
    assert LAW.may("2024-03-05", since="2024-03-05") == IN_2024
    assert LAW.why_not("mayor", "2024-03-05", since="2024-03-06") == ("residency", -1, 0)


def test_lawful_residence_is_sworn_and_nothing_else_of_it_is_kept():
    assert LAW.why_not("mayor", "2024-03-05", sworn=[]) == ("attestation", None, "lawful-residence")


def test_the_mark_on_the_checklist_conflicts_with_law_1_and_keeps_it_a_demonstration():
    (conflict,) = LAW.pack.law_1_conflicts

    assert "8a(e)" in conflict.source.cite
    assert conflict.exception is None
    assert (LAW.pack.legal_status, LAW.pack.demonstration) == ("in-force", True)


@pytest.mark.parametrize("in_person", [False, True])
@pytest.mark.parametrize(("registered", "in_time"), [("2024-03-05T19:00:59", True), ("2024-03-05T19:01:00", False)])
def test_one_registers_until_seven_on_election_day(registered, in_person, in_time):
    assert (LAW.may("2024-03-05", registered=registered, in_person=in_person) == IN_2024) == in_time


def test_a_registration_goes_on_from_one_election_to_the_next():
    assert LAW.may("2025-03-04", registered="2023-07-01T12:00") == IN_2025


def test_elections_are_on_the_first_tuesday_in_march_wards_in_even_years_and_districts_in_odd():
    assert LAW.days(2023, 2027) == ["2024-03-05", "2025-03-04", "2026-03-03", "2027-03-02"]
    assert LAW.days(2033, 2033) == ["2033-03-01"]
    assert LAW.may("2025-03-04") == IN_2025
    assert LAW.may("2026-03-03") == IN_2024 - {"mayor"}
    assert LAW.may("2027-03-02") == IN_2025 | {"mayor"}


def test_the_school_district_is_the_citys_to_control_here():
    ranked = (1, "ranked-choice", None)
    assert LAW.slate("2024-03-05") == [
        ("mayor", "city", None, *ranked),
        ("council", "city", "ward", *ranked),
        ("school-commissioner", "school-district", "ward", *ranked),
    ]
    assert LAW.slate("2025-03-04") == [
        ("district-council", "city", "district", *ranked),
        ("district-school-commissioner", "school-district", "district", *ranked),
    ]


def test_the_law_has_one_period():
    assert LAW.periods() == ["2023-06-20"]
    assert LAW.statuses() == {"2023-06-20": "in-force"}


def test_what_is_not_the_citys():
    assert LAW.outside() == {
        "federal-offices": "federal",
        "state-offices": "state",
        "county-offices": "county",
        "judges": "judicial",
    }


def test_the_papers_that_are_enough():
    assert LAW.papers() == {"paper-with-address": (0, 1, (), {})}
