"""
Rows of agreement levels as one number each, so that engines can sort, count and compare them; on the partner's side.

A pattern is one combination of levels. There are thousands of them where there are millions of pairs, so everything
that a score model says is computed once for each pattern, by the same functions in every engine, and an engine only
moves whole numbers: that is why their results are equal to the last bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.agent.errors import SourceError
from matcher.score.levels import MISSING
from matcher.score.model import ScoreModel

MOST_PATTERNS = 2**63 - 1  # an engine's integers


@dataclass(frozen=True, slots=True)
class PatternCode:
    """
    Numbers for the patterns of a score model; their order is that of the rows, field by field.

    Attributes:
        sizes: per field, how many levels it has, missing included.
    """

    sizes: tuple[int, ...]

    @classmethod
    def of(cls, model: ScoreModel) -> "PatternCode":
        """
        Return the numbering for a model's fields.

        Raises:
            SourceError: there are more patterns than 63 bits can number; some thirty fields.
        """
        sizes = tuple(len(field.levels) + 1 for field in model.fields)
        patterns = 1
        for size in sizes:
            patterns *= size
        if patterns > MOST_PATTERNS:
            advice = "Link fewer columns; those that tell two people apart are enough."
            raise SourceError("too many columns to link at once", code="too_many_fields", where="--map", advice=advice)
        return cls(sizes)

    def pack(self, levels: NDArray[np.int8]) -> NDArray[np.int64]:
        """Return the number of each row of levels, shape (rows, fields)."""
        codes = np.zeros(len(levels), dtype=np.int64)
        for column, size in enumerate(self.sizes):
            codes *= size
            codes += levels[:, column] - np.int64(MISSING)
        return codes

    def unpack(self, codes: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return the rows of levels that have these numbers."""
        levels = np.empty((len(codes), len(self.sizes)), dtype=np.int8)
        rest = codes.copy()
        for column in reversed(range(len(self.sizes))):
            rest, level = np.divmod(rest, self.sizes[column])
            levels[:, column] = level + MISSING
        return levels
