"""
Recipes: which parts of a schema may stand together in a composite key; partner's side only.

All sets that the schema allows are listed once and kept in the order in which they are worth having; for a record the
gate looks only at those whose parts are all present.

What a set is worth depends on what stands before it: a second set that breaks at the same slip adds nothing. So the
order is that of greedy coverage (Nemhauser, Wolsey and Fisher 1978) over other records of the same person, imagined
from the parts' chances to survive: next comes the set that finds most of those not yet found. The order of survival
alone spends its entries on variations of one key.
"""

import hashlib
import heapq
from functools import lru_cache
from itertools import combinations
from math import log

import numpy as np
from numpy.typing import NDArray

from matcher.schema import Part, Recipes

CACHED_GROUPS = 4096
IMAGINED_RECORDS = 512
CARE = (0.3, 0.3, 1.0, 1.0, 3.0)  # powers of survival: two offices in five write with care, one without any
WHOLE = 1 << 30  # an imagined record not yet found; exact, so that every machine gives the same order
PASSING_SHIFT = 3  # a set is taken to pass the gate once in 2**3: so much of what it would find counts as found

Positions = NDArray[np.intp]
Found = NDArray[np.bool_]


class RecipeBook:
    """
    Every set of parts that may stand together, those that add most to the ones before them first.

    A position is that of a part in the schema's gate, or `len(parts)` for no part, or `len(parts) + 1` for what
    cannot be.

    Attributes:
        members: shape (longest, sets), positions; short sets end in no part.
        instead: shape (choices, longest, sets), what could stand in a member's place: no part, if the set would still
            be allowed, or a coarser form of it.
        parts: per set, the positions of its members alone.
    """

    def __init__(self, parts: tuple[Part, ...], recipes: Recipes) -> None:
        """List the sets; takes a second or two for the largest schemas."""
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
        sets = _by_what_each_adds(sets, imagined_survivals(parts))
        self.parts = tuple(sets)
        self.members: Positions = np.full((recipes.maximum_attributes, len(sets)), len(parts))
        coarser = [[other for other, form in enumerate(parts) if form.coarsens == part.name] for part in parts]
        choices = 1 + max(map(len, coarser))
        self.instead: Positions = np.full((choices, *self.members.shape), len(parts) + 1)
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


def imagined_survivals(parts: tuple[Part, ...]) -> Found:
    """
    Imagine other records of a person, and tell which parts they would share with the first.

    Offices differ in care. The parts of one field break together: where a year is missing, so is its day. A coarser
    form survives wherever the finer one does, and sometimes where that breaks.

    Returns:
        Shape (imagined records, parts), the same on every machine.
    """
    care = np.resize(CARE, IMAGINED_RECORDS)
    survived = np.zeros((IMAGINED_RECORDS, len(parts)), dtype=np.bool_)
    chance = {part.name: part.survival**care for part in parts}
    for column, part in enumerate(parts):
        if not part.coarsens:
            survived[:, column] = _spread(f"field {part.field}") < chance[part.name]
    columns = {part.name: column for column, part in enumerate(parts)}
    for column, part in enumerate(parts):
        if part.coarsens:
            finer = chance[part.coarsens]
            beyond = (chance[part.name] - finer) / (1 - finer)
            survived[:, column] = survived[:, columns[part.coarsens]] | (_spread(f"part {part.name}") < beyond)
    return survived


def _spread(name: str) -> NDArray[np.float64]:
    """Return evenly spread numbers in (0, 1), one for each imagined record, in an order of the name's own."""
    drawn = np.frombuffer(hashlib.shake_128(name.encode()).digest(8 * IMAGINED_RECORDS), dtype="<u8")
    order = np.argsort(drawn, kind="stable")
    spread = np.empty(IMAGINED_RECORDS)
    spread[order] = (np.arange(IMAGINED_RECORDS) + 0.5) / IMAGINED_RECORDS
    return spread


def _by_what_each_adds(sets: list[tuple[int, ...]], survived: Found) -> list[tuple[int, ...]]:
    """
    Order sets by how many imagined records each finds that those before it do not; of equal ones the earlier first.

    What a set finds can only shrink as others are taken, so a set whose last known find is still the best is the best.
    """
    finds = [np.flatnonzero(survived[:, members].all(axis=1)) for members in map(list, sets)]
    missing = np.full(len(survived), WHOLE, dtype=np.int64)
    waiting = [(-int(missing[found].sum()), position) for position, found in enumerate(finds)]
    heapq.heapify(waiting)
    ordered = []
    while waiting:
        _, position = heapq.heappop(waiting)
        now = (-int(missing[finds[position]].sum()), position)
        if waiting and now > waiting[0]:
            heapq.heappush(waiting, now)
            continue
        ordered.append(sets[position])
        missing[finds[position]] -= missing[finds[position]] >> PASSING_SHIFT
    return ordered


def _allowed_groups(parts: tuple[Part, ...], bases: list[int], recipes: Recipes) -> frozenset[tuple[int, ...]]:
    """Choose the groups of finest parts that may stand together: enough, one personal, none saying the same twice."""
    return frozenset(
        group
        for size in range(1, recipes.maximum_attributes + 1)
        for group in combinations(bases, size)
        if sum(parts[base].counts_as for base in group) >= recipes.minimum_attributes
        and any(parts[base].is_personal for base in group)
        and not any(parts[other].name in parts[base].excludes for base in group for other in group)
    )
