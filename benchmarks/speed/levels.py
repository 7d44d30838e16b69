"""Whether something sampled over a run, such as memory, stays level."""

from collections.abc import Sequence
from itertools import pairwise

TENTHS = 10


def growth(samples: Sequence[int]) -> float:
    """Return by what share the mean of the last tenth of samples is above the first's; 0 of fewer than ten."""
    found = levels(samples)
    return found[-1] / found[0] - 1 if found else 0.0


def levels(samples: Sequence[int]) -> list[float]:
    """Return the mean of each tenth of the samples; nothing of fewer than ten."""
    bounds = [len(samples) * part // TENTHS for part in range(TENTHS + 1)]
    parts = [samples[start:stop] for start, stop in pairwise(bounds)]
    return [sum(part) / len(part) for part in parts] if all(parts) else []
