"""Metrics against examples worked by hand, and against slow twins."""

from itertools import combinations

import numpy as np
import pytest

from api.agent.evaluate.found import FoundPairs, KnownTruth
from api.agent.evaluate.intervals import with_intervals
from api.agent.evaluate.measures import Evaluation, curve, reliability
from api.agent.evaluate.subgroups import alike_but_not_one, by_subgroup

# Five records in one list: 0, 1 and 2 are one person, 3 and 4 another. Found: three true pairs and one false one.
TRUTH = KnownTruth.of([(0, 1), (0, 2), (1, 2), (3, 4)], 5)


def found(pairs, scores, threshold=0.5, **more):
    """Return found pairs whose score is also their posterior."""
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    score = np.array(scores, dtype=np.float64)
    grade = np.select([score >= 0.99, score >= 0.9, score >= 0.5], [3, 2, 1], 0).astype(np.int8)
    return FoundPairs(table[:, 0], table[:, 1], score, score >= threshold, score, grade, **more)


EXAMPLE = Evaluation(found([(0, 1), (2, 3), (3, 4), (0, 2)], [0.995, 0.95, 0.9, 0.2]), TRUTH)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("precision", 2 / 3),
        ("recall", 2 / 4),
        ("f1", 4 / 7),
        ("best_f1", 6 / 8),
        ("pr_auc", (1 + 2 / 3 + 3 / 4) / 4),
        ("recall_at_precision_99", 1 / 4),
        ("pairs_completeness", 3 / 4),
        ("pairs_quality", 3 / 4),
        ("reduction_ratio", 1 - 4 / 10),
        ("estimated_matches_ratio", (0.995 + 0.95 + 0.9 + 0.2) / 4),
        ("precision_at_p99", 1.0),
        ("precision_at_p90", 2 / 3),
        ("recall_at_1", 3 / 5),  # records 0, 1 and 4 have a true partner first; 2 and 3 have a false one before it
        ("recall_at_5", 5 / 5),
    ],
)
def test_figures_are_those_worked_by_hand(name, value):
    """Each figure of the example is what pencil and paper give."""
    assert EXAMPLE.figures()[name] == pytest.approx(value)


def test_false_alerts_are_told_for_twenty_thousand():
    """One false pair among five records is two alerts in five queries, and four thousand times as many strangers."""
    figures = EXAMPLE.figures()
    assert figures["false_alerts_certain"] == 0
    assert figures["false_alerts_probable"] == pytest.approx(1_000 * 2 / 5 * 20_000 / 5)
    related = Evaluation(EXAMPLE.found, TRUTH, related=[(2, 3)])
    assert related.figures()["false_alerts_probable"] == pytest.approx(1_000 * 2 / 5)


def test_clusters_are_measured_by_their_pairs():
    """Joining 0-1, 2-3 and 3-4 gives clusters of two and three: four pairs, two of them true."""
    figures = EXAMPLE.figures()
    assert figures["cluster_precision"] == pytest.approx(2 / 4)
    assert figures["cluster_recall"] == pytest.approx(2 / 4)


def test_calibration_error_is_the_mean_gap():
    """Three pairs in the last bin, one in the third: the gaps of both bins, weighted."""
    last = abs((0.995 + 0.95 + 0.9) / 3 - 2 / 3) * 3
    assert EXAMPLE.figures()["ece"] == pytest.approx((last + abs(0.2 - 1)) / 4)
    table = reliability(EXAMPLE.found.probability, EXAMPLE.is_true)
    assert [row.pairs for row in table] == [1, 3]


def test_a_person_drawn_twice_counts_twice():
    """Multiplicities equal copying: the false pair counts as often as both of its people were drawn."""
    people = TRUTH.people[0]
    drawn = np.zeros(2)
    drawn[people[0]], drawn[people[3]] = 2, 3
    figures = EXAMPLE.figures(drawn)
    assert figures["precision"] == pytest.approx((2 + 3) / (2 + 3 + 6))
    assert figures["recall"] == pytest.approx((2 + 3) / (3 * 2 + 3))


