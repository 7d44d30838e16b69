"""
What the comparing half of the library hands from step to step; runs at the hub and at the partner alike.

All are parallel numpy arrays, so that one pair is a batch of one. Nothing here knows a person.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Grade(IntEnum):
    """The FHIR match grades, in order of rising certainty."""

    CERTAINLY_NOT = 0
    POSSIBLE = 1
    PROBABLE = 2
    CERTAIN = 3

    @property
    def label(self) -> str:
        """The FHIR code: certain, probable, possible or certainly-not."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class CandidatePairs:
    """
    Pairs of entries that share a token.

    Attributes:
        left: shape (pairs,), int64, positions in the left list of entries.
        right: shape (pairs,), int64, positions in the right list.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.left)


@dataclass(frozen=True, slots=True)
class Comparisons:
    """
    How alike the two sides of each pair are, field by field.

    Attributes:
        fields: field names, in the schema's order.
        similarity: shape (pairs, fields), float32 in [0, 1]; NaN where either side is missing.
    """

    fields: tuple[str, ...]
    similarity: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """
    Comparisons judged.

    Attributes:
        levels: shape (pairs, fields), int8: agreement level per field, 0 is the best; -1 is missing.
        weight_bits: shape (pairs,), float64, match weight in bits (log2), prior included, weak evidence tempered.
        probability: shape (pairs,), float64 in [0, 1], posterior that both are one person.
        grade: shape (pairs,), int8, values of `Grade`.
    """

    levels: NDArray[np.int8]
    weight_bits: NDArray[np.float64]
    probability: NDArray[np.float64]
    grade: NDArray[np.int8]
