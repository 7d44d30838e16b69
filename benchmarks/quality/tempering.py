"""
How much weak evidence counts, fitted to labelled candidates of development worlds.

The two figures of a `Tempering` are those under which the posteriors of the candidates give the least log loss. The
evidence is taken with the prior left out, so that one tempering serves lists of any length.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.agent.evaluate.found import pair_keys
from benchmarks.quality.datasets import DataSet
from benchmarks.quality.sketched import candidates_within
from matcher.score.model import ScoreModel, Tempering
from matcher.score.posterior import evidence_bits

KNEES = range(8, 25)
SLOPES = tuple(step / 20 for step in range(8, 21))


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    Candidate pairs of one list.

    Attributes:
        bits: shape (pairs,), evidence without prior.
        prior_bits: log2 of the prior odds.
        is_true: shape (pairs,).
    """

    bits: NDArray[np.float64]
    prior_bits: float
    is_true: NDArray[np.bool_]


def evidence_of(data: DataSet, model: ScoreModel) -> Evidence:
    """
    Return the best evidence of each candidate pair of records.

    Args:
        data: one list with its truth.
        model: for any number of people; it is scaled to the list.
    """
    scaled = model.for_people(len(data.left))
    found = candidates_within(data, scaled)
    bits = evidence_bits(found.levels, scaled)
    order = np.lexsort((-bits, found.right, found.left))
    keys, first = np.unique(pair_keys(found.left, found.right)[order], return_index=True)
    prior = scaled.prior["match"]
    return Evidence(bits[order][first], float(np.log2(prior / (1 - prior))), np.isin(keys, data.truth.keys))


def best_tempering(lists: Sequence[Evidence]) -> Tempering:
    """Return the tempering under which truth is least surprising."""
    tried = [Tempering(float(knee), slope) for knee in KNEES for slope in SLOPES]
    return min(tried, key=lambda each: sum(_log_loss(each, one) for one in lists))


def _log_loss(tempering: Tempering, pairs: Evidence) -> float:
    """Add up how surprising the truth is, in bits."""
    weight = tempering.of(pairs.bits) + pairs.prior_bits
    return float(np.logaddexp2(0, np.where(pairs.is_true, -weight, weight)).sum())
