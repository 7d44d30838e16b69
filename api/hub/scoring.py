"""Sketches of candidate pairs to scored pairs, through the library's compare and score; hub."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matcher.compare.sketches import compare
from matcher.pairs import ScoredPairs
from matcher.schema import LinkageSchema
from matcher.score.grading import THRESHOLDS
from matcher.score.levels import MISSING, agreement_levels
from matcher.score.model import ScoreModel
from matcher.score.posterior import score

Sketches = NDArray[np.uint8]
Scorer = Callable[[Sketches, Sketches, LinkageSchema], ScoredPairs]
_models: dict[str, ScoreModel] = {}  # one for each key epoch that was asked for


def score_sketches(left: Sketches, right: Sketches, schema: LinkageSchema) -> ScoredPairs:
    """
    Score pairs of sketches that share a token.

    Args:
        left: shape (pairs, sketch bytes), uint8.
        right: the same shape.
        schema: the schema of both; its score model is the shipped one.
    """
    return score(compare(left, right, schema), _model(schema))


def field_agreement(left: bytes, right: bytes, schema: LinkageSchema) -> dict[str, str]:
    """
    Return how each scored field of two sketches compares: `agree`, `close`, `differ` or `missing`.

    Args:
        left: a sketch beside the same token as the other's.
        right: the other.
        schema: the schema of both.
    """
    model = _model(schema)
    one, other = (np.frombuffer(sketch, dtype=np.uint8).reshape(1, -1) for sketch in (left, right))
    levels = agreement_levels(compare(one, other, schema), model)[0]
    return {field.name: _word(int(level), len(field.levels)) for field, level in zip(model.fields, levels, strict=True)}


def _word(level: int, levels: int) -> str:
    """Name an agreement level: the first is agreement, the last disagreement."""
    if level == MISSING:
        return "missing"
    if level == 0:
        return "agree"
    return "differ" if level == levels - 1 else "close"


def thresholds() -> dict[str, float]:
    """Return the least posterior of each grade, by its FHIR code."""
    return {grade.label: least for grade, least in THRESHOLDS.items()}


def _model(schema: LinkageSchema) -> ScoreModel:
    """Bind the shipped score model to a schema once; a schema's id is a digest of all of it."""
    model = _models.get(schema.schema_id)
    if model is None:
        model = _models[schema.schema_id] = ScoreModel.for_schema(schema)
    return model
