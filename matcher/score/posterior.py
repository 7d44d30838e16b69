"""
Agreement levels to match weight and posterior; hub and partner.

The match weight is log2 of the odds that a pair is one person rather than any of the nuisance classes or two random
people, the prior included (Fellegi and Sunter 1969, with a mixture below the line). Fields count as independent
within a class; what makes them depend on one another, a shared home or a common name, is a class of its own, and what
is left of it is tempered (docs/decisions/0009).
"""

import numpy as np
from numpy.typing import NDArray

from matcher.pairs import Comparisons, ScoredPairs
from matcher.score.grading import grades
from matcher.score.levels import MISSING, agreement_levels
from matcher.score.model import FieldModel, ScoreModel


def score(comparisons: Comparisons, model: ScoreModel) -> ScoredPairs:
    """
    Score pairs on their similarities.

    Returns:
        One row per pair; `levels` has the model's scored fields as columns.
    """
    return score_levels(agreement_levels(comparisons, model), model)


def score_levels(levels: NDArray[np.int8], model: ScoreModel) -> ScoredPairs:
    """
    Score pairs on their agreement levels. A pair's score depends on nothing but its own levels.

    Args:
        levels: shape (pairs, scored fields), as `agreement_levels` gives them.
        model: its fields are the columns.
    """
    prior_bits = np.log2(model.prior["match"] / (1 - model.prior["match"]))
    weight_bits = prior_bits + model.tempering.of(evidence_bits(levels, model))
    probability = 1.0 / (1.0 + np.exp2(-np.clip(weight_bits, -1000, 1000)))
    return ScoredPairs(levels, weight_bits, probability, grades(levels, probability, model))


def evidence_bits(levels: NDArray[np.int8], model: ScoreModel) -> NDArray[np.float64]:
    """Return how many bits the fields speak for a match and against all other classes, prior and tempering left out."""
    by_class = class_log_likelihoods(levels, model)
    below = np.logaddexp.reduce(by_class[:, 1:], axis=1)
    prior_odds = np.log(model.prior["match"] / (1 - model.prior["match"]))
    bits: NDArray[np.float64] = (by_class[:, 0] - below - prior_odds) / np.log(2)
    return bits


def class_log_likelihoods(levels: NDArray[np.int8], model: ScoreModel) -> NDArray[np.float64]:
    """
    Return ln(prior × likelihood) of each pair in each class.

    Returns:
        Shape (pairs, classes), in the order of the model's classes: `match` first, `random` last.
    """
    shares = list(model.prior.values())
    priors = np.array([*shares, max(1e-9, 1 - sum(shares))])
    total = np.tile(np.log(priors), (len(levels), 1))
    for column, field in enumerate(model.fields):
        tables = np.array([_log_table(field, name) for name in model.classes])
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
