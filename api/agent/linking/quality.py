"""
Linkage quality against known truth, pairwise; on the partner's premises and in evaluations.

No one-to-one assumption is made, and pairs that blocking missed count as missed everywhere, PR-AUC included.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.agent.linking.inputs import Truth
from api.agent.linking.judging import LinkedPairs
from matcher.pairs import Grade


@dataclass(frozen=True, slots=True)
class Quality:
    """
    How good a linkage is; every ratio in [0, 1].

    Attributes:
        precision: true pairs among those at or above the label-free threshold (posterior ½).
        recall: those among all true pairs.
        f1: harmonic mean of the two.
        best_f1: f1 at the threshold that truth would have chosen.
        pr_auc: average precision over all candidate pairs by match weight.
        pairs_completeness: true pairs among the candidates.
        pairs_quality: candidates that are true.
    """

    precision: float
    recall: float
    f1: float
    best_f1: float
    pr_auc: float
    pairs_completeness: float
    pairs_quality: float


def measure(linked: LinkedPairs, truth: Truth) -> Quality:
    """Measure linked pairs against the truth."""
    is_true = np.array([pair in truth.pairs for pair in zip(linked.left.tolist(), linked.right.tolist(), strict=True)])
    is_true = is_true.astype(np.bool_)
    is_match = linked.grade >= Grade.POSSIBLE
    found = int((is_true & is_match).sum())
    precision = found / max(1, int(is_match.sum()))
    recall = found / len(truth)
    hits = np.cumsum(is_true[np.argsort(-linked.scored.weight_bits, kind="stable")])
    return Quality(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / max(precision + recall, 1e-12),
        best_f1=_best_f1(hits, linked, len(truth)),
        pr_auc=_average_precision(hits, len(truth)),
        pairs_completeness=int(is_true.sum()) / len(truth),
        pairs_quality=float(is_true.mean()) if len(is_true) else 0.0,
    )


def _best_f1(hits: NDArray[np.int64], linked: LinkedPairs, true_pairs: int) -> float:
    """Return the greatest F1 over all thresholds; pairs of equal weight stand or fall together."""
    weights = np.sort(-linked.scored.weight_bits)
    is_last = np.append(weights[1:] != weights[:-1], True) if len(weights) else np.zeros(0, dtype=np.bool_)
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + true_pairs)
    return float(f1[is_last].max(initial=0.0))


def _average_precision(hits: NDArray[np.int64], true_pairs: int) -> float:
    """Return the mean, over all true pairs, of the precision at which each is found; 0 for those never found."""
    ranks = np.arange(1, len(hits) + 1)
    is_hit = np.diff(hits, prepend=0) > 0
    return float((hits[is_hit] / ranks[is_hit]).sum() / true_pairs)
