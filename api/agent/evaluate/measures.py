"""
Metrics of linkage quality, pairwise and without a one-to-one assumption; on the partner's premises.

Every metric takes a multiplicity per person, so that a bootstrap needs no copy of the pairs: a true pair counts as
often as its person was drawn, a false one as often as both of its people were. True pairs that were never compared
count as missed everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from api.agent.evaluate.found import FoundPairs, KnownTruth, pair_keys
from matcher.cluster.components import Link, components
from matcher.pairs import Grade

PEOPLE_ON_FILE = 20_000  # false alerts are told for a list of this size
QUERIES = 1_000
CALIBRATION_BINS = 10
SURE, LIKELY = 0.99, 0.9
TINY = 1e-12

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Evaluation:
    """
    What a system found, held against the truth; every figure comes from `figures`.

    Attributes:
        related: pairs of positions known to be two people of one family; a record meets as many of them in a short
            list as in a long one.
    """

    found: FoundPairs
    truth: KnownTruth
    related: Sequence[tuple[int, int]] = ()

    @cached_property
    def is_true(self) -> NDArray[np.bool_]:
        """Whether each found pair is one person."""
        return np.isin(pair_keys(self.found.left, self.found.right), self.truth.keys)

    @cached_property
    def _is_related(self) -> NDArray[np.bool_]:
        """Whether each found pair is known to be of two relatives."""
        table = np.array(self.related, dtype=np.int64).reshape(-1, 2)
        return np.isin(pair_keys(self.found.left, self.found.right), pair_keys(table[:, 0], table[:, 1]))

    @cached_property
    def units(self) -> int:
        """Number of people in the lists."""
        return 1 + int(max((side.max() for side in self.truth.people if len(side)), default=-1))

    @cached_property
    def _sides(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The person on each side of each found pair."""
        left, right = self.truth.people
        return left[self.found.left], right[self.found.right]

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        """Positions of the found pairs, best score first."""
        return np.argsort(-self.found.score, kind="stable")

    @cached_property
    def _is_last(self) -> NDArray[np.bool_]:
        """Whether the next pair in order has a lower score: only there may a threshold lie."""
        score = self.found.score[self._order]
        return np.append(score[1:] != score[:-1], True) if len(score) else np.zeros(0, dtype=np.bool_)

    @cached_property
    def _clustered(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """People on each side, and truth, of every pair of records that share a predicted cluster."""
        return _cluster_pairs(self)

    @cached_property
    def _queries(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Person and best rank (1 is first, 0 is never) of a true partner, for each record that has one."""
        return _query_ranks(self)

    def figures(self, drawn: NDArray[np.float64] | None = None) -> dict[str, float | None]:
        """
        Return every figure by name.

        Args:
            drawn: shape (people,), how often each person counts; None counts everybody once.

        Returns:
            Ratios in [0, 1] but for `estimated_matches_ratio` and the false alerts, which may exceed 1. None where the
            system gives no posterior or no grade.
        """
        each = np.ones(self.units) if drawn is None else drawn
        left, right = self._sides
        weights = np.where(left == right, each[left], each[left] * each[right])
        true_total = float(each[self.truth.people[0][self.truth.left]].sum()) + self.truth.unknown
        return {
            **self._at_threshold(weights, true_total),
            **self._by_threshold(weights, true_total),
            **self._blocking(weights, true_total),
            **self._posterior(weights, true_total),
            **self._alerts(weights, each),
            **self._ranking(each),
            **self._clusters(each, true_total),
        }

    def _at_threshold(self, weights: Weights, true_total: float) -> dict[str, float | None]:
        """Measure the matches the system would call without labels."""
        precision, recall = _shares(weights, self.found.is_match, self.is_true, true_total)
        return {"precision": precision, "recall": recall, "f1": harmonic(precision, recall)}

    def _by_threshold(self, weights: Weights, true_total: float) -> dict[str, float | None]:
        """Measure all thresholds."""
        ordered = weights[self._order]
        hits = np.cumsum(ordered * self.is_true[self._order])
        taken = np.cumsum(ordered)
        precision = hits / np.maximum(taken, TINY)
        f1 = 2 * hits / np.maximum(taken + true_total, TINY)
        return {
            "best_f1": float(f1[self._is_last].max(initial=0.0)),
            "pr_auc": _average_precision(hits, taken, self._is_last, true_total),
            "recall_at_precision_99": _recall_at(0.99, precision, hits, self._is_last, true_total),
            "recall_at_precision_999": _recall_at(0.999, precision, hits, self._is_last, true_total),
        }

    def _blocking(self, weights: Weights, true_total: float) -> dict[str, float | None]:
        """Measure which pairs were compared at all."""
        if self.found.is_every_pair:
            return {"pairs_completeness": 1.0, "pairs_quality": None, "reduction_ratio": 0.0}
        hits = float((weights * self.is_true).sum())
        return {
            "pairs_completeness": hits / max(true_total, TINY),
            "pairs_quality": hits / max(float(weights.sum()), TINY),
            "reduction_ratio": 1 - len(weights) / max(1, self.truth.possible_pairs),
        }

    def _posterior(self, weights: Weights, true_total: float) -> dict[str, float | None]:
        """Measure whether the posterior means what it says."""
        names = ("ece", "estimated_matches_ratio", "precision_at_p99", "precision_at_p90")
        probability = self.found.probability
        if probability is None:
            return dict.fromkeys(names)
        table = reliability(probability, self.is_true, weights)
        gap = sum(row.pairs * abs(row.mean_probability - row.share_true) for row in table)
        return {
            "ece": float(gap) / max(float(weights.sum()), TINY),
            "estimated_matches_ratio": float((weights * probability).sum()) / max(true_total, TINY),
            "precision_at_p99": _precision_of(weights, probability >= SURE, self.is_true),
            "precision_at_p90": _precision_of(weights, probability >= LIKELY, self.is_true),
        }

    def _alerts(self, weights: Weights, each: Weights) -> dict[str, float | None]:
        """
        Count false alerts per 1,000 queries at 20,000 people on file, by grade and above.

        Each record is a query against all others. Strangers are scaled in proportion to the length of the list; pairs
        known to be related are not, where they are known.
        """
        grade = self.found.grade
        left, right = self.truth.people
        queries = float(each[left].sum())
        on_file = queries if self.truth.right_records is None else float(each[right].sum())
        sides = 2 if self.truth.right_records is None else 1
        per_query = QUERIES * sides / max(queries, TINY)
        scaled = np.where(self._is_related, 1.0, PEOPLE_ON_FILE / max(on_file, TINY)) * weights * ~self.is_true
        told: dict[str, float | None] = {}
        for least in (Grade.CERTAIN, Grade.PROBABLE, Grade.POSSIBLE):
            if grade is None:
                told[f"false_alerts_{least.label}"] = None
            else:
                told[f"false_alerts_{least.label}"] = float(scaled[grade >= least].sum()) * per_query
        return told

    def _ranking(self, each: Weights) -> dict[str, float | None]:
        """Measure whether a query finds its person first, or among the first five."""
        person, rank = self._queries
        total = max(float(each[person].sum()), TINY)
        return {f"recall_at_{most}": float(each[person[(rank > 0) & (rank <= most)]].sum()) / total for most in (1, 5)}

    def _clusters(self, each: Weights, true_total: float) -> dict[str, float | None]:
        """Measure the clusters of the matches, by their pairs of records."""
        left, right, is_true = self._clustered
        weights = np.where(left == right, each[left], each[left] * each[right])
        hits = float(weights[is_true].sum())
        return {
            "cluster_precision": hits / max(float(weights.sum()), TINY),
            "cluster_recall": hits / max(true_total, TINY),
        }


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """One bin of posteriors: its bounds, how many pairs fall in it, their mean posterior and how many are true."""

    low: float
    high: float
    pairs: float
    mean_probability: float
    share_true: float


def reliability(
    probability: NDArray[np.float64], is_true: NDArray[np.bool_], weights: Weights | None = None
) -> list[ReliabilityRow]:
    """
    Return the reliability table: ten bins of equal width; empty bins are left out.

    Args:
        probability: posteriors, in [0, 1].
        is_true: of the same pairs.
        weights: how often each pair counts; None counts each once.
    """
    weights = np.ones(len(probability)) if weights is None else weights
    place = np.minimum((probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    pairs = np.bincount(place, weights, CALIBRATION_BINS)
    means = np.bincount(place, weights * probability, CALIBRATION_BINS) / np.maximum(pairs, TINY)
    trues = np.bincount(place, weights * is_true, CALIBRATION_BINS) / np.maximum(pairs, TINY)
    return [
        ReliabilityRow(row / CALIBRATION_BINS, (row + 1) / CALIBRATION_BINS, pairs[row], means[row], trues[row])
        for row in range(CALIBRATION_BINS)
        if pairs[row] > 0
    ]


def curve(evaluation: Evaluation, points: int = 200) -> list[tuple[float, float]]:
    """Return recall and precision at falling thresholds, at most so many points."""
    order = np.argsort(-evaluation.found.score, kind="stable")
    score = evaluation.found.score[order]
    hits = np.cumsum(evaluation.is_true[order])
    ends = np.flatnonzero(np.append(score[1:] != score[:-1], True)) if len(score) else np.zeros(0, dtype=np.int64)
    if len(ends) > points:
        ends = ends[np.linspace(0, len(ends) - 1, points).astype(int)]
    total = max(1, evaluation.truth.true_pairs)
    return [(float(hits[end] / total), float(hits[end] / (end + 1))) for end in ends]


def harmonic(precision: float, recall: float) -> float:
    """Return F1."""
    return 2 * precision * recall / max(precision + recall, TINY)


def _shares(
    weights: Weights, chosen: NDArray[np.bool_], is_true: NDArray[np.bool_], true_total: float
) -> tuple[float, float]:
    """Return precision and recall of the chosen pairs."""
    hits = float(weights[chosen & is_true].sum())
    return hits / max(float(weights[chosen].sum()), TINY), hits / max(true_total, TINY)


def _precision_of(weights: Weights, chosen: NDArray[np.bool_], is_true: NDArray[np.bool_]) -> float | None:
    """Return the precision of the chosen pairs; None when there is none."""
    total = float(weights[chosen].sum())
    return float(weights[chosen & is_true].sum()) / total if total > 0 else None


def _average_precision(hits: Weights, taken: Weights, is_last: NDArray[np.bool_], true_total: float) -> float:
    """Return the area under the precision-recall steps; pairs of equal score are one step."""
    steps, sizes = hits[is_last], taken[is_last]
    gained = np.diff(steps, prepend=0.0)
    return float((gained * steps / np.maximum(sizes, TINY)).sum() / max(true_total, TINY))


def _recall_at(least: float, precision: Weights, hits: Weights, is_last: NDArray[np.bool_], true_total: float) -> float:
    """Return the greatest recall whose precision is at least so high."""
    return float(hits[is_last & (precision >= least)].max(initial=0.0)) / max(true_total, TINY)


def _query_ranks(evaluation: Evaluation) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rank, for every record that has a true partner, its best true partner among all that were found for it."""
    found, truth = evaluation.found, evaluation.truth
    is_within = truth.right_records is None
    query = np.concatenate([found.left, found.right]) if is_within else found.left
    score = np.concatenate([found.score, found.score]) if is_within else found.score
    is_true = np.concatenate([evaluation.is_true, evaluation.is_true]) if is_within else evaluation.is_true
    order = np.lexsort((is_true, -score, query))  # among equal scores the true partner comes last
    query, is_true = query[order], is_true[order]
    starts = np.flatnonzero(np.append(True, query[1:] != query[:-1])) if len(query) else np.zeros(0, dtype=np.int64)
    ranks = np.arange(len(query)) - np.repeat(starts, np.diff(np.append(starts, len(query)))) + 1
    best = np.zeros(truth.left_records, dtype=np.int64)
    for row, rank in zip(query[is_true][::-1].tolist(), ranks[is_true][::-1].tolist(), strict=True):
        best[row] = rank
    askers = np.unique(np.concatenate([truth.left, truth.right]) if is_within else truth.left)
    return truth.people[0][askers], best[askers]


def _cluster_pairs(
    evaluation: Evaluation,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Join the matches to clusters, and return every pair of records within one, across the lists."""
    found, truth = evaluation.found, evaluation.truth
    is_within = truth.right_records is None
    shift = 0 if is_within else truth.left_records
    matches = np.flatnonzero(found.is_match)
    links = [
        Link(f"{found.left[row]:09}", f"{found.right[row] + shift:09}", float(found.score[row])) for row in matches
    ]
    blocks = [np.zeros((0, 2), dtype=np.int64)]
    for members in components(links).members:
        rows = np.array(sorted(map(int, members)), dtype=np.int64)
        first, second = np.triu_indices(len(rows), 1)
        blocks.append(np.stack([rows[first], rows[second]], axis=1))
    table = np.concatenate(blocks)
    if not is_within:
        table = table[(table[:, 0] < shift) & (table[:, 1] >= shift)] - np.array([0, shift])
    left, right = truth.people
    return left[table[:, 0]], right[table[:, 1]], np.isin(pair_keys(table[:, 0], table[:, 1]), truth.keys)
