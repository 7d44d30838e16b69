"""
Read the most common filters of a field from counts, number of bits and shared bits alone: where A5 begins.

Which of the common names stands behind which of the common filters is a quadratic assignment; local search from a few
starts solves it, because the shared bits leave little doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

FILTERS, NAMES = 40, 100  # the most common ones, that the search is about
STARTS = 6
START_NOISE = 2.0  # nats
TRIED = 8  # likeliest names tried for a filter before it is left as it is
SWEEPS = 30

Bits = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """
    How well names explain filters, in nats.

    Attributes:
        alone: shape (filters, names): by count and number of bits.
        shared: shape (filters, filters): bits in common.
        expected: shape (names, names): bits that their filters have in common under the attacker's own keys, the mean.
        variance: of that, from key to key.
    """

    alone: Matrix
    shared: Matrix
    expected: Matrix
    variance: float

    @classmethod
    def of(cls, filters: Bits, counts: Rows, share: Matrix, counted: int, own: Sequence[Bits]) -> "Likelihood":
        """
        Compare filters with names.

        Args:
            filters: distinct ones, shape (filters, filter bits), the most common first.
            counts: records behind each.
            share: of people who have each name.
            counted: people behind those shares.
            own: filters of the names under each of the attacker's own keys.
        """
        under_keys = np.stack([_shared(each) for each in own])
        expected, spread = under_keys.mean(axis=0), under_keys.var(axis=0, ddof=1)
        shared = _shared(filters)
        records = counts.sum()
        roots = np.sqrt(counts)[:, None] - np.sqrt(records * share)[None, :]
        sampling = (1 + records / counted) / 4  # a Poisson count's root varies by 1/4
        sizes = shared.diagonal()[:, None] - expected.diagonal()[None, :]
        alone = -(roots**2) / (2 * sampling) - sizes**2 / (2 * spread.diagonal().mean())
        return cls(alone, shared, expected, float(spread.mean()))

    def first(self, filters: int, names: int) -> "Likelihood":
        """Return the same for the most common filters and names alone."""
        alone, shared = self.alone[:filters, :names], self.shared[:filters, :filters]
        return Likelihood(alone, shared, self.expected[:names, :names], self.variance)

    def beside(self, rows: Rows, names: Rows) -> Matrix:
        """Return how well each name explains each filter, when some filters are taken as read."""
        seen, told = self.shared[:, rows], self.expected[:, names]
        distance = (seen**2).sum(axis=1)[:, None] - 2 * seen @ told.T + (told**2).sum(axis=1)[None, :]
        return np.asarray(self.alone - distance / (2 * self.variance))

    def of_reading(self, read: Rows) -> float:
        """Return how well a reading of the first filters explains them all."""
        first = np.arange(len(read))
        apart = np.triu(self.shared[np.ix_(first, first)] - self.expected[np.ix_(read, read)], 1)
        return float(self.alone[first, read].sum() - (apart**2).sum() / (2 * self.variance))


def first_readings(model: Likelihood) -> Rows:
    """
    Read the most common filters.

    Returns:
        For every filter its name, -1 where it is not among them.
    """
    filters, names = min(FILTERS, *model.alone.shape), min(NAMES, model.alone.shape[1])
    common = model.first(filters, names)
    draw = np.random.default_rng(0)
    found = []
    for start in range(STARTS):
        noise = START_NOISE * draw.gumbel(size=(filters, names)) if start else 0.0
        _, read = linear_sum_assignment(common.alone + noise, maximize=True)
        found.append(_improved(common, np.asarray(read)))
    readings = np.full(len(model.alone), -1, dtype=np.int64)
    readings[:filters] = max(found, key=common.of_reading)
    return readings


def _improved(model: Likelihood, read: Rows) -> Rows:
    """Rename one filter at a time, or exchange two names, for as long as it helps."""
    best = model.of_reading(read)
    for _ in range(SWEEPS):
        before = best
        for row in range(len(read)):
            others = np.delete(np.arange(len(read)), row)
            likely = np.argsort(-model.beside(others, read[others])[row])[:TRIED]
            for name in likely.tolist():
                changed = _renamed(read, row, name)
                value = model.of_reading(changed)
                if value > best:
                    read, best = changed, value
        if best == before:
            break
    return read


def _renamed(read: Rows, row: int, name: int) -> Rows:
    """Return the reading with one filter renamed; whoever had that name takes the old one."""
    changed = read.copy()
    changed[read == name] = read[row]
    changed[row] = name
    return changed


def _shared(bits: Bits) -> Matrix:
    """Return how many bits each two filters have in common."""
    filters = bits.astype(np.float32)
    return np.asarray(filters @ filters.T, dtype=np.float64)
