"""Elections and ballot styles: which contests stand together on a ballot."""

from dataclasses import replace
from datetime import date

import pytest

from ballots.election import plan_election
from ballots.style import styles_of
from eligibility import BadInput, Split
from eligibility.dated import Dated
from tests.ballots.cities import DAY, MINNEAPOLIS, SAN_FRANCISCO, SPLITS, election


def test_each_pair_of_ward_and_park_district_has_a_style_of_its_own():
    styles = styles_of(election())

    assert [styles.of_split[s.id].code for s in SPLITS] == ["S1", "S1", "S2", "S3", "S4"]
    assert [c.id for c in styles.of_split["W-10 P-01"].contests] == [
        "mayor",
        "council-ward-10",
        "board-of-estimate",
        "park-at-large",
        "park-district-park-6",
    ]


def test_the_contests_of_the_election_stand_in_the_packs_order_and_ward_10_after_ward_2():
    assert [c.id for c in election().all_contests] == [
        "mayor",
        "council-ward-1",
        "council-ward-2",
        "council-ward-10",
        "board-of-estimate",
        "park-at-large",
        "park-district-park-1",
        "park-district-park-2",
        "park-district-park-6",
    ]


def test_styles_are_numbered_the_same_whatever_order_the_splits_come_in():
    shuffled = plan_election(MINNEAPOLIS, DAY, reversed(SPLITS))

    assert styles_of(shuffled) == styles_of(election())


def test_no_contests_have_no_style_and_an_impossible_set_is_an_error():
    styles = styles_of(election())

    assert styles.of([]) is None
    with pytest.raises(KeyError):
        styles.of(["mayor"])


def test_a_voter_with_some_of_the_contests_has_a_style_for_exactly_those():
    age = MINNEAPOLIS.requirements[0]
    at_16 = replace(
        age, contests=frozenset({"mayor", "council"}), years=Dated((replace(age.years.values[0], value=16),))
    )
    others = frozenset({"board-of-estimate", "park-at-large", "park-district"})
    pack = replace(MINNEAPOLIS, requirements=(at_16, replace(age, contests=others), *MINNEAPOLIS.requirements[1:]))
    styles = styles_of(plan_election(pack, DAY, SPLITS))

    young = styles.of(["mayor", "council-ward-1"])

    assert young is not None
    assert {c.id for c in young.contests} == {"mayor", "council-ward-1"}
    assert young.code not in {s.code for s in styles.of_split.values()}


def test_san_francisco_has_one_style_with_one_contest():
    styles = styles_of(plan_election(SAN_FRANCISCO, date(2024, 11, 5), [Split("1", "1", {}), Split("2", "2", {})]))

    assert [[c.id for c in s.contests] for s in styles.all] == [["board-of-education"]]


def test_a_day_without_a_contest_is_no_election():
    with pytest.raises(BadInput, match="no contest of Minneapolis is up on 2025-11-05"):
        plan_election(MINNEAPOLIS, date(2025, 11, 5), SPLITS)


def test_a_map_without_park_districts_cannot_carry_the_park_board():
    with pytest.raises(BadInput, match=r"'W-1 P-01' no park"):
        plan_election(MINNEAPOLIS, DAY, [Split("W-1 P-01", "W-1 P-01", {"ward": "1"})])


def test_a_contest_of_an_authority_that_is_not_the_packs_is_refused_at_planning():
    sneaked = replace(MINNEAPOLIS.questions[0], authority="state", day=DAY)

    with pytest.raises(BadInput, match="outside the city's control"):
        plan_election(replace(MINNEAPOLIS, questions=(sneaked,)), DAY, SPLITS)
