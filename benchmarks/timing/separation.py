"""How well one number tells two kinds of answers apart: the area under the ROC curve, with DeLong's interval (1988)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Z = 1.959964  # of a two-sided interval of 95 %


@dataclass(frozen=True, slots=True)
class Separation:
    """
    An area under the curve in [0, 1] with its interval of 95 %; 0.5 tells nothing, and so does no other way to guess.

    Below 0.5 the first kind has the smaller numbers, which tells as much as above.
    """

    auc: float
    low: float
    high: float

    @property
    def advantage(self) -> float:
        """Return the area for whoever knows which kind has the larger numbers: at least 0.5."""
        return max(self.auc, 1 - self.auc)


def separation(first: Sequence[float], second: Sequence[float]) -> Separation:
    """
    Return the chance that a number of the first kind is larger than one of the second; equal ones count half.

    Args:
        first: at least two.
        second: at least two.

    Raises:
        ValueError: there are fewer.
    """
    if min(len(first), len(second)) < 2:  # noqa: PLR2004 - a variance takes two
        raise ValueError("at least two numbers of each kind")
    ours, theirs = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    above, below = _shares(ours, theirs), _shares(theirs, ours)
    auc = float(above.mean())
    error = sqrt(float(above.var(ddof=1)) / len(above) + float(below.var(ddof=1)) / len(below))
    return Separation(auc, max(0.0, auc - Z * error), min(1.0, auc + Z * error))


def _shares(numbers: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return of each number the share of others that are smaller, equal ones half: shape (numbers,)."""
    ordered = np.sort(others)
    places = np.searchsorted(ordered, numbers, "left") + np.searchsorted(ordered, numbers, "right")
    shares: NDArray[np.float64] = places / (2 * len(others))
    return shares
