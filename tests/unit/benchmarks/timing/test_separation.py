"""The area under the curve, by its definition."""

import random
from itertools import product

import pytest

from benchmarks.timing.separation import separation


def slow_twin(first: list[float], second: list[float]) -> float:
    """Compare every number with every other."""
    return sum((one > other) + (one == other) / 2 for one, other in product(first, second)) / len(first) / len(second)


def test_it_is_the_share_of_pairs_in_order() -> None:
    """The fast way equals comparing all pairs, ties and all."""
    chance = random.Random(3)  # noqa: S311 - numbers that can be had again
    first, second = ([float(chance.randrange(12)) for _ in range(count)] for count in (40, 30))
    assert separation(first, second).auc == pytest.approx(slow_twin(first, second))


@pytest.mark.parametrize(
    ("first", "second", "auc"), [([2, 3], [0, 1], 1.0), ([0, 1], [2, 3], 0.0), ([1, 1], [1, 1], 0.5)]
)
def test_the_ends(first: list[float], second: list[float], auc: float) -> None:
    """All above, all below, all the same: nothing is left to chance."""
    found = separation(first, second)
    assert (found.auc, found.low, found.high) == (auc, auc, auc)
    assert found.advantage == max(auc, 1 - auc)


def test_the_interval_covers_what_is_true() -> None:
    """Of samples of one distribution nineteen in twenty intervals hold 0.5, and those of two are above it."""
    chance = random.Random(5)  # noqa: S311 - same
    same = [separation(*([chance.gauss(0, 1) for _ in range(60)] for _ in range(2))) for _ in range(200)]
    assert 0.9 <= sum(each.low <= 0.5 <= each.high for each in same) / len(same) <= 0.99
    apart = separation([chance.gauss(1, 1) for _ in range(200)], [chance.gauss(0, 1) for _ in range(200)])
    assert apart.low > 0.55


def test_one_number_is_too_few() -> None:
    """An interval takes two of each kind."""
    with pytest.raises(ValueError, match="at least two"):
        separation([1.0], [1.0, 2.0])