def test_equal_scores_stand_or_fall_together():
    """A threshold cannot part pairs of one score, however they are ordered."""
    for pairs in ([(0, 1), (2, 3)], [(2, 3), (0, 1)]):
        evaluation = Evaluation(found(pairs, [0.9, 0.9]), KnownTruth.of([(0, 1)], 4))
        assert evaluation.figures()["best_f1"] == pytest.approx(2 / 3)
        assert evaluation.figures()["pr_auc"] == pytest.approx(1 / 2)
        assert curve(evaluation) == [(1.0, 0.5)]


def _slow(evaluation, threshold):
    """Count precision and recall pair by pair."""
    truth = set(zip(evaluation.truth.left.tolist(), evaluation.truth.right.tolist(), strict=True))
    told = zip(
        evaluation.found.left.tolist(), evaluation.found.right.tolist(), evaluation.found.score.tolist(), strict=True
    )
    matched = {(a, b) for a, b, score in told if score >= threshold}
    hits = len(matched & truth)
    return hits / max(1, len(matched)), hits / len(truth)


@pytest.mark.parametrize("seed", range(5))
def test_fast_figures_equal_the_slow_twin(seed):
    """Precision, recall and best F1 equal a count pair by pair over every threshold."""
    draw = np.random.default_rng(seed)
    pairs = list(combinations(range(12), 2))
    people = draw.integers(5, size=12)
    truth = KnownTruth.of([(a, b) for a, b in pairs if people[a] == people[b]], 12)
    kept = [pair for pair in pairs if draw.random() < 0.6]
    evaluation = Evaluation(found(kept, np.round(draw.random(len(kept)), 1)), truth)
    figures = evaluation.figures()
    assert (figures["precision"], figures["recall"]) == pytest.approx(_slow(evaluation, 0.5))
    harmonic = [2 * p * r / max(p + r, 1e-12) for p, r in (_slow(evaluation, t / 10) for t in range(11))]
    assert figures["best_f1"] == pytest.approx(max(harmonic))


def test_records_linked_by_truth_are_one_person():
    """People are the connected components of the truth, across two lists as well."""
    left, right = KnownTruth.of([(0, 1), (2, 1)], 3, 2).people
    assert left[0] == left[2] == right[1]
    assert len({left[0], left[1], right[0]}) == 3


def test_intervals_hold_the_figure_and_can_be_repeated():
    """The interval surrounds the value, the same seed gives the same interval, and what is unknown has none."""
    truth = KnownTruth.of([(2 * row, 2 * row + 1) for row in range(50)], 100)
    pairs = [(2 * row, 2 * row + 1) for row in range(40)] + [(row, row + 3) for row in range(0, 20, 2)]
    told = found(pairs, [0.9] * len(pairs))
    plain = FoundPairs(told.left, told.right, told.score, told.is_match)
    figures = with_intervals(Evaluation(plain, truth))
    assert figures["f1"].low < figures["f1"].value < figures["f1"].high
    assert figures == with_intervals(Evaluation(plain, truth))
    assert figures["ece"].value is None
    assert figures["ece"].low is None


def test_nothing_found_is_measured_all_the_same():
    """A system that finds nothing has recall 0 and no error."""
    figures = Evaluation(found([], []), TRUTH).figures()
    assert figures["recall"] == figures["best_f1"] == figures["recall_at_5"] == 0


def test_groups_count_the_pairs_within_them():
    """A pair of two groups is mixed; each group has its own precision and recall."""
    rows = {row.group: row for row in by_subgroup(EXAMPLE.found, TRUTH, "sex", ["F", "F", "F", "M", "M"])}
    assert (rows["F"].precision, rows["F"].recall) == (1.0, pytest.approx(1 / 3))
    assert (rows["M"].precision, rows["M"].recall) == (1.0, 1.0)
    assert (rows["mixed"].precision, rows["mixed"].recall) == (0.0, None)


def test_siblings_are_counted_by_grade():
    """Of two sibling pairs one is graded probable, none certain."""
    told = alike_but_not_one(EXAMPLE.found, [(2, 3), (1, 4)])
    assert told == {"pairs": 2.0, "share_certain": 0.0, "share_probable": 0.5, "share_possible": 0.5}
