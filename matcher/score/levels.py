"""Similarities to agreement levels; hub and partner."""

import numpy as np
from numpy.typing import NDArray

from matcher.pairs import Comparisons
from matcher.score.model import ScoreModel

MISSING = -1
ROUNDING = 1e-6  # similarities are single precision
VOUCHING_SIMILARITY = 0.8  # a joined name this alike says that its parts were swapped, split or moved
VOUCHED_SIMILARITY = 0.9  # close, not equal


def agreement_levels(comparisons: Comparisons, model: ScoreModel) -> NDArray[np.int8]:
    """
    Return the agreement level of each scored field: 0 is the best, -1 is missing.

    A joined name that agrees lifts those of its parts that do not, so that swapped or moved names are not held
    against a pair; it never counts as evidence of its own beside them.

    Returns:
        Shape (pairs, scored fields), int8, in the model's order.
    """
    columns = {name: column for column, name in enumerate(comparisons.fields)}
    vouched = {
        part: comparisons.similarity[:, columns[whole]] >= VOUCHING_SIMILARITY
        for whole, parts in model.joined.items()
        for part in parts
    }
    levels = np.empty((len(comparisons.similarity), len(model.fields)), dtype=np.int8)
    for column, field in enumerate(model.fields):
        similarity = comparisons.similarity[:, columns[field.name]]
        if field.name in vouched:
            similarity = np.where(vouched[field.name], np.maximum(similarity, VOUCHED_SIMILARITY), similarity)
        found = (similarity[:, None] < field.levels[None, :-1] - ROUNDING).sum(axis=1)
        levels[:, column] = np.where(np.isnan(similarity), MISSING, found)
    return levels
