"""Two spellings of one building have one key, and two buildings never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.building import building_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("329 3rd Ave E", "329 East 3rd Avenue"),
        ("329 3rd Ave E", "329 E Third Ave, Apt 9"),
        ("12 1/2 Birch Ln", "12 1/2 BIRCH LANE #2"),
        ("100 Oak St", "100 oak street, Minneapolis, MN 55401"),
        ("7 Saint Bride Ln", "7 St. Bride Lane"),
    ],
)
def test_spellings_of_one_building_have_one_key(one, other):
    assert building_key(one) == building_key(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("100 Oak St", "102 Oak St"),
        ("100 Oak St", "100 Oak Ave"),
        ("100 Oak St N", "100 Oak St S"),
        ("100 Oak St", "100 Oak St N"),
        ("12 1/2 Birch Ln", "12 Birch Ln"),
        ("100 Oak St", "Oak St"),
    ],
)
def test_two_buildings_have_two(one, other):
    assert building_key(one) != building_key(other)


@pytest.mark.parametrize("text", ["", "  ", "!", "x" * 201])
def test_what_is_no_address_has_none(text):
    assert building_key(text) is None


@given(st.text(max_size=210))
def test_it_never_raises(text):
    assert building_key(text) is None or "|" in building_key(text)
