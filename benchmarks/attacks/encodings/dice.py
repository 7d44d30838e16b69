"""What filters link: the best F1 that any threshold of their Dice coefficient reaches, over all pairs of records."""

import numpy as np
from numpy.typing import NDArray

ROWS_AT_ONCE = 512  # of the matrix of all pairs
STEPS = 2_000  # thresholds tried between 0 and 1


def dice_f1(bits: NDArray[np.uint8], numbers: NDArray[np.int64]) -> float:
    """
    Return the F1 of the best threshold, chosen with the truth at hand: generous to the filters.

    Args:
        bits: shape (records, filter bits), each 0 or 1.
        numbers: shape (records,): equal numbers are one person.

    Returns:
        In [0, 1]; 0 when no two records are one person.
    """
    filters = bits.astype(np.float32)
    ones = filters.sum(axis=1)
    found = np.zeros((2, STEPS + 1), dtype=np.int64)
    for start in range(0, len(bits), ROWS_AT_ONCE):
        rows = np.arange(start, min(start + ROWS_AT_ONCE, len(bits)))
        both = ones[rows, None] + ones[None, :]
        similarity = 2 * (filters[rows] @ filters.T) / np.maximum(both, 1)
        is_true = numbers[rows, None] == numbers[None, :]
        once = np.arange(len(bits))[None, :] > rows[:, None]
        step = np.floor(similarity * STEPS).astype(np.int64)
        for kind, chosen in enumerate((once & ~is_true, once & is_true)):
            found[kind] += np.bincount(step[chosen], minlength=STEPS + 1)[: STEPS + 1]
    false, true = found[:, ::-1].cumsum(axis=1)
    return float((2 * true / np.maximum(true + false + true[-1], 1)).max())
