"""San Francisco: guardians vote for the Board of Education, and for nothing else."""

from datetime import date

import pytest

from eligibility import contests_due, decide
from tests.eligibility.law import Law
from tests.eligibility.people import CITYWIDE, SAN_FRANCISCO, contests, facts, why_not

SWORN = ("guardian", "intends-to-remain")
LAW = Law("san-francisco", sworn=SWORN)


def test_a_guardian_who_intends_to_remain_has_one_contest():
    assert contests(SAN_FRANCISCO, "2024-11-05", CITYWIDE, sworn=SWORN) == {"board-of-education"}


def test_who_is_no_guardian_has_none():
    finding = why_not(SAN_FRANCISCO, "board-of-education", "2024-11-05", CITYWIDE, sworn=["intends-to-remain"])

    assert (finding.requirement, finding.value, finding.needs) == ("attestation", None, "guardian")
    assert "13.111" in finding.cite


def test_a_guardian_who_does_not_intend_to_remain_has_none():
    finding = why_not(SAN_FRANCISCO, "board-of-education", "2024-11-05", CITYWIDE, sworn=["guardian"])

    assert finding.needs == "intends-to-remain"


def test_a_guardian_who_turns_18_on_election_day_may_vote_and_the_day_after_may_not():
    assert contests(SAN_FRANCISCO, "2024-11-05", born="2006-11-05", sworn=SWORN) == {"board-of-education"}
    assert why_not(SAN_FRANCISCO, "board-of-education", "2024-11-05", born="2006-11-06", sworn=SWORN).value == 17


def test_who_moved_in_on_election_day_may_vote_and_the_day_after_may_not():
    assert contests(SAN_FRANCISCO, "2024-11-05", since="2024-11-05", sworn=SWORN) == {"board-of-education"}
    late = why_not(SAN_FRANCISCO, "board-of-education", "2024-11-05", since="2024-11-06", sworn=SWORN)
    assert (late.value, late.needs) == (-1, 0)


@pytest.mark.parametrize(
    ("day", "seats"),
    [
        ("2018-11-06", 3),
        ("2019-11-05", 1),
        ("2020-11-03", 4),
        ("2022-02-15", 3),
        ("2022-11-08", 3),
        ("2024-11-05", 4),
        ("2026-06-02", 1),
        ("2026-11-03", 3),
    ],
)
def test_the_board_is_up_in_even_years_and_on_its_special_days(day, seats):
    (contest,) = contests_due(SAN_FRANCISCO, date.fromisoformat(day))

    assert (contest.id, contest.authority, contest.district, contest.seats, contest.method) == (
        "board-of-education",
        "school-district",
        None,
        seats,
        "yes-no" if day == "2022-02-15" else "plurality",
    )


@pytest.mark.parametrize("day", ["2016-11-08", "2017-11-07", "2021-11-02", "2025-11-04", "2022-02-16"])
def test_nothing_is_up_on_other_days(day):
    assert contests_due(SAN_FRANCISCO, date.fromisoformat(day)) == ()


def test_the_mayor_is_listed_as_not_opened_by_law():
    decision = decide(facts(sworn=SWORN), SAN_FRANCISCO, date(2024, 11, 5), CITYWIDE)
    (city,) = (o for o in decision.outside if o.outside.id == "city-offices")

    assert (city.finding.met, city.finding.needs) == (False, "opened-by-law")


def test_it_stays_a_demonstration_until_counsel_excepts_its_affidavit():
    assert (SAN_FRANCISCO.legal_status, SAN_FRANCISCO.demonstration) == ("in-force", True)


def test_registration_is_for_one_election():
    rule = SAN_FRANCISCO.registration.on(date(2024, 11, 5)).value

    assert (rule.validity, rule.closes_days_before, rule.same_day_until) == ("one-election", 15, "20:00")


def test_the_notice_of_section_1003_names_who_may_obtain_the_data():
    assert "Immigration and Customs Enforcement (ICE)" in SAN_FRANCISCO.notices["en"]
    assert "naturalization" in SAN_FRANCISCO.notices["en"]


def test_what_is_not_opened():
    assert LAW.outside() == {
        "federal-offices": "federal",
        "state-offices": "state",
        "judges": "judicial",
        "city-offices": "city",
        "college-board": "special-district",
    }


def test_the_law_changed_on_these_days_and_no_others():
    assert LAW.periods() == ["2018-05-30", "2020-01-01", "2022-01-01", "2024-01-01", "2026-01-01"]
    assert LAW.statuses() == {"2018-05-30": "in-force"}


@pytest.mark.parametrize(
    ("registered", "in_person", "in_time"),
    [
        ("2024-10-21T23:59:59", False, True),
        ("2024-10-22T00:00:00", False, False),
        ("2024-10-22T00:00:00", True, True),
        ("2024-11-05T20:00:59", True, True),
        ("2024-11-05T20:01:00", True, False),
    ],
)
def test_one_registers_to_21_october_2024_and_in_person_until_eight_on_election_day(registered, in_person, in_time):
    assert (LAW.may("2024-11-05", registered=registered, in_person=in_person) == {"board-of-education"}) == in_time


def test_who_registered_on_the_day_of_the_election_before_registers_anew_and_from_the_day_after_it_holds():
    assert LAW.why_not("board-of-education", "2024-11-05", registered="2022-11-08T23:59:59") == (
        "registration", "2022-11-08 23:59", "2022-11-09 00:00")  # fmt: skip
    assert LAW.may("2024-11-05", registered="2022-11-09T00:00:00") == {"board-of-education"}


def test_a_recall_between_two_elections_ends_a_registration_too():
    assert LAW.may("2022-02-15", registered="2021-06-01T12:00") == {"board-of-education"}
    assert LAW.why_not("board-of-education", "2022-11-08", registered="2021-06-01T12:00")[0] == "registration"


def test_the_papers_that_are_enough():
    assert LAW.papers() == {"city-id-papers": (1, 1, ("photo", "birth-date"), {"points": 2})}
