"""The truth table proves a good pack and disproves a bad one."""

from dataclasses import replace
from datetime import date

import pytest

from eligibility import load_pack, pack_names, truth_classes, truth_table
from eligibility.facts import OATH_OF_AGE
from eligibility.finding import Finding
from eligibility.requirement import Age
from tests.eligibility.people import MINNEAPOLIS, SAN_FRANCISCO


@pytest.mark.parametrize("name", pack_names())
def test_every_shipped_pack_is_proven(name):
    assert truth_table.prove(load_pack(name)).failures == ()


def test_the_days_include_every_slate_and_the_council_alone():
    assert truth_classes.days_that_matter(MINNEAPOLIS) == [
        date(2013, 11, 5),
        date(2017, 11, 7),
        date(2021, 11, 2),
        date(2023, 11, 7),
        date(2025, 11, 4),
    ]


def test_the_classes_stand_on_both_sides_of_the_age_and_of_the_days():
    people = list(truth_classes.people(MINNEAPOLIS, on=date(2025, 11, 4)))

    assert {p.facts.birth.iso() for p in people} == {"2007-11-03", "2007-11-04", "2007-11-05", "2007", "2006"}
    assert {p.facts.resident_since for p in people} == {
        None,
        date(2025, 10, 14),
        date(2025, 10, 15),
        date(2025, 10, 16),
    }


def test_the_table_of_san_francisco_gives_the_board_only_to_those_who_swore_both():
    rows = [r for r in truth_table.rows(SAN_FRANCISCO) if r.contest == "board-of-education"]

    assert {r.person.facts.sworn - {OATH_OF_AGE} for r in rows if r.eligible} == {
        frozenset({"guardian", "intends-to-remain"})
    }
    assert {r.person.facts.sworn for r in rows} > {frozenset(), frozenset({"guardian"})}


def test_a_contest_from_outside_stands_in_every_class_and_is_never_given():
    outside = {o.id for o in MINNEAPOLIS.outside}
    rows = [r for r in truth_table.rows(MINNEAPOLIS) if r.contest in outside]

    assert {r.contest for r in rows} == outside
    assert not any(r.eligible for r in rows)


class _Careless(Age):
    """An age requirement that forgets to check."""

    def check(self, facts, day):
        needs = self.years.on(day)
        return Finding("age", True, 0, needs.value, needs.source, "age.met")


def test_a_requirement_that_does_not_check_is_disproven():
    age, *others = MINNEAPOLIS.requirements
    careless = replace(MINNEAPOLIS, requirements=(_Careless(age.contests, age.years), *others))

    assert any("against a requirement" in line for line in truth_table.prove(careless).failures)


def test_an_office_with_an_authority_from_outside_is_disproven():
    mayor, *others = MINNEAPOLIS.offices
    bad = replace(MINNEAPOLIS, offices=(replace(mayor, authority="state"), *others))

    assert any("outside the city's control" in line for line in truth_table.prove(bad).failures)
