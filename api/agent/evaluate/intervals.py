"""
95 % intervals by the bootstrap over people (Efron 1979, percentile method); on the partner's premises.

People are drawn, not pairs: the pairs of one record depend on one another, and drawing them apart would make the
intervals too narrow.
"""

from dataclasses import dataclass

import numpy as np

from api.agent.evaluate.measures import Evaluation

REPLICATES = 200
PERCENTILES = (2.5, 97.5)
SEED = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval; all None where the system cannot have it."""

    value: float | None
    low: float | None
    high: float | None


def with_intervals(evaluation: Evaluation, replicates: int = REPLICATES, seed: int = SEED) -> dict[str, Figure]:
    """
    Return every figure with its interval.

    Args:
        evaluation: what was found, held against the truth.
        replicates: how often people are drawn; 0 gives no intervals.
        seed: a run can be repeated.
    """
    told = evaluation.figures()
    draw = np.random.default_rng(seed)
    drawn: dict[str, list[float]] = {name: [] for name in told}
    for _ in range(replicates):
        each = np.bincount(draw.integers(evaluation.units, size=evaluation.units), minlength=evaluation.units)
        for name, value in evaluation.figures(each.astype(np.float64)).items():
            if value is not None:
                drawn[name].append(value)
    return {name: _figure(value, drawn[name]) for name, value in told.items()}


def _figure(value: float | None, drawn: list[float]) -> Figure:
    """Add the percentiles of the drawn values."""
    if value is None or not drawn:
        return Figure(value, None, None)
    low, high = np.percentile(drawn, PERCENTILES)
    return Figure(value, float(low), float(high))
