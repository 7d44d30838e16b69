"""
The gate: which composite keys of a record are rare enough to leave the partner; partner's side only.

A composite key is a set of parts. It passes when the number of people expected to share its values, population ×
product of shares, is at most the cap. Only *minimal* keys are kept, those that no longer pass when any one part is
dropped, or when a coarser form takes its place: a superset of a kept key finds nothing new, and a coarser key survives
more slips. A common value thus never stands with too little beside it, which flattens the frequencies that attacks
live on, bounds the blocks and keeps look-ups cheap.

Shares of different parts are multiplied as if independent; a household shares several parts at once, which is why
every key holds a personal part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from matcher.encode.columns import FIRST_WAY, Integers, ReadingColumns, places_in_run
from matcher.encode.frequency import FrequencyModel
from matcher.encode.part_table import part_table
from matcher.encode.rarity import RareSets
from matcher.encode.recipes import RecipeBook, recipe_book
from matcher.schema import LinkageSchema, Part, Recipes

Picker = Callable[[Sequence[bytes]], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class CompositeKeys:
    """
    The composite keys of some persons that passed the gate, by person, those likeliest to find it again first.

    Attributes:
        way: shape (keys,), position of the way of reading a key belongs to.
        recipe: shape (keys,), position of its parts in the schema's recipe book.
        messages: names and values of its parts as bytes, the PRF's input; no two keys of a person have the same.
    """

    way: Integers
    recipe: Integers
    messages: list[bytes] = field(repr=False)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self.messages)


class Gatekeeper:
    """Applies one schema's gate with one frequency model."""

    def __init__(self, schema: LinkageSchema, frequencies: FrequencyModel) -> None:
        """
        Prepare the gate.

        Raises:
            InvalidSchemaError: the frequency model lacks a part of the schema's gate.
        """
        self._schema = schema
        self._frequencies = frequencies
        for part in schema.gate.parts:
            frequencies.share(part.name, "")
        self._book, self._members_of, self._is_touched = _tables(schema.gate.parts, schema.recipes, schema.field_names)
        self._rare_sets = RareSets(self._book, log2(schema.gate.population / schema.gate.cap))

    def composite_keys(self, columns: ReadingColumns) -> CompositeKeys:
        """
        Return the keys that may leave, person by person, in the recipe book's order: what adds most stands first.

        Args:
            columns: the ways to read the persons; a further way adds only keys with a part of what it changes.

        Returns:
            Of each person at most the recipes' maximum of entries, no two alike; none when nothing is rare enough.
        """
        table = part_table(columns, self._schema, self._frequencies)
        way, recipe = self._rare_sets.find(table.bits)
        changed = columns.changed[way]
        is_new = (changed == FIRST_WAY) | self._is_touched[recipe, changed]
        way, recipe = self._first_of_each(way[is_new], recipe[is_new])
        way, recipe = self._merged(columns.owner, way, recipe, table.values)
        members = map(self._members_of.__getitem__, recipe.tolist())
        framed = map(table.framed.__getitem__, way.tolist())
        messages = [b"".join(chosen(frames)) for chosen, frames in zip(members, framed, strict=True)]
        return CompositeKeys(way, recipe, messages)

    def _first_of_each(self, way: Integers, recipe: Integers) -> tuple[Integers, Integers]:
        """Keep the first keys of each way, whose keys stand together and rise; return way and recipe by way."""
        first = np.flatnonzero(places_in_run(way) < self._schema.recipes.maximum_entries)
        order = first[np.argsort(way[first], kind="stable")]
        return way[order], recipe[order]

    def _merged(
        self, owner_of: Integers, way: Integers, recipe: Integers, values: Integers
    ) -> tuple[Integers, Integers]:
        """
        Rank the keys of all ways of a person together, and keep its first ones.

        A key that several ways share is the earliest way's.

        Args:
            owner_of: shape (ways,), the person of each way.
            way: shape (keys,), rising.
            recipe: shape (keys,), rising within a way.
            values: shape (ways, parts), as in the part table.

        Returns:
            Way and recipe of the keys that are kept, by person in their order.
        """
        order = np.argsort(owner_of[way] * len(self._book.parts) + recipe, kind="stable")
        way, recipe = way[order], recipe[order]
        is_kept = ~self._is_repeated(owner_of[way], way, recipe, values)
        way, recipe = way[is_kept], recipe[is_kept]
        first = places_in_run(owner_of[way]) < self._schema.recipes.maximum_entries
        return way[first], recipe[first]

    def _is_repeated(self, owner: Integers, way: Integers, recipe: Integers, values: Integers) -> NDArray[np.bool_]:
        """Tell which keys an earlier way of the person has too, where keys stand by person, recipe and way."""
        values = np.pad(values, ((0, 0), (0, 1)))  # no part is the same in all
        run = places_in_run(owner, recipe)
        is_repeated = np.zeros(len(way), dtype=np.bool_)
        for before in range(1, int(run.max(initial=0)) + 1):
            later = np.flatnonzero(run >= before)
            members = self._book.members[:, recipe[later]]
            is_repeated[later] |= (values[way[later], members] == values[way[later - before], members]).all(axis=0)
        return is_repeated


@lru_cache(maxsize=16)
def _tables(
    parts: tuple[Part, ...], recipes: Recipes, fields: tuple[str, ...]
) -> tuple[RecipeBook, Sequence[Picker], NDArray[np.bool_]]:
    """Make the tables of a schema's parts and recipes once; the last field stands for no part."""
    book = recipe_book(parts, recipes)
    field_of = np.array([fields.index(part.field) for part in parts] + [len(fields)])
    is_touched = np.zeros((len(book.parts), len(fields) + 1), dtype=np.bool_)
    is_touched[np.arange(len(is_touched)), field_of[book.members]] = True
    return book, [itemgetter(*members) for members in book.parts], is_touched
