"""The window of registration: to the minute, in the city's zone, on both sides and across daylight saving."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility import load_pack, pack_names
from eligibility.dated import Dated
from eligibility.registration import window
from eligibility.truth_classes import days_that_matter
from tests.eligibility.people import MINNEAPOLIS, MOMENTS, SAN_FRANCISCO

SECOND = timedelta(seconds=1)


def with_rule(pack, **changes):
    """The pack with another rule of registration, in force all the time."""
    entry = pack.registration.values[-1]
    return replace(pack, registration=Dated((replace(entry, value=replace(entry.value, **changes)),)))


def test_the_minute_that_the_law_names_counts_to_its_end():
    found = window(MINNEAPOLIS, date(2025, 11, 4))
    five = datetime(2025, 10, 14, 17, 0, tzinfo=ZoneInfo("America/Chicago"))

    assert found.closes == five
    assert found.is_open(five + timedelta(seconds=59))
    assert not found.is_open(five + timedelta(seconds=60))


def test_a_deadline_before_the_clocks_change_is_in_summer_time_and_election_day_in_winter_time():
    found = window(MINNEAPOLIS, date(2025, 11, 4))  # the clocks went back on 2 November 2025

    assert found.closes.astimezone(UTC) == datetime(2025, 10, 14, 22, 0, tzinfo=UTC)
    assert found.closes_in_person.astimezone(UTC) == datetime(2025, 11, 5, 2, 0, tzinfo=UTC)


def test_of_an_hour_that_comes_twice_the_later_one_closes():
    pack = with_rule(MINNEAPOLIS, closes_days_before=2, closes_at="01:30")
    found = window(pack, date(2025, 11, 4))

    assert found.is_open(datetime(2025, 11, 2, 7, 30, 59, tzinfo=UTC))  # 1:30 a.m. for the second time
    assert not found.is_open(datetime(2025, 11, 2, 7, 31, tzinfo=UTC))


def test_a_deadline_in_an_hour_that_is_skipped_still_closes_once():
    pack = with_rule(MINNEAPOLIS, closes_days_before=2, closes_at="02:30")
    found = window(pack, date(2025, 3, 11))  # the clocks went from 2 to 3 on 9 March 2025

    assert found.is_open(datetime(2025, 3, 9, 7, 30, tzinfo=UTC))
    assert not found.is_open(datetime(2025, 3, 9, 8, 31, tzinfo=UTC))


def test_a_roll_of_one_election_opens_the_day_after_the_election_before():
    found = window(SAN_FRANCISCO, date(2024, 11, 5))

    assert found.opens == datetime(2022, 11, 9, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert not found.is_open(found.opens - SECOND)
    assert found.is_open(found.opens)


def test_the_first_election_of_a_roll_of_one_election_has_no_opening():
    assert window(SAN_FRANCISCO, date(2018, 11, 6)).opens is None


def test_before_the_rule_began_there_is_no_window():
    assert window(SAN_FRANCISCO, date(2018, 5, 29)) is None


elections = st.sampled_from(
    [(pack, day) for pack in (load_pack(name) for name in pack_names()) for day in days_that_matter(pack)]
)


@given(election=elections, at=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_once_closed_a_window_stays_closed_and_in_person_is_open_as_long_as_from_afar(election, at, later):
    found = window(*election)

    assert found.is_open_in_person(at) or not found.is_open(at)
    if found.opens is None:
        assert found.is_open(at) or not found.is_open(at + later)
        assert found.is_open_in_person(at) or not found.is_open_in_person(at + later)


@pytest.mark.parametrize("name", pack_names())
def test_every_place_has_a_window_for_each_of_its_elections_and_it_closes_by_election_day(name):
    pack = load_pack(name)
    for day in days_that_matter(pack):
        found = window(pack, day)
        assert found is not None
        assert found.closes.date() <= day
        assert found.closes_in_person is None or found.closes_in_person.date() == day
