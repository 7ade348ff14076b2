"""The short run of the mutation: some mutants of each place, and the machinery. `make test-mutation` runs all."""

import pytest

from eligibility import load_pack, pack_names
from tests.mutation.mutants import RULES, Mutant, mutants_of
from tests.mutation.run import survivors

EVERY = 200
"""One mutant in so many is run here: other ones in each place."""


def test_a_sample_of_the_mutants_of_every_place_is_caught():
    mutants = [mutant for number, place in enumerate(pack_names()) for mutant in list(mutants_of(place))[number::EVERY]]

    assert len(mutants) >= len(pack_names()) // 2
    assert [mutant.words for mutant in survivors(mutants, workers=2)] == []


def test_a_change_that_no_test_could_notice_survives():
    remark = Mutant("college-park", 1, "", "# another remark")

    assert list(survivors([remark], workers=1)) == [remark]


@pytest.mark.parametrize("place", pack_names())
def test_each_rule_of_a_pack_has_a_mutant_and_each_mutant_changes_one_line(place):
    mutants = list(mutants_of(place))
    pack = load_pack(place)

    assert {mutant.place for mutant in mutants} == {place}
    assert all(mutant.was != mutant.now for mutant in mutants)
    changed = {mutant.line for mutant in mutants}
    values = sum(
        len(office.seats.values) + len(office.years.values) + len(office.voting.values) for office in pack.offices
    )
    assert len(changed) > 2 * values
    assert len({mutant.words for mutant in mutants}) == len(mutants)


def test_ages_days_dates_minutes_and_authorities_are_all_mutated():
    words = " ".join(mutant.now for mutant in mutants_of("takoma-park"))

    for changed in ("value = 17", "value = 15", "value = 22", "value = 20", "from = 2013-11-06", "from = 2013-11-04"):
        assert changed in words
    for changed in ('authority = "judicial"', 'closes_at = "23:58"', 'same_day_until = "20:01"', "same_day = false"):
        assert changed in words
    assert "requirement.values" in RULES
