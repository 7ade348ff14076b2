"""Municipal ID numbers: one spelling however typed, and check digits that find a slip of the finger."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voter_reg.residency.card_number import is_well_formed, new_number, normalise, spaced

numbers = st.integers(0, 2**32).map(lambda seed: new_number(Random(seed)))


@given(numbers)
def test_a_new_number_is_well_formed_and_read_again_from_what_a_card_shows(number):
    assert is_well_formed(number)
    assert normalise(spaced(number)) == number


@given(numbers, st.integers(0, 11), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(number, at, by):
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]

    assert not is_well_formed(wrong)


@given(numbers)
def test_any_two_swapped_digits_are_found(number):
    for a, b in combinations(range(12), 2):
        if number[a] != number[b]:
            digits = list(number)
            digits[a], digits[b] = digits[b], digits[a]
            assert not is_well_formed("".join(digits))


def test_the_last_two_digits_are_iso_7064_mod_97_10():
    assert is_well_formed("000000000098")
    assert not is_well_formed("000000000097")
    assert is_well_formed("000000079444")  # 794 and its check digits
    assert not is_well_formed("000000079445")


@pytest.mark.parametrize(
    "typed",
    [
        "0459 5340 3420",
        "0459-5340-3420",
        " 0459.5340.3420 ",
        "0459\u20135340\u20143420",
        "0459\u00a05340\u202f3420",
        "\u0660\u0664\u0665\u0669 5340 3420",
        "\uff10\uff14\uff15\uff19534034\uff12\uff10",
        "\u0966\u096a\u096b\u096f 5340 3420",
    ],
)
def test_a_number_is_one_number_however_it_is_typed(typed):
    assert normalise(typed) == "045953403420"
    assert is_well_formed(normalise(typed))


@pytest.mark.parametrize("text", ["", "0459", "0459534034200", "04595340342O", "045953403421", "\u0660" * 12, "²" * 12])
def test_what_is_no_number_is_not_well_formed(text):
    assert not is_well_formed(text)


@given(st.text(max_size=40))
def test_whatever_is_typed_has_one_spelling(text):
    once = normalise(text)

    assert normalise(once) == once
    assert is_well_formed(once) in {True, False}
