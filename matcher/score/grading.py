"""
Posterior and agreement levels to a grade; hub and partner.

A grade is absolute: it depends on the pair alone, never on what else was found, and each rule can be read off the
pair's agreement levels. A posterior alone does not do: relatives who sound alike come too close to 1 too often, and a
grade is what a caseworker acts on (docs/decisions/0009 has what each rule costs and saves).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matcher.pairs import Grade
from matcher.schema import Kind
from matcher.score.model import FieldModel, ScoreModel

# Least posterior of each grade.
THRESHOLDS = {Grade.POSSIBLE: 0.5, Grade.PROBABLE: 0.98, Grade.CERTAIN: 0.9995}
SAME_NAME = 0.95  # least similarity of two spellings of one name
CLOSE_NAME = 0.8
SAME_AS_TOLD = 0.7  # two dates agree as far as both are told, or in two parts of three
SAME_DAY = 1.0
SAME_IDENTIFIER = 1.0

Levels = NDArray[np.int8]
Claims = NDArray[np.bool_]


def grades(levels: Levels, probability: NDArray[np.float64], model: ScoreModel) -> Levels:
    """
    Grade pairs by the least posterior of each grade, and by what must agree.

    `probable` needs a name of the person's own that is close, or the same identifier, or, where a record tells no such
    name, the same birth date to the day. `certain` needs a name of the person's own that is the same, and beside it the
    same birth date as far as both records tell it, or the same identifier. Fields that a household shares satisfy no
    rule.

    Args:
        levels: shape (pairs, scored fields).
        probability: shape (pairs,), posterior of each pair.
        model: its fields are the columns of `levels`.

    Returns:
        Shape (pairs,), int8, values of `Grade`.
    """
    same_identifier = _agrees(levels, model, Kind.IDENTIFIER, SAME_IDENTIFIER)
    has_name = _agrees(levels, model, Kind.NAME, 0.0)
    same_day = _agrees(levels, model, Kind.DATE, SAME_DAY)
    has_close = _agrees(levels, model, Kind.NAME, CLOSE_NAME) | same_identifier | (same_day & ~has_name)
    has_same = _agrees(levels, model, Kind.NAME, SAME_NAME) & (
        _agrees(levels, model, Kind.DATE, SAME_AS_TOLD) | same_identifier
    )
    grade = np.full(len(levels), Grade.CERTAINLY_NOT, dtype=np.int8)
    grade[probability >= THRESHOLDS[Grade.POSSIBLE]] = Grade.POSSIBLE
    grade[(probability >= THRESHOLDS[Grade.PROBABLE]) & has_close] = Grade.PROBABLE
    grade[(probability >= THRESHOLDS[Grade.CERTAIN]) & has_same] = Grade.CERTAIN
    return grade


def _agrees(levels: Levels, model: ScoreModel, kind: Kind, least: float) -> Claims:
    """Tell which pairs agree on some personal field of a kind at least so much; a missing field never does."""
    agrees = np.zeros(len(levels), dtype=np.bool_)
    for column, field in _personal(model, kind):
        worst = np.flatnonzero(field.levels >= least)[-1:]
        agrees |= (levels[:, column] >= 0) & (levels[:, column] <= worst.max(initial=-1))
    return agrees


def _personal(model: ScoreModel, kind: Kind) -> Iterator[tuple[int, FieldModel]]:
    """Return the personal fields of a kind, each with its column."""
    return ((column, each) for column, each in enumerate(model.fields) if each.is_personal and each.kind is kind)
