"""Tagging a million people in memory, against the same requirements written by hand in NumPy.

Both take the same columns (birth, residence since, sworn, split) of the same invented million, on an election day with
Minneapolis's five contests a voter. The hand-written floor knows the law by heart: it compares two columns with two
dates and gives one tag a person, with no pack, no citations and nothing to explain.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt

from benchmarks.growth import exponent
from benchmarks.row import Row, at_most, milliseconds
from benchmarks.turns import take_turns, timed
from eligibility import Split, load_pack
from eligibility.bulk import People, Tagger

DAY = date(2025, 11, 4)
PEOPLE = 1_000_000
GROWTH, ROUNDS = (10_000, 100_000, 1_000_000), 15
SPLITS = [Split(f"P-{n}", f"P-{n}", {"ward": str(n % 13 + 1), "park": str(n % 6 + 1)}) for n in range(137)]


def invented(count: int) -> People:
    """Columns of people of all ages, some of whom came lately; one in a hundred lives in no split."""
    chance = np.random.default_rng(2025)
    today = DAY.toordinal()
    born = today - chance.integers(0, 100 * 365, count, dtype=np.int32)
    return People(
        born=born.astype(np.int32),
        resident_since=np.maximum(born, today - chance.integers(0, 30 * 365, count, dtype=np.int32)).astype(np.int32),
        sworn=chance.integers(0, 32, count, dtype=np.uint8),
        split=np.where(chance.random(count) < 0.01, 0, chance.integers(1, len(SPLITS) + 1, count)).astype(np.int32),
    )


def by_hand(people: People) -> npt.NDArray[np.int32]:
    """The least: 18 years old on the day, resident for 20 days, one tag a person."""
    old_enough = people.born <= np.int32(date(DAY.year - 18, DAY.month, DAY.day).toordinal())
    here_long_enough = people.resident_since <= np.int32(DAY.toordinal() - 20)
    return (people.split << np.int32(1)) | (old_enough & here_long_enough)


def five_columns_by_hand(people: People) -> list[npt.NDArray[np.int16]]:
    """The same law with the answer spelled out: for each of five contests, the district voted in, or 0."""
    old_enough = people.born <= np.int32(date(DAY.year - 18, DAY.month, DAY.day).toordinal())
    may = old_enough & (people.resident_since <= np.int32(DAY.toordinal() - 20))
    citywide = may.astype(np.int16)
    ward = np.array([0, *(int(split.districts["ward"]) for split in SPLITS)], np.int16)[people.split] * may
    park = np.array([0, *(int(split.districts["park"]) for split in SPLITS)], np.int16)[people.split] * may
    return [citywide, ward, citywide.copy(), citywide.copy(), park]


def rows() -> Iterator[Row]:
    people = invented(PEOPLE)
    tagger = Tagger(load_pack("minneapolis"), DAY, SPLITS)
    tags = tagger.tag(people)
    kinds, counts = np.unique(tags, return_counts=True)
    votes = sum(int(count) * len(tagger.contests_of(kind)) for kind, count in zip(kinds, counts, strict=True))
    assert votes == 5 * int((by_hand(people) & 1)[people.split > 0].sum()), "floor and service disagree on who may vote"

    for words, floor in (
        ("one tag each", by_hand),
        ("five contests in five columns", five_columns_by_hand),
    ):
        turns = take_turns(timed(lambda: tagger.tag(people)), timed(lambda floor=floor: floor(people)), rounds=9)
        yield at_most(
            f"tag 1,000,000 in memory; floor: NumPy by hand, {words}",
            milliseconds(turns.ours),
            milliseconds(turns.floor),
            turns.ratio,
            3,
        )
    yield _growth(tagger)


def _growth(tagger: Tagger) -> Row:
    """The same tagging of 10,000, 100,000 and a million people; the median of several, after one to warm up."""
    seconds = []
    for count in GROWTH:
        people = invented(count)
        tag = timed(lambda people=people: tagger.tag(people))
        tag()
        seconds.append(statistics.median(tag() for _ in range(ROUNDS)))
    grows = exponent(GROWTH, seconds)
    ours = f"exponent {grows:.2f} ({', '.join(milliseconds(each) for each in seconds)})"
    return Row("growth of tagging, 10,000 to 1,000,000 people", ours, "", None, "≤ 1.05", grows <= 1.05)
