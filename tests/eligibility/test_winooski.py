"""Winooski: citizens and lawful residents on one city checklist, by one oath that is true of both."""

from datetime import date

import pytest

from tests.eligibility.law import Law

LAW = Law("winooski", sworn=["lawful-residence"])
TWO, THREE = {"council", "school-board"}, {"mayor", "council", "school-board"}


def test_who_turns_18_on_1_march_2022_election_day_may_vote():
    assert LAW.may("2022-03-01", born="2004-03-01") == THREE


def test_who_turns_18_on_2_march_2022_the_day_after_may_not():
    assert LAW.why_not("mayor", "2022-03-01", born="2004-03-02") == ("age", 17, 18)


def test_who_was_born_on_29_february_2004_is_18_on_1_march_2022():
    assert LAW.may("2022-03-01", born="2004-02-29") == THREE


def test_who_moved_in_on_1_march_2022_may_vote_and_on_2_march_may_not():
    assert LAW.may("2022-03-01", since="2022-03-01") == THREE
    assert LAW.why_not("council", "2022-03-01", since="2022-03-02") == ("residency", -1, 0)


def test_the_oath_is_one_sentence_with_either_or_and_kept_as_sworn():
    assert LAW.why_not("council", "2022-03-01", sworn=[]) == ("attestation", None, "lawful-residence")
    assert LAW.pack.statements_on(date(2022, 3, 1)) == ("lawful-residence",)
    assert "I do not say which" in LAW.pack.wording("lawful-residence")


@pytest.mark.parametrize("in_person", [False, True])
@pytest.mark.parametrize(("registered", "in_time"), [("2025-03-04T19:00:59", True), ("2025-03-04T19:01:00", False)])
def test_one_registers_until_seven_on_election_day(registered, in_person, in_time):
    assert (LAW.may("2025-03-04", registered=registered, in_person=in_person) == THREE) == in_time


def test_a_registration_goes_on_from_one_election_to_the_next():
    assert LAW.may("2025-03-04", registered="2021-07-01T12:00") == THREE


def test_elections_are_on_the_first_tuesday_in_march():
    assert LAW.days(2021, 2026) == ["2022-03-01", "2023-03-07", "2024-03-05", "2025-03-04", "2026-03-03"]


def test_the_mayor_is_up_every_third_year_and_two_councilors_and_trustees_each_year():
    council = ("council", "city", None, 2, "plurality", None)
    school = ("school-board", "school-district", None, 2, "plurality", None)
    assert LAW.slate("2022-03-01") == [("mayor", "city", None, 1, "plurality", None), council, school]
    assert LAW.slate("2023-03-07") == LAW.slate("2024-03-05") == [council, school]
    assert LAW.slate("2025-03-04")[0][0] == "mayor"


def test_that_the_charter_names_no_school_is_recorded_as_a_conflict():
    school = LAW.pack.office("school-board").years.latest

    assert "the school not named" in school.conflict.value
    assert "Counsel confirms" in school.conflict.why


def test_the_law_has_one_period_and_is_in_force():
    assert LAW.periods() == ["2021-06-24"]
    assert LAW.statuses() == {"2021-06-24": "in-force"}


def test_what_is_not_the_citys():
    assert LAW.outside() == {
        "federal-offices": "federal",
        "state-offices": "state",
        "county-offices": "county",
        "judges": "judicial",
    }


def test_the_papers_that_are_enough():
    assert LAW.papers() == {"paper-with-address": (0, 1, (), {})}
