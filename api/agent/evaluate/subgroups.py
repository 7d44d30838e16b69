"""Quality by subgroup: who is found less often than others; on the partner's premises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.agent.evaluate.found import FoundPairs, KnownTruth, pair_keys
from api.agent.evaluate.measures import harmonic
from matcher.pairs import Grade

MIXED = "mixed"  # the two records of a pair are in different groups


@dataclass(frozen=True, slots=True)
class SubgroupRow:
    """
    Quality among the pairs whose records are both in a group.

    Attributes:
        column: what divides the records, such as sex.
        group: its value, or `mixed`.
        precision: None when nothing was matched; `recall` is None when there is no true pair.
    """

    column: str
    group: str
    true_pairs: int
    precision: float | None
    recall: float | None
    f1: float | None


def by_subgroup(
    found: FoundPairs,
    truth: KnownTruth,
    column: str,
    left_groups: Sequence[str],
    right_groups: Sequence[str] | None = None,
) -> list[SubgroupRow]:
    """
    Measure each group of one column at the label-free threshold.

    Args:
        found: what the system found.
        truth: which pairs are one person.
        column: name of the column.
        left_groups: the group of each record of the left list; `right_groups` of the right one, None within one list.
        right_groups: see above.

    Returns:
        Groups in the order of their names.
    """
    left = np.array(left_groups, dtype=np.str_)
    right = left if right_groups is None else np.array(right_groups, dtype=np.str_)
    of_true = _labels(left[truth.left], right[truth.right])
    matched = found.is_match
    of_match = _labels(left[found.left[matched]], right[found.right[matched]])
    is_true = np.isin(pair_keys(found.left, found.right), truth.keys)[matched]
    return [
        _row(column, group, int((of_true == group).sum()), is_true[of_match == group])
        for group in sorted({*of_true.tolist(), *of_match.tolist()})
    ]


def alike_but_not_one(found: FoundPairs, pairs: Sequence[tuple[int, int]]) -> Mapping[str, float | None]:
    """
    Count pairs that are known to be two people, such as siblings, by the grade they were given and above.

    Returns:
        The number of pairs and the share of them at each grade and above; None when the system gives no grade.
    """
    told: dict[str, float | None] = {"pairs": float(len(pairs))}
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    is_such = np.isin(pair_keys(found.left, found.right), pair_keys(table[:, 0], table[:, 1]))
    for least in (Grade.CERTAIN, Grade.PROBABLE, Grade.POSSIBLE):
        count = None if found.grade is None else int((is_such & (found.grade >= least)).sum())
        told[f"share_{least.label}"] = None if count is None or not pairs else count / len(pairs)
    return told


def _labels(left: NDArray[np.str_], right: NDArray[np.str_]) -> NDArray[np.str_]:
    """Return the group both records are in, or `mixed`."""
    return np.where(left == right, left, MIXED)


def _row(column: str, group: str, true_pairs: int, hits: NDArray[np.bool_]) -> SubgroupRow:
    """Measure one group."""
    precision = float(hits.mean()) if len(hits) else None
    recall = int(hits.sum()) / true_pairs if true_pairs else None
    f1 = None if precision is None or recall is None else harmonic(precision, recall)
    return SubgroupRow(column, group, true_pairs, precision, recall, f1)
