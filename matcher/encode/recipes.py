"""
Recipes: which parts of a schema may stand together in a composite key; partner's side only.

All sets that the schema allows are listed once and kept in the order in which they are worth having; for a record the
gate looks only at those whose parts are all present.
"""

from functools import lru_cache
from itertools import combinations
from math import log

import numpy as np
from numpy.typing import NDArray

from matcher.schema import Part, Recipes

MOST_COARSER_FORMS = 2  # start and end
CACHED_GROUPS = 4096

Positions = NDArray[np.intp]


class RecipeBook:
    """
    Every set of parts that may stand together, those likeliest to survive first.

    A position is that of a part in the schema's gate, or `len(parts)` for no part, or `len(parts) + 1` for what
    cannot be.

    Attributes:
        members: shape (longest, sets), positions; short sets end in no part.
        instead: shape (choices, longest, sets), what could stand in a member's place: no part, if the set would still
            be allowed, or a coarser form of it.
        parts: per set, the positions of its members alone.
        groups: shape (sets,), a number shared by sets that differ only in how coarse their members are.
    """

    def __init__(self, parts: tuple[Part, ...], recipes: Recipes) -> None:
        """List the sets; takes a second for the largest schemas."""
        finest = {part.name: position for position, part in enumerate(parts)}
        bases = [finest[part.coarsens] if part.coarsens else position for position, part in enumerate(parts)]
        allowed = _allowed_groups(parts, sorted(set(bases)), recipes)
        sets = [
            chosen
            for size in range(1, recipes.maximum_attributes + 1)
            for chosen in combinations(range(len(parts)), size)
            if tuple(sorted(bases[member] for member in chosen)) in allowed
        ]
        sets.sort(key=lambda chosen: (-sum(log(parts[member].survival) for member in chosen), chosen))
        self.parts = tuple(sets)
        group_of = {group: number for number, group in enumerate(allowed)}
        groups = [group_of[tuple(sorted(bases[member] for member in chosen))] for chosen in sets]
        self.groups: Positions = np.array(groups, dtype=np.intp)
        self.members: Positions = np.full((recipes.maximum_attributes, len(sets)), len(parts))
        self.instead: Positions = np.full((1 + MOST_COARSER_FORMS, *self.members.shape), len(parts) + 1)
        coarser = [[other for other, form in enumerate(parts) if form.coarsens == part.name] for part in parts]
        for row, chosen in enumerate(sets):
            self.members[: len(chosen), row] = chosen
            for column, member in enumerate(chosen):
                if tuple(sorted(bases[other] for other in chosen if other != member)) in allowed:
                    self.instead[0, column, row] = len(parts)
                self.instead[1 : 1 + len(coarser[member]), column, row] = coarser[member]
        self._is_part = np.arange(len(parts) + 1)
        self._among = lru_cache(CACHED_GROUPS)(self._find)

    def among(self, present: tuple[int, ...]) -> Positions:
        """Return the positions of the sets all of whose members are present, in order."""
        return self._among(present)

    def _find(self, present: tuple[int, ...]) -> Positions:
        """Look through all sets once for each group of present parts."""
        is_present = np.isin(self._is_part, (*present, len(self._is_part) - 1))
        return np.flatnonzero(is_present[self.members].all(axis=0))


@lru_cache(maxsize=16)
def recipe_book(parts: tuple[Part, ...], recipes: Recipes) -> RecipeBook:
    """Return the book of a schema's parts and recipes, made once."""
    return RecipeBook(parts, recipes)


def _allowed_groups(parts: tuple[Part, ...], bases: list[int], recipes: Recipes) -> dict[tuple[int, ...], None]:
    """List the groups of finest parts that may stand together: enough, one personal, none saying the same twice."""
    return {
        group: None
        for size in range(1, recipes.maximum_attributes + 1)
        for group in combinations(bases, size)
        if sum(parts[base].counts_as for base in group) >= recipes.minimum_attributes
        and any(parts[base].is_personal for base in group)
        and not any(parts[other].name in parts[base].excludes for base in group for other in group)
    }
