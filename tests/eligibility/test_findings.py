"""Findings that people can read: met or not, by how much, from what source, under which message key."""

import string
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from eligibility import BirthDate, Facts, decide, load_pack, pack_names
from eligibility.facts import OATH_OF_AGE, Registered
from eligibility.finding_text import MESSAGES, in_words
from eligibility.office import OUTSIDE_AUTHORITIES
from eligibility.truth_classes import days_that_matter, people, places
from tests.eligibility.law import Law
from tests.eligibility.people import MINNEAPOLIS

LAW = Law("minneapolis", ward=3, park=5)


def says(contest, on, law=LAW, **stated):
    (chosen,) = (one for one in law.decide(on, **stated).contests if one.id == contest)
    return {finding.requirement: in_words(finding) for finding in chosen.findings}


def test_an_age_says_by_how_much_it_is_missed():
    assert says("mayor", "2025-11-04", born="2007-11-05")["age"] == (
        "17 years 364 days on election day; 18 needed, reached 1 day later"
    )


def test_an_age_that_is_met_says_by_how_much():
    assert says("mayor", "2025-11-04", born="2007-11-03")["age"] == "18 years 1 day on election day; 18 needed"


def test_a_residency_says_how_many_days_are_missing():
    assert says("mayor", "2025-11-04", since="2025-10-17")["residency"] == (
        "18 days on election day; 20 needed, 2 days short"
    )
    assert says("mayor", "2025-11-04", since="2025-11-05")["residency"] == "not a resident yet on election day"
    assert says("mayor", "2025-11-04", since=None)["residency"] == "since when is not stated; 20 days needed"


def test_an_age_by_the_next_general_election_names_its_day():
    dc = Law("washington-dc", sworn=["not-registered-elsewhere"], ward=2, anc="2A01")

    assert says("council-at-large", "2024-06-04", dc, born="2006-11-06")["age-by-general"] == (
        "17 years 365 days at the next general election, 2024-11-05; 18 needed"
    )


def test_a_district_says_where_the_person_lives():
    assert says("council-ward-3", "2025-11-04")["district"] == "lives in ward-3"


def test_a_registration_too_late_says_both_times():
    assert says("mayor", "2025-11-04", registered="2025-10-14T17:01")["registration"] == (
        "registered 2025-10-14 17:01, after 2025-10-14 17:00; from then on one registers in person"
    )


def test_a_birth_year_that_may_or_may_not_be_enough_asks_for_an_oath_and_the_oath_decides():
    unsure = LAW.decide("2025-11-04", born="2007").contests[0]
    sworn = LAW.decide("2025-11-04", born="2007", sworn=[OATH_OF_AGE]).contests[0]

    assert (unsure.eligible, unsure.findings[0].message, unsure.findings[0].value) == (False, "age.unsure", 17)
    assert "perhaps 18" in in_words(unsure.findings[0])
    assert (sworn.eligible, sworn.findings[0].message) == (True, "age.sworn")


def test_an_oath_of_age_makes_nobody_older_than_they_can_be():
    too_young = LAW.decide("2025-11-04", born="2008", sworn=[OATH_OF_AGE]).contests[0]
    whole_date = LAW.decide("2025-11-04", born="2007-11-05", sworn=[OATH_OF_AGE]).contests[0]

    assert (too_young.eligible, too_young.findings[0].message) == (False, "age.short")
    assert (whole_date.eligible, whole_date.findings[0].message) == (False, "age.short")


@pytest.mark.parametrize("name", pack_names())
def test_every_finding_has_words_a_citation_and_a_link(name):
    pack = load_pack(name)
    for on in days_that_matter(pack):
        for place in places(pack, on):
            for person in list(people(pack, on=on))[::7]:
                decision = decide(person.facts, pack, on, place.split)
                findings = [finding for one in decision.contests for finding in one.findings]
                findings += [one.finding for one in decision.outside]
                for finding in findings:
                    assert in_words(finding)
                    assert finding.cite
                    assert finding.source.href.startswith("https://")


def test_every_message_is_used_by_a_finding_and_every_authority_has_one():
    assert {key.removeprefix("authority.") for key in MESSAGES if key.startswith("authority.")} == set(
        OUTSIDE_AUTHORITIES
    )
    fields = {name for text in MESSAGES.values() for _, name, _, _ in string.Formatter().parse(text) if name}
    assert fields == {"years", "days", "day", "needs", "at_most", "missing", "value"}


def test_a_citizen_sees_which_contests_they_would_give_up():
    decision = LAW.decide("2025-11-04")

    assert [one.id for one in decision.given_up] == [one.id for one in MINNEAPOLIS.outside]


def test_contests_outside_say_whose_they_are_and_are_never_met():
    found = {one.outside.id: one.finding for one in LAW.decide("2025-11-04").outside}

    assert in_words(found["school-board"]) == "a contest of the school district, which the city does not control"
    assert not any(finding.met for finding in found.values())


def test_a_registration_is_judged_by_the_citys_clock_whatever_the_zone_it_is_given_in():
    facts = Facts(BirthDate(1980), date(2000, 1, 1))
    utc = datetime(2025, 10, 14, 22, 0, 59, tzinfo=UTC)  # 17:00:59 in Minneapolis, in daylight saving time

    in_time = replace(facts, registered=Registered(utc))
    late = replace(facts, registered=Registered(utc + timedelta(seconds=1)))

    assert decide(in_time, MINNEAPOLIS, date(2025, 11, 4), None).eligible_ids
    assert not decide(late, MINNEAPOLIS, date(2025, 11, 4), None).eligible_ids
