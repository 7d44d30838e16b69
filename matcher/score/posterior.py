"""
Agreement levels to match weight, posterior and grade; hub and partner.

The match weight is log2 of the odds that a pair is one person rather than any of the nuisance classes or two random
people, the prior included (Fellegi and Sunter 1969, with a mixture below the line). Fields count as independent
within a class; what makes them depend on one another, a shared home or a common name, is a class of its own.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.pairs import Comparisons, Grade, ScoredPairs
from matcher.score.levels import MISSING, agreement_levels
from matcher.score.model import NUISANCE_CLASSES, FieldModel, ScoreModel

CLASSES = ("match", *NUISANCE_CLASSES, "random")
THRESHOLDS = {Grade.POSSIBLE: 0.5, Grade.PROBABLE: 0.9, Grade.CERTAIN: 0.99}  # least posterior of each grade
PERSONAL_BITS = 1.0  # a personal field speaks for a match when it is worth at least one bit


def score(comparisons: Comparisons, model: ScoreModel) -> ScoredPairs:
    """
    Score pairs on their similarities.

    Returns:
        One row per pair; `levels` has the model's scored fields as columns.
    """
    return score_levels(agreement_levels(comparisons, model), model)


def score_levels(levels: NDArray[np.int8], model: ScoreModel) -> ScoredPairs:
    """
    Score pairs on their agreement levels.

    Args:
        levels: shape (pairs, scored fields), as `agreement_levels` gives them.
        model: its fields are the columns.
    """
    by_class = class_log_likelihoods(levels, model)
    below = np.logaddexp.reduce(by_class[:, 1:], axis=1)
    log_odds = by_class[:, 0] - below
    probability = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -700, 700)))
    return ScoredPairs(levels, log_odds / np.log(2), probability, _grades(levels, probability, model))


def class_log_likelihoods(levels: NDArray[np.int8], model: ScoreModel) -> NDArray[np.float64]:
    """
    Return ln(prior × likelihood) of each pair in each class.

    Returns:
        Shape (pairs, classes), in the order of `CLASSES`.
    """
    prior = [model.prior[name] for name in CLASSES[:-1]]
    priors = np.array([*prior, max(1e-9, 1 - sum(prior))])
    total = np.tile(np.log(priors), (len(levels), 1))
    for column, field in enumerate(model.fields):
        tables = np.array([_log_table(field, name) for name in CLASSES])
        found = levels[:, column]
        evidence = tables[:, np.maximum(found, 0)].T
        total += np.where((found == MISSING)[:, None], 0.0, evidence)
    return total


def field_bits(field: FieldModel) -> NDArray[np.float64]:
    """Return the field's match weight at each level, log2 m/u, in bits, never rising as the level gets worse."""
    bits: NDArray[np.float64] = np.minimum.accumulate(np.log2(field.m / field.u))
    return bits


def _log_table(field: FieldModel, name: str) -> NDArray[np.float64]:
    """Return ln of the field's level probabilities in one class."""
    table: NDArray[np.float64] = np.log(field.shared.get(name, field.u))
    return np.log(field.u) + field_bits(field) * np.log(2) if name == "match" else table


def _grades(levels: NDArray[np.int8], probability: NDArray[np.float64], model: ScoreModel) -> NDArray[np.int8]:
    """Grade by the posterior; `certain` needs a personal field that speaks for it, as a household has none."""
    grade = np.full(len(levels), Grade.CERTAINLY_NOT, dtype=np.int8)
    for value, least in THRESHOLDS.items():
        grade[probability >= least] = value
    has_personal = np.zeros(len(levels), dtype=np.bool_)
    for column, field in enumerate(model.fields):
        if field.is_personal:
            speaks = np.flatnonzero(field_bits(field) >= PERSONAL_BITS)
            has_personal |= np.isin(levels[:, column], speaks)
    grade[(grade == Grade.CERTAIN) & ~has_personal] = Grade.PROBABLE
    return grade
