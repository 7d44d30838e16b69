"""Repeatable chance: uniform draws of one numpy generator, taken a block at a time because single ones are slow."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np

BLOCK = 65_536

Item = TypeVar("Item")


class Chance:
    """Draws that a seed decides; the same seed gives the same draws in the same order."""

    def __init__(self, seed: int) -> None:
        """
        Start at the first draw.

        Args:
            seed: 0 or more.
        """
        self._generator = np.random.default_rng(seed)
        self._drawn: list[float] = []

    def draw(self) -> float:
        """Return a number in [0, 1)."""
        if not self._drawn:
            self._drawn = self._generator.random(BLOCK).tolist()
        return self._drawn.pop()

    def happens(self, probability: float) -> bool:
        """Tell whether something of this probability happens."""
        return self.draw() < probability

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to, not including, `limit`."""
        return int(self.draw() * limit)

    def between(self, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`, both included."""
        return least + self.below(most - least + 1)

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items, all alike likely."""
        return items[self.below(len(items))]


class Weighted(Generic[Item]):
    """Items that are drawn as often as their weights say."""

    def __init__(self, weights: Mapping[Item, float]) -> None:
        """
        Add the weights up.

        Args:
            weights: at least one, none negative, together above 0.
        """
        self.items = tuple(weights)
        self._sums = list(accumulate(weights.values()))

    def pick(self, chance: Chance) -> Item:
        """Return one item."""
        return self.items[min(bisect_right(self._sums, chance.draw() * self._sums[-1]), len(self.items) - 1)]
