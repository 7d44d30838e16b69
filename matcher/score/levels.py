"""Similarities to agreement levels; hub and partner."""

import numpy as np
from numpy.typing import NDArray

from matcher.pairs import Comparisons
from matcher.score.model import ScoreModel

MISSING = -1
VOUCHING_SIMILARITY = 0.8  # a joined name this alike says that its parts were swapped, split or moved
VOUCHED_LEVEL = 1  # close, not equal


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
        found = (similarity[:, None] < field.levels[None, :-1] - 1e-6).sum(axis=1)
        if field.name in vouched:
            found = np.where(vouched[field.name], np.minimum(found, VOUCHED_LEVEL), found)
        levels[:, column] = np.where(np.isnan(similarity), MISSING, found)
    return levels
