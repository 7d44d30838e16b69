"""
What an engine hands on when all candidate pairs are compared, and the engine that holds it in memory; partner's side.

A pair of records is compared once for every token it shares. Which of these comparisons counts is for the score model
to say, and the model is fitted to the pairs: so an engine keeps every pattern that a pair has shown, and is asked twice
for the best, first to fit, then to answer.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

POSITION_BITS = 31

Positions = NDArray[np.int64]
Ranks = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Blocks that were too large to be compared: how many tokens, and how many pairs of entries under them."""

    tokens: int = 0
    pairs: int = 0

    def __add__(self, other: "LeftOut") -> "LeftOut":
        """Add up."""
        return LeftOut(self.tokens + other.tokens, self.pairs + other.pairs)


@dataclass(frozen=True, slots=True)
class BestPairs:
    """
    Pairs of records, each with its best pattern, ordered by left, then right.

    Attributes:
        left: shape (pairs,), int64, positions in the left list; `right` likewise.
        pattern: shape (pairs,), position in the engine's patterns.
    """

    left: Positions = field(repr=False)
    right: Positions = field(repr=False)
    pattern: Positions = field(repr=False)


class Compared(Protocol):
    """Candidate pairs of records with every pattern that each has shown."""

    left_out: LeftOut

    def patterns(self) -> Positions:
        """Return the distinct patterns as numbers, rising."""
        ...

    def best_counts(self, ranks: Ranks) -> Positions:
        """
        Count the pairs of records whose best pattern is each.

        Args:
            ranks: shape (patterns,), all different; the least is the best.
        """
        ...

    def best_pairs(self, ranks: Ranks, is_kept: NDArray[np.bool_]) -> BestPairs:
        """Return the pairs of records whose best pattern is kept; ranks as above."""
        ...

    def are_candidates(self, left: Positions, right: Positions) -> NDArray[np.bool_]:
        """Tell which of some pairs of records are among the candidates."""
        ...


class ComparedInMemory:
    """Candidates as arrays."""

    def __init__(self, left: Positions, right: Positions, codes: Positions, left_out: LeftOut) -> None:
        """Take pairs of records, as often as they were compared, with the pattern of each comparison."""
        self.left_out = left_out
        self._left, self._right = left, right
        self._patterns, self._rows = np.unique(codes, return_inverse=True)

    def patterns(self) -> Positions:
        """Return the distinct patterns as numbers, rising."""
        return self._patterns

    def best_counts(self, ranks: Ranks) -> Positions:
        """Count the pairs of records whose best pattern is each."""
        return np.bincount(self._rows[self._best(ranks)], minlength=len(self._patterns))

    def best_pairs(self, ranks: Ranks, is_kept: NDArray[np.bool_]) -> BestPairs:
        """Return the pairs of records whose best pattern is kept."""
        best = self._best(ranks)
        best = best[is_kept[self._rows[best]]]
        return BestPairs(self._left[best], self._right[best], self._rows[best])

    def are_candidates(self, left: Positions, right: Positions) -> NDArray[np.bool_]:
        """Tell which of some pairs of records are among the candidates."""
        return np.isin(_pair_keys(left, right), _pair_keys(self._left, self._right))

    def _best(self, ranks: Ranks) -> Positions:
        """Return, for each pair of records, the position of its best comparison, ordered by left, then right."""
        order = np.lexsort((ranks[self._rows], self._right, self._left))
        left, right = self._left[order], self._right[order]
        is_first = np.ones(len(order), dtype=np.bool_)
        is_first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
        return order[is_first]


def _pair_keys(left: Positions, right: Positions) -> Positions:
    """Write each pair of positions as one number."""
    return (left << POSITION_BITS) | right
