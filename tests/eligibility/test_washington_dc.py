"""Washington, D.C.: local contests alone, wards by turns, and seventeen going on eighteen."""

from datetime import date

import pytest

from eligibility import Split
from tests.eligibility.law import Law

LAW = Law("washington-dc", sworn=["not-registered-elsewhere"], ward=2, anc="2A01")
PRIMARY_2024 = {"council-at-large", "council-ward-2"}
GENERAL_2024 = PRIMARY_2024 | {"state-board-ward-2", "neighborhood-commissioner-anc-2A01", "initiative-83"}


def test_who_is_17_at_the_primary_of_4_june_2024_and_18_on_5_november_2024_may_vote_in_the_primary():
    assert LAW.may("2024-06-04", born="2006-11-05") == PRIMARY_2024


def test_who_turns_18_on_6_november_2024_the_day_after_the_general_election_may_not():
    assert LAW.why_not("council-at-large", "2024-06-04", born="2006-11-06") == ("age-by-general", 17, 18)


def test_who_turns_17_on_15_july_2025_and_18_before_november_2026_may_vote_in_the_special_election():
    ward_8 = Law("washington-dc", sworn=LAW.sworn, ward=8)
    assert ward_8.may("2025-07-15", born="2008-07-15") == {"council-ward-8"}


def test_who_turns_17_on_16_july_2025_the_day_after_may_not_though_18_by_november_2026():
    ward_8 = Law("washington-dc", sworn=LAW.sworn, ward=8)
    assert ward_8.why_not("council-ward-8", "2025-07-15", born="2008-07-16") == ("age", 16, 17)


def test_at_a_general_election_the_age_is_18_that_day():
    assert LAW.may("2024-11-05", born="2006-11-05") == GENERAL_2024
    assert LAW.why_not("initiative-83", "2024-11-05", born="2006-11-06") == ("age-by-general", 17, 18)


def test_who_moved_in_on_6_october_2024_has_30_days_and_on_7_october_29():
    assert LAW.may("2024-11-05", since="2024-10-06") == GENERAL_2024
    assert LAW.why_not("initiative-83", "2024-11-05", since="2024-10-07") == ("residency", 29, 30)


def test_who_may_vote_in_any_state_territory_or_country_may_not():
    assert LAW.why_not("initiative-83", "2024-11-05", sworn=[]) == ("attestation", None, "not-registered-elsewhere")
    assert "country" in LAW.pack.wording("not-registered-elsewhere")


@pytest.mark.parametrize(
    ("registered", "in_person", "in_time"),
    [
        ("2024-10-15T23:59:59", False, True),
        ("2024-10-16T00:00:00", False, False),
        ("2024-10-16T00:00:00", True, True),
        ("2024-11-05T20:00:59", True, True),
        ("2024-11-05T20:01:00", True, False),
    ],
)
def test_one_registers_to_the_21st_day_before_then_in_person_until_eight_on_election_day(
    registered, in_person, in_time
):
    assert (LAW.may("2024-11-05", registered=registered, in_person=in_person) == GENERAL_2024) == in_time


def test_a_registration_goes_on_from_one_election_to_the_next():
    assert LAW.may("2024-11-05", registered="2023-03-01T12:00") == GENERAL_2024


def test_the_elections_are_the_generals_of_even_years_and_the_primaries_and_specials_listed():
    assert LAW.days(2023, 2028) == [
        "2024-06-04", "2024-11-05", "2025-07-15", "2026-06-16", "2026-11-03", "2028-11-07"]  # fmt: skip


def test_a_november_that_begins_on_a_tuesday_votes_on_the_8th():
    assert LAW.days(2044, 2044) == ["2044-11-08"]
    assert LAW.pack.general_election.on(date(2044, 6, 1)).value.on_or_after(date(2044, 11, 2)) == date(2044, 11, 8)


