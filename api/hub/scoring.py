"""Sketches of candidate pairs to scored pairs, through the library's compare and score; hub."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.compare.sketches import compare
from matcher.pairs import ScoredPairs
from matcher.schema import LinkageSchema
from matcher.score.grading import THRESHOLDS
from matcher.score.model import ScoreModel
from matcher.score.posterior import score

Sketches = NDArray[np.uint8]
Scorer = Callable[[Sketches, Sketches, LinkageSchema], ScoredPairs]


def score_sketches(left: Sketches, right: Sketches, schema: LinkageSchema) -> ScoredPairs:
    """
    Score pairs of sketches that share a token.

    Args:
        left: shape (pairs, sketch bytes), uint8.
        right: the same shape.
        schema: the schema of both; its score model is the shipped one.
    """
    return score(compare(left, right, schema), _model(schema.to_json()))


def thresholds() -> dict[str, float]:
    """Return the least posterior of each grade, by its FHIR code."""
    return {grade.label: least for grade, least in THRESHOLDS.items()}


@lru_cache(maxsize=16)
def _model(document: str) -> ScoreModel:
    """Bind the shipped score model to a schema once."""
    return ScoreModel.for_schema(LinkageSchema.from_json(document))
