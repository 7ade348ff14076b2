"""Birthdays, with the 29th of February and birth dates known only in part."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility import BadInput, BirthDate
from eligibility.birth import age_on, anniversary

days = st.dates(date(1880, 1, 1), date(2100, 12, 31))


def test_someone_turns_18_on_the_birthday_and_not_the_day_before():
    born = BirthDate.parse("2007-11-04")

    assert age_on(born.latest, date(2025, 11, 4)) == (18, 0)
    assert age_on(born.latest, date(2025, 11, 3)) == (17, 364)


def test_a_birthday_on_29_february_falls_on_1_march_in_a_common_year():
    born = date(2008, 2, 29)

    assert anniversary(born, 18) == date(2026, 3, 1)
    assert age_on(born, date(2026, 2, 28)) == (17, 364)
    assert age_on(born, date(2026, 3, 1)) == (18, 0)


def test_a_birthday_on_29_february_is_that_day_in_a_leap_year():
    assert anniversary(date(2008, 2, 29), 16) == date(2024, 2, 29)


def test_a_birth_date_known_to_the_year_counts_from_its_last_day():
    born = BirthDate.parse("2007")

    assert (born.earliest, born.latest) == (date(2007, 1, 1), date(2007, 12, 31))
    assert age_on(born.latest, date(2025, 12, 30)) == (17, 364)
    assert age_on(born.latest, date(2025, 12, 31)) == (18, 0)


def test_a_birth_date_known_to_the_month_counts_from_the_months_last_day():
    assert BirthDate.parse("2008-02").latest == date(2008, 2, 29)
    assert BirthDate.parse("2007-02").latest == date(2007, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["2025-02-29", "2025-13", "2025-00-10", "0000", "25-01-01", "1990-1-1", "", "1990-01-01T00", "١٩٩٠", "1990 "],
)
def test_what_is_no_date_is_refused_in_one_line(text):
    with pytest.raises(BadInput) as refused:
        BirthDate.parse(text)

    assert str(refused.value).startswith("birth date: ")
    assert "\n" not in str(refused.value)


def test_a_day_without_its_month_is_refused():
    with pytest.raises(BadInput, match="needs its month"):
        BirthDate(1990, None, 3)


@given(days)
def test_iso_and_parse_are_each_others_reverse(day):
    born = BirthDate(day.year, day.month, day.day)

    assert BirthDate.parse(born.iso()) == born


@given(born=days, years=st.integers(0, 100), on=days)
def test_age_is_reached_exactly_on_the_anniversary(born, years, on):
    reached, since = age_on(born, on)

    assert (reached >= years) == (anniversary(born, years) <= on)
    assert anniversary(born, reached) + timedelta(days=since) == on
    assert 0 <= since <= 365


@given(born=days, on=days)
def test_knowing_less_of_a_birth_date_never_makes_anyone_older(born, on):
    month, year = BirthDate(born.year, born.month).latest, BirthDate(born.year).latest

    assert age_on(year, on) <= age_on(month, on) <= age_on(born, on)
