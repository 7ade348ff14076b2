"""The exponent that the benchmarks tell growth by."""

import pytest

from benchmarks.growth import exponent


@pytest.mark.parametrize("power", [0, 0.5, 1, 2])
def test_the_exponent_of_work_that_grows_by_a_power_is_that_power(power):
    sizes = [10_000, 100_000, 1_000_000]

    assert exponent(sizes, [3e-6 * size**power for size in sizes]) == pytest.approx(power)
