"""The flat table of keys: every key finds its number, everything else finds nothing, even where hashes collide."""

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.key_table import TABLE_PARTS, KeyTable, build_table


def table(pairs):
    return KeyTable("t", {name: memoryview(part) for name, part in build_table("t", pairs).items()})


@given(st.dictionaries(st.binary(max_size=12), st.integers(0, 2**32 - 1), max_size=60), st.binary(max_size=12))
def test_every_key_finds_its_number_and_no_other_text_finds_any(numbers, other):
    built = table(numbers.items())

    assert {key: built.get(key) for key in numbers} == numbers
    assert built.get(other) == numbers.get(other, -1)


@given(st.permutations([(b"%d" % n, n) for n in range(20)]))
def test_the_order_of_the_pairs_does_not_reach_the_bytes(pairs):
    assert build_table("t", pairs) == build_table("t", sorted(pairs))


def test_keys_of_one_hash_slot_are_told_apart_by_their_text():
    slot = crc32(b"0") & 7
    same = [b"%d" % n for n in range(2000) if crc32(b"%d" % n) & 7 == slot]
    built = table((key, n) for n, key in enumerate(same[:4]))

    assert [built.get(key) for key in same[:4]] == [0, 1, 2, 3]
    assert {built.get(key) for key in same[4:]} == {-1}


def test_keys_of_one_whole_hash_are_told_apart_by_their_text():
    first, second = b"plumless", b"buckeroo"  # a known pair with the same CRC-32
    assert crc32(first) == crc32(second)

    assert (table([(first, 7)]).get(second), table([(first, 7), (second, 8)]).get(second)) == (-1, 8)


def test_an_empty_table_answers():
    assert table([]).get(b"") == -1


@pytest.mark.parametrize("part", TABLE_PARTS)
def test_a_table_has_a_section_for_each_of_its_parts(part):
    assert f"t.{part}" in build_table("t", [(b"a", 1)])
