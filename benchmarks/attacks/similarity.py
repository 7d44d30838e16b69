"""What filters link: Dice coefficients of all pairs, and the best F1 over all thresholds."""

import numpy as np
from numpy.typing import NDArray

DICE_LEVELS = 1_001  # Dice coefficients are told apart to a thousandth
ROWS_AT_ONCE = 500


def dice(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.float32]:
    """
    Return the Dice coefficients of all pairs of filters.

    Args:
        left: shape (records, filter bits), each 0 or 1.
        right: shape (others, filter bits).

    Returns:
        Shape (records, others), in [0, 1]; two empty filters have 0.
    """
    a, b = left.astype(np.float32), right.astype(np.float32)
    total = a.sum(axis=1)[:, None] + b.sum(axis=1)[None, :]
    share: NDArray[np.float32] = (2 * (a @ b.T) / np.maximum(total, 1)).astype(np.float32)
    return share


def best_dice_f1(bits: NDArray[np.uint8], numbers: NDArray[np.int64]) -> float:
    """
    Return the greatest F1 over all thresholds of the Dice coefficient, over all pairs of one list.

    Args:
        bits: shape (records, filter bits), each 0 or 1.
        numbers: who each record is of.
    """
    same, other = np.zeros(DICE_LEVELS, dtype=np.int64), np.zeros(DICE_LEVELS, dtype=np.int64)
    columns = np.arange(len(bits))
    for start in range(0, len(bits), ROWS_AT_ONCE):
        rows = columns[start : start + ROWS_AT_ONCE]
        level = np.rint(dice(bits[rows], bits) * (DICE_LEVELS - 1)).astype(np.int64)
        once = rows[:, None] < columns[None, :]
        is_same = numbers[rows][:, None] == numbers[None, :]
        same += np.bincount(level[once & is_same], minlength=DICE_LEVELS)
        other += np.bincount(level[once & ~is_same], minlength=DICE_LEVELS)
    return best_f1(same, other)


def best_f1(same: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """
    Return the greatest F1 over all thresholds.

    Args:
        same: pairs of one person by rising level of likeness.
        other: pairs of two people, likewise.
    """
    hits = np.cumsum(same[::-1])
    taken = hits + np.cumsum(other[::-1])
    return float((2 * hits / np.maximum(taken + same.sum(), 1)).max(initial=0.0))
