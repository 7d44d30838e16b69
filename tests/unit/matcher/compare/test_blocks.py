"""Every pair that shares a token is a candidate, once."""

import numpy as np
import pytest

from matcher.compare.blocks import pairs_between, pairs_within


def draw(seed: int, rows: int) -> np.ndarray:
    """Draw tokens of which many are equal, some end in zero bytes, and some begin alike."""
    rng = np.random.default_rng(seed)
    tokens = np.zeros((rows, 16), dtype=np.uint8)
    tokens[:, 0] = rng.integers(3, size=rows)
    tokens[:, 15] = rng.integers(2, size=rows)
    return tokens


@pytest.mark.parametrize("seed", range(5))
def test_pairs_between_equal_the_nested_loops(seed: int) -> None:
    """The slow twin compares every token with every other."""
    left, right = draw(seed, 30), draw(seed + 100, 20)
    slow = {(i, j) for i, a in enumerate(left) for j, b in enumerate(right) if bytes(a) == bytes(b)}
    found = pairs_between(left, right)
    assert len(found) == len(slow)
    assert set(zip(found.left.tolist(), found.right.tolist(), strict=True)) == slow


@pytest.mark.parametrize("seed", range(5))
def test_pairs_within_name_each_pair_once(seed: int) -> None:
    """The lower position comes first, and no entry meets itself."""
    tokens = draw(seed, 30)
    slow = {(i, j) for i in range(30) for j in range(i + 1, 30) if bytes(tokens[i]) == bytes(tokens[j])}
    found = pairs_within(tokens)
    assert len(found) == len(slow)
    assert set(zip(found.left.tolist(), found.right.tolist(), strict=True)) == slow


def test_empty_lists_have_no_pairs() -> None:
    """Nothing is no error."""
    empty = np.zeros((0, 16), dtype=np.uint8)
    assert (
        len(pairs_within(empty)) == len(pairs_between(empty, draw(1, 5))) == len(pairs_between(draw(1, 5), empty)) == 0
    )
