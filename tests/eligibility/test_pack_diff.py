"""`pack diff`: who would gain or lose a vote, in words that the truth table bears out."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import eligibility
from eligibility import load_pack, pack_names
from eligibility.dated import Dated
from eligibility.pack_diff import compare
from eligibility.requirement import Age, Attestation
from tests.eligibility.people import MINNEAPOLIS

PACKS = Path(eligibility.__file__).parent / "packs"


@pytest.fixture
def changed(tmp_path):
    def change(place, *pairs):
        shutil.copytree(PACKS / place, tmp_path / place)
        file = tmp_path / place / "pack.toml"
        text = file.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
        return load_pack(tmp_path / place)

    return change


def told(old, new):
    return {one.contest: (one.gains, one.loses) for one in compare(old, new)}


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_differs_from_itself_in_nothing(name):
    assert compare(load_pack(name), load_pack(name)) == []


def test_a_lower_age_is_gained_by_those_between(changed):
    younger = changed("minneapolis", ("value = 18", "value = 16"))

    found = compare(MINNEAPOLIS, younger)
    mayor = next(one for one in found if one.contest == "mayor")
    assert (mayor.gains, mayor.loses) == (("who is 16 to 17 years old on election day",), ())
    assert mayor.gained > 0
    assert mayor.lost == 0
    assert {one.contest for one in found} > {"council", "park-at-large"}


def test_the_other_way_round_they_lose_it(changed):
    younger = changed("minneapolis", ("value = 18", "value = 17"))

    assert told(younger, MINNEAPOLIS)["mayor"] == ((), ("who is 17 years old on election day",))


def test_more_days_of_residence_are_lost_by_those_between(changed):
    longer = changed("minneapolis", ("value = 20\n", "value = 30\n"))

    assert told(MINNEAPOLIS, longer)["mayor"] == ((), ("who has lived there for 20 to 29 days",))


def test_an_oath_that_is_no_longer_asked_is_gained_by_those_who_did_not_swear_it(changed):
    asked = '[[requirement]]\nkind = "attestation"\nstatement = "{}"'
    free = changed("san-francisco", (asked.format("guardian"), asked.format("not-registered-elsewhere")))
    gains, loses = told(load_pack("san-francisco"), free)["board-of-education"]

    assert any(words.startswith("who has not sworn guardian") for words in gains)
    assert any(words.startswith("who has not sworn not-registered-elsewhere") for words in loses)


def test_a_later_deadline_is_gained_by_those_who_register_between(changed):
    later = changed(
        "minneapolis",
        ("closes_days_before = 21", "closes_days_before = 15"),
        ('closes_at = "17:00"', 'closes_at = "23:59"'),
        ('same_day = true\nsame_day_until = "20:00"', "same_day = false"),
    )
    gains, loses = told(MINNEAPOLIS, later)["mayor"]

    assert gains == ("who registers from afar after 17:00 21 days before and by 23:59 15 days before",)
    assert loses == ("who registers in person by 20:00 on election day",)


def test_an_office_on_more_days_is_gained_by_everyone_on_those_days(changed):
    yearly = changed("minneapolis", ("extra = [2023]", "extra = [2023, 2027]"))
    (council,) = compare(MINNEAPOLIS, yearly)

    assert (council.contest, council.days, council.loses) == ("council", (date(2027, 11, 2),), ())
    assert "everyone who meets its rules" in council.gains[0]


def test_between_two_cities_it_says_who_would_gain_and_lose():
    words = told(load_pack("college-park"), load_pack("takoma-park"))

    assert "who is 16 to 17 years old on election day" in words["mayor"][0]
    assert "who has lived there for 21 to 29 days" in words["council"][0]
    assert words["mayor"][1] == ()


def test_between_two_cities_a_contest_that_only_one_has_is_named():
    words = told(MINNEAPOLIS, load_pack("san-francisco"))

    assert "everyone who meets its rules" in words["board-of-education"][0][0]
    assert "everyone who could vote in it" in words["mayor"][1][0]


def test_seventeen_going_on_eighteen_is_told_by_the_next_general_election(changed):
    without = load_pack("washington-dc")
    without = replace(without, requirements=tuple(r for r in without.requirements if r.kind != "age-by-general"))

    gains, _ = told(load_pack("washington-dc"), without)["council-at-large"]
    assert gains == ("who will not be 18 by the next general election",)


def test_the_same_oath_in_other_words_is_told():
    gains, loses = told(load_pack("takoma-park"), load_pack("hyattsville"))["mayor"]

    assert any("who can swear" in words for words in gains)
    assert any("who can swear" in words for words in loses)


def _with(pack, age, days, sworn):
    """The pack with another age, other days, and one oath asked or not, in force all the time."""
    changed = [_changed(requirement, age, days) for requirement in pack.requirements]
    source = pack.requirements[0].years.values[0]
    oath = Attestation(None, "guardian", "I am one.", Dated((replace(source, value=True),)))
    return replace(pack, requirements=(*changed, oath) if sworn else tuple(changed))


def _changed(requirement, age, days):
    if isinstance(requirement, Age):
        return replace(requirement, years=_all(requirement.years, age))
    return replace(requirement, days=_all(requirement.days, days))


def _all(dated, value):
    return Dated(tuple(replace(entry, value=value) for entry in dated.values))


terms = st.tuples(st.integers(14, 22), st.integers(0, 40), st.booleans())


@settings(max_examples=10, deadline=None)
@given(old=terms, new=terms)
def test_the_words_and_the_truth_table_never_disagree(old, new):
    found = compare(_with(MINNEAPOLIS, *old), _with(MINNEAPOLIS, *new))

    assert bool(found) == (old != new)
    for one in found:
        laxer = new[0] < old[0] or new[1] < old[1] or new[2] < old[2]
        stricter = new[0] > old[0] or new[1] > old[1] or new[2] > old[2]
        assert (bool(one.gains), bool(one.loses)) == (laxer, stricter)
        if not (laxer and stricter):
            assert (one.gained > 0, one.lost > 0) == (laxer, stricter)
