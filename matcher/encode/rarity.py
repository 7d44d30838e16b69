"""
Which sets of parts are rare enough, and no larger than they must be, for many ways at once; partner's side only.

Ways that have the same parts have the same sets to try. These are tried together, as a matrix of sets by ways, and
every sum is taken in the same order as for one way alone, so that a way's company never decides a near tie.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.encode.columns import Integers
from matcher.encode.recipes import Positions, RecipeBook

CELLS_AT_ONCE = 65_536  # sets × ways; their sums stay in a processor's cache
CACHED_PATTERNS = 4_096

Bits = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """
    What can be tried where the same parts are present.

    Attributes:
        recipes: shape (sets,), positions in the recipe book, rising.
        members: shape (longest, sets), positions of parts.
        choice_of: shape (longest, sets), column of the choices of each member.
    """

    recipes: Positions
    members: Positions
    choice_of: Positions


class RareSets:
    """Finds the sets that carry enough bits, and would not with anything less in a member's place."""

    def __init__(self, book: RecipeBook, needed_bits: float) -> None:
        """Take the sets from a recipe book."""
        self._book = book
        self._needed_bits = needed_bits
        self._choices, self._choice_of = _choices(book)
        self._pattern = lru_cache(CACHED_PATTERNS)(self._lay_out)

    def find(self, bits: Bits) -> tuple[Integers, Integers]:
        """
        Return ways and recipes that belong together.

        Args:
            bits: shape (ways, parts), rarity of each part's value, −log2 of its share; −inf where it is absent.

        Returns:
            Positions of ways and of sets in the recipe book; those of one way stand together, rising.
        """
        ways, recipes = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for present, alike in _patterns(bits):
            pattern = self._pattern(present)
            if not len(pattern.recipes):
                continue
            step = max(1, CELLS_AT_ONCE // len(pattern.recipes))
            for start in range(0, len(alike), step):
                chunk = alike[start : start + step]
                way, place = np.nonzero(self._is_minimal(pattern, bits[chunk]).T)
                ways.append(chunk[way])
                recipes.append(pattern.recipes[place])
        return np.concatenate(ways), np.concatenate(recipes)

    def _is_minimal(self, pattern: _Pattern, bits: Bits) -> NDArray[np.bool_]:
        """Try every set of a pattern on ways that have it, shape (sets, ways)."""
        parts = bits.shape[1]
        by_part = np.full((parts + 2, len(bits)), -np.inf)
        by_part[:parts] = bits.T
        by_part[parts] = 0.0
        total = by_part.take(pattern.members[0], axis=0)
        for member in pattern.members[1:]:
            total += by_part.take(member, axis=0)
        with np.errstate(invalid="ignore"):  # what is absent here, and so in no set of the pattern
            loss = by_part.take(self._choices[0], axis=0) - by_part.take(self._choices[1:], axis=0).max(axis=0)
        least = loss.take(pattern.choice_of[0], axis=0)
        for choice in pattern.choice_of[1:]:
            np.minimum(least, loss.take(choice, axis=0), out=least)
        is_minimal: NDArray[np.bool_] = (total >= self._needed_bits) & (total - least < self._needed_bits)
        return is_minimal

    def _lay_out(self, present: tuple[int, ...]) -> _Pattern:
        """Gather what is tried where these parts are present."""
        recipes = self._book.among(present)
        return _Pattern(recipes, self._book.members[:, recipes], self._choice_of[:, recipes])


@lru_cache(maxsize=16)
def _choices(book: RecipeBook) -> tuple[Positions, Positions]:
    """
    List each member with what could stand in its place, once.

    Returns:
        The choices, shape (1 + choices, distinct), and for each member of each set its column, shape (longest, sets).
    """
    every = np.concatenate([book.members[None], book.instead])
    base = int(every.max()) + 1
    numbers = sum(row * base**place for place, row in enumerate(every))
    _, first, choice_of = np.unique(numbers, return_index=True, return_inverse=True)
    return every.reshape(len(every), -1)[:, first], choice_of.reshape(book.members.shape)


def _patterns(bits: Bits) -> Iterator[tuple[tuple[int, ...], Integers]]:
    """Yield each set of parts that occurs, and the ways that have just these."""
    if not len(bits):
        return
    is_present = bits != -np.inf
    patterns, pattern_of = np.unique(np.packbits(is_present, axis=1), axis=0, return_inverse=True)
    order = np.argsort(pattern_of, kind="stable")
    bounds = np.searchsorted(pattern_of[order], np.arange(len(patterns) + 1))
    for start, stop in pairwise(bounds.tolist()):
        alike = order[start:stop]
        yield tuple(np.flatnonzero(is_present[alike[0]]).tolist()), alike
