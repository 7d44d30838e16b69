"""
What a system found and what is true, in the form that every metric reads; on the partner's premises.

Any linkage system can be put in this form, so that all are measured by one code: pairs, a score, and whether the
system would call the pair a match at the threshold it recommends without labels.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from api.agent.linking.judging import LinkedPairs
from matcher.pairs import Grade

POSITION_BITS = 31  # positions of records stay below 2**31


@dataclass(frozen=True, slots=True)
class FoundPairs:
    """
    Pairs that a system compared and kept, each once.

    Attributes:
        left: shape (pairs,), int64, positions in the left list.
        right: positions in the right list; above `left` when one list was linked with itself.
        score: the larger, the more likely one person; any unit.
        is_match: what the system calls a match at its label-free threshold.
        probability: posterior in [0, 1], or None when the system gives none.
        grade: values of `Grade`, or None when the system gives none.
        is_every_pair: whether all possible pairs were compared, and only the likeliest kept.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    score: NDArray[np.float64]
    is_match: NDArray[np.bool_]
    probability: NDArray[np.float64] | None = None
    grade: NDArray[np.int8] | None = None
    is_every_pair: bool = False

    @classmethod
    def of(cls, linked: LinkedPairs) -> "FoundPairs":
        """Return what `link_persons` found."""
        is_match = linked.grade >= Grade.POSSIBLE
        scored = linked.scored
        return cls(linked.left, linked.right, scored.weight_bits, is_match, scored.probability, scored.grade)


@dataclass(frozen=True)
class KnownTruth:
    """
    Which pairs are one person.

    Attributes:
        left: shape (true pairs,), int64; `right` likewise, above `left` within one list.
        left_records: size of the left list.
        right_records: size of the right list, or None when one list was linked with itself.
        unknown: true pairs that name a record in neither list; they count as missed.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    left_records: int
    right_records: int | None = None
    unknown: int = 0

    @classmethod
    def of(
        cls, pairs: Iterable[tuple[int, int]], left_records: int, right_records: int | None = None, unknown: int = 0
    ) -> "KnownTruth":
        """Return the truth from pairs of positions."""
        table = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        return cls(table[:, 0], table[:, 1], left_records, right_records, unknown)

    @property
    def possible_pairs(self) -> int:
        """Pairs that could be compared."""
        if self.right_records is None:
            return self.left_records * (self.left_records - 1) // 2
        return self.left_records * self.right_records

    @property
    def true_pairs(self) -> int:
        """All true pairs, the unknown ones included."""
        return len(self.left) + self.unknown

    @cached_property
    def keys(self) -> NDArray[np.int64]:
        """Each true pair as one number."""
        return pair_keys(self.left, self.right)

    @cached_property
    def people(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """
        The person each record is of, by position in each list: connected components of the truth.

        Within one list both arrays are the same.
        """
        count = self.left_records + (self.right_records or 0)
        shift = 0 if self.right_records is None else self.left_records
        person = np.arange(count)
        for left, right in zip(self.left.tolist(), (self.right + shift).tolist(), strict=True):
            first, second = _root(person, left), _root(person, right)
            person[max(first, second)] = min(first, second)
        roots = np.array([_root(person, row) for row in range(count)], dtype=np.int64)
        _, compact = np.unique(roots, return_inverse=True)
        if self.right_records is None:
            return compact, compact
        return compact[: self.left_records], compact[self.left_records :]


def pair_keys(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Write each pair of positions as one number."""
    return (left << POSITION_BITS) | right


def _root(person: NDArray[np.int64], row: int) -> int:
    """Follow a record to the first record of its person."""
    while person[row] != row:
        person[row] = person[person[row]]
        row = int(person[row])
    return row
