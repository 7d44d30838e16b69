"""
How a frequency model agrees with the shipped one, part by part; on the partner's premises.

A model that is far off is not wrong in itself: a shelter's people are no cross-section. But a share that is too small
lets a composite key pass that several people share, and a share too large costs recall, so both are worth a look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from api.agent.frequencies.building import NEVER_LISTED
from matcher.encode.frequency import FrequencyModel
from matcher.errors import InvalidSchemaError
from matcher.schema import LinkageSchema

FACTOR = 3.0  # shares of two lists of a few hundred people differ by less, by chance
COMMON_SHARE = 0.01  # a value that only one of the models lists is looked at from here on
FEWEST_RANKED = 3  # two values always rank alike or opposite


@dataclass(frozen=True, slots=True)
class Difference:
    """A value whose shares differ: its key, both shares, (0, 1], and whether the shipped model lists it."""

    key: str
    share: float
    shipped_share: float
    is_listed: bool


@dataclass(frozen=True, slots=True)
class PartAgreement:
    """
    How one part agrees.

    Attributes:
        part: its name.
        listed: values in the model.
        shipped_listed: values in the shipped model.
        both: values in both.
        coverage: of the model's listed people, the share whose value the shipped model lists; NaN when none is.
        rank_correlation: Spearman's, over the values in both, in [-1, 1]; NaN for fewer than three.
        differing: values that both list, or one in a hundred carries, whose shares differ by more than the factor.
        differences: the same, the farthest off first; empty for telephones and identifiers.
    """

    part: str
    listed: int
    shipped_listed: int
    both: int
    coverage: float
    rank_correlation: float
    differing: int
    differences: tuple[Difference, ...] = field(repr=False)


def compare_models(model: FrequencyModel, schema: LinkageSchema, factor: float = FACTOR) -> tuple[PartAgreement, ...]:
    """
    Compare a model with the one shipped for a schema.

    No rare value is named: only values that the shipped model lists too, or that one in a hundred carries, and never a
    telephone or an identifier.

    Args:
        model: the model to check.
        schema: whose gate and shipped model it is measured by.
        factor: shares count as differing beyond it; more than 1.

    Raises:
        InvalidSchemaError: the model lacks a part of the gate.
    """
    shipped = FrequencyModel.shipped(schema.gate.frequency_model)
    kinds = {field.name: field.kind for field in schema.fields}
    found = []
    for part in schema.gate.parts:
        if part.name not in model.document["parts"]:
            raise InvalidSchemaError("lacks a part of the schema's gate", pointer=f"/parts/{part.name}")
        is_named = kinds[part.field] not in NEVER_LISTED
        found.append(_compare(part.name, model, shipped, factor, is_named=is_named))
    return tuple(found)


def _compare(
    part: str, model: FrequencyModel, shipped: FrequencyModel, factor: float, *, is_named: bool
) -> PartAgreement:
    """Compare one part."""
    own, other = (_shares(each, part) for each in (model, shipped))
    both = own.keys() & other.keys()
    pairs = [
        Difference(key, model.share(part, key), shipped.share(part, key), key in other)
        for key in own.keys() | other.keys()
        if key in both or max(own.get(key, 0), other.get(key, 0)) >= COMMON_SHARE
    ]
    apart = [pair for pair in pairs if _ratio(pair) > factor]
    listed = sum(own.values())
    return PartAgreement(
        part=part,
        listed=len(own),
        shipped_listed=len(other),
        both=len(both),
        coverage=sum(own[key] for key in both) / listed if listed else float("nan"),
        rank_correlation=spearman([own[key] for key in both], [other[key] for key in both]),
        differing=len(apart),
        differences=tuple(sorted(apart if is_named else [], key=lambda pair: (-_ratio(pair), pair.key))),
    )


def _shares(model: FrequencyModel, part: str) -> Mapping[str, float]:
    """Return the listed shares of a part."""
    shares: Mapping[str, float] = model.document["parts"][part].get("shares", {})
    return shares


def _ratio(pair: Difference) -> float:
    """Return how many times the larger share is the smaller one."""
    return max(pair.share, pair.shipped_share) / min(pair.share, pair.shipped_share)


def spearman(left: Sequence[float], right: Sequence[float]) -> float:
    """
    Return Spearman's rank correlation, ties at their mean rank.

    Args:
        left: one number for each value.
        right: as many, in the same order.

    Returns:
        In [-1, 1]; NaN for fewer than three values, or when one side is all ties.
    """
    if len(left) < FEWEST_RANKED:
        return float("nan")
    one, other = (_centred_ranks(np.asarray(side)) for side in (left, right))
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / size if size else float("nan")


def _centred_ranks(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank numbers from the smallest, equal ones at their mean rank, the mean of all ranks taken off."""
    _, group, size = np.unique(numbers, return_inverse=True, return_counts=True)
    mean = np.asarray(np.cumsum(size) - (size - 1) / 2, dtype=np.float64)
    ranks = np.take(mean, group)
    centred: NDArray[np.float64] = ranks - ranks.mean()
    return centred