def test_wards_2_4_7_and_8_take_their_turn_in_2024_and_the_others_in_2026():
    assert LAW.turns("2024-11-05") == {"council": set("2478"), "state-board": set("2478")}
    assert LAW.turns("2026-11-03") == {"council": set("1356"), "state-board": set("1356")}
    assert LAW.turns("2028-11-07") == LAW.turns("2024-11-05")
    assert LAW.turns("2030-11-05") == LAW.turns("2026-11-03")
    assert LAW.turns("2024-06-04") == {"council": set("2478")}
    assert LAW.turns("2025-07-15") == {"council": {"8"}}
    assert LAW.turns("2026-06-16") == {"council": set("1356")}


def test_who_lives_in_ward_1_has_no_ward_contest_in_2024():
    elsewhere = Law("washington-dc", sworn=LAW.sworn)
    elsewhere.split = Split("home", "home", {"ward": "1", "anc": "1B02"})

    assert elsewhere.may("2024-06-04") == {"council-at-large"}
    assert elsewhere.may("2024-11-05") == {
        "council-at-large", "neighborhood-commissioner-anc-1B02", "initiative-83"}  # fmt: skip


def test_the_slate_of_2024():
    most = ("plurality", None)
    assert LAW.slate("2024-06-04") == [
        ("council-at-large", "city", None, 1, *most),
        ("council", "city", "ward", 1, *most),
    ]
    assert LAW.slate("2024-11-05") == [
        ("council-at-large", "city", None, 2, *most),
        ("council", "city", "ward", 1, *most),
        ("state-board", "city", "ward", 1, *most),
        ("neighborhood-commissioner", "city", "anc", 1, *most),
        ("initiative-83", "city", None, 1, "yes-no", None),
    ]
    assert LAW.slate("2025-07-15") == [("council", "city", "ward", 1, *most)]


def test_the_slate_of_2026_is_by_ranked_choice_with_five_ranks_but_for_education_and_neighbourhoods():
    five = ("ranked-choice", 5)
    primary = [
        ("mayor", "city", None, 1, *five),
        ("council-chair", "city", None, 1, *five),
        ("attorney-general", "city", None, 1, *five),
        ("council-at-large", "city", None, 1, *five),
        ("council", "city", "ward", 1, *five),
    ]
    assert LAW.slate("2026-06-16") == primary
    assert LAW.slate("2026-11-03") == [
        *primary[:3],
        ("council-at-large", "city", None, 2, *five),
        ("council", "city", "ward", 1, *five),
        ("state-board-at-large", "city", None, 1, *five),
        ("state-board", "city", "ward", 1, *five),
        ("neighborhood-commissioner", "city", "anc", 1, "plurality", None),
    ]


def test_the_whole_slate_comes_again_every_fourth_year():
    assert LAW.days(2027, 2031) == ["2028-11-07", "2030-11-05"]
    assert [one[0] for one in LAW.slate("2028-11-07")] == [
        "council-at-large", "council", "state-board", "neighborhood-commissioner"]  # fmt: skip
    assert LAW.slate("2030-11-05") == LAW.slate("2026-11-03")


def test_before_june_2026_the_most_votes_won_for_every_office():
    assert {office.voting.on(date(2026, 5, 31)).value.method for office in LAW.pack.offices} == {"plurality"}


def test_the_law_changed_on_these_days_and_no_others():
    assert LAW.periods() == ["2023-02-23", "2026-06-01"]
    assert LAW.statuses() == {"2023-02-23": "in-force"}


def test_neither_president_nor_delegate_is_the_districts_to_open():
    assert LAW.outside() == {"federal-offices": "federal", "statehood-delegation": "city", "party-offices": "party"}
    assert "Delegate" in LAW.pack.outside[0].title


def test_its_ordinary_roll_marks_these_voters_which_conflicts_with_law_1():
    assert len(LAW.pack.law_1_conflicts) == 1
    assert (LAW.pack.legal_status, LAW.pack.demonstration) == ("in-force", True)


def test_a_primary_says_that_it_is_for_voters_enrolled_in_the_party():
    assert all("enrolled" in special.title for special in LAW.pack.specials if "primary" in special.title)


def test_the_papers_that_are_enough():
    assert LAW.papers() == {"one-of-each": (1, 1, ("photo", "name"), {})}
