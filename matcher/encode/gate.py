"""
The gate: which composite keys of a record are rare enough to leave the partner; partner's side only.

A composite key is a set of parts. It passes when the number of people expected to share its values, population ×
product of shares, is at most the cap. Only *minimal* keys are kept, those that no longer pass when any one part is
dropped: a superset of a kept key finds nothing new. A common value thus never stands with too little beside it, which
flattens the frequencies that attacks live on, bounds the blocks and keeps look-ups cheap.

Shares of different parts are multiplied as if independent; a household shares several parts at once, which is why
every key holds a personal part.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import log, log2

import numpy as np
from numpy.typing import NDArray

from matcher.encode.frequency import FrequencyModel
from matcher.encode.readings import Way, part_value
from matcher.schema import LinkageSchema, Part, Recipes


@dataclass(frozen=True, slots=True)
class CompositeKey:
    """
    A composite key that passed the gate.

    Attributes:
        way: position of the way of reading it belongs to.
        parts: positions of its parts in the schema's gate, rising.
        message: names and values of its parts as bytes, the PRF's input; no two composite keys have the same.
    """

    way: int
    parts: tuple[int, ...]
    message: bytes


@dataclass(frozen=True, slots=True)
class _Catalog:
    """
    Every set of a given group of parts that the recipes allow.

    Attributes:
        members: shape (sets, longest), positions in the group; short sets repeat their first member.
        counted: shape (sets, longest), 1.0 for a real member, 0.0 for a repeat.
        droppable: shape (sets, longest), whether the set without that member would still be allowed.
        log_survival: shape (sets,), natural log of the chance that all members agree for one person.
        parts: per set, positions in the schema's gate.
    """

    members: NDArray[np.int64]
    counted: NDArray[np.float64]
    droppable: NDArray[np.bool_]
    log_survival: NDArray[np.float64]
    parts: tuple[tuple[int, ...], ...]


class Gatekeeper:
    """Applies one schema's gate with one frequency model."""

    def __init__(self, schema: LinkageSchema, frequencies: FrequencyModel) -> None:
        """
        Prepare the gate.

        Raises:
            InvalidSchemaError: the frequency model lacks a part of the schema's gate.
        """
        self._parts = schema.gate.parts
        self._recipes = schema.recipes
        self._needed_bits = log2(schema.gate.population / schema.gate.cap)
        self._frequencies = frequencies
        for part in self._parts:
            frequencies.share(part.name, "")

    def composite_keys(self, ways: list[Way]) -> list[CompositeKey]:
        """
        Return the keys of one record that may leave, those likeliest to survive first.

        Args:
            ways: the ways to read the person, the first one first.

        Returns:
            At most the recipes' maximum of entries, no two alike; empty when nothing is rare enough.
        """
        found: dict[bytes, tuple[float, CompositeKey]] = {}
        for position, way in enumerate(ways):
            for log_survival, parts, message in self._passing(way):
                found.setdefault(message, (-log_survival, CompositeKey(position, parts, message)))
        ranked = sorted(found.values(), key=lambda item: (item[0], item[1].way, item[1].parts))
        return [key for _, key in ranked[: self._recipes.maximum_entries]]

    def _passing(self, way: Way) -> Iterator[tuple[float, tuple[int, ...], bytes]]:
        """Yield log survival, parts and message of the minimal keys that this way adds to the first."""
        values = {
            index: value
            for index, part in enumerate(self._parts)
            if part.field in way.readings and (value := part_value(part, way.readings[part.field]))
        }
        catalog = _catalog(self._parts, self._recipes, tuple(values))
        if not catalog.parts:
            return
        bits = np.array([-log2(self._frequencies.share(self._parts[index].name, values[index])) for index in values])
        framed = {index: _framed(self._parts[index].name, value) for index, value in values.items()}
        changed = {index for index in values if self._parts[index].field == way.changed}
        for row in _minimal(catalog, bits, self._needed_bits).tolist():
            parts = catalog.parts[row]
            if not way.changed or not changed.isdisjoint(parts):
                yield float(catalog.log_survival[row]), parts, b"".join([framed[index] for index in parts])


def _minimal(catalog: _Catalog, bits: NDArray[np.float64], needed_bits: float) -> NDArray[np.int64]:
    """Return the positions of the sets that carry enough bits, and would not after losing any droppable member."""
    member_bits = bits[catalog.members]
    total = (member_bits * catalog.counted).sum(axis=1)
    least_droppable = np.where(catalog.droppable, member_bits, np.inf).min(axis=1)
    return np.flatnonzero((total >= needed_bits) & (total - least_droppable < needed_bits))


@lru_cache(maxsize=4096)
def _catalog(parts: tuple[Part, ...], recipes: Recipes, present: tuple[int, ...]) -> _Catalog:
    """List the allowed sets of the parts that are present."""
    sets = [
        chosen
        for size in range(1, recipes.maximum_attributes + 1)
        for chosen in combinations(range(len(present)), size)
        if _is_allowed([parts[present[member]] for member in chosen], recipes)
    ]
    longest = recipes.maximum_attributes
    members = np.zeros((len(sets), longest), dtype=np.int64)
    counted = np.zeros((len(sets), longest))
    droppable = np.zeros((len(sets), longest), dtype=np.bool_)
    for row, chosen in enumerate(sets):
        members[row] = (*chosen, *(chosen[0],) * (longest - len(chosen)))
        counted[row, : len(chosen)] = 1.0
        for column, member in enumerate(chosen):
            rest = [parts[present[other]] for other in chosen if other != member]
            droppable[row, column] = _is_allowed(rest, recipes)
    survival = [sum(log(parts[present[member]].survival) for member in chosen) for chosen in sets]
    positions = tuple(tuple(present[member] for member in chosen) for chosen in sets)
    return _Catalog(members, counted, droppable, np.array(survival), positions)


def _is_allowed(chosen: list[Part], recipes: Recipes) -> bool:
    """Tell whether these parts may stand together: enough of them, one personal, none saying the same twice."""
    names = {part.name for part in chosen}
    return (
        sum(part.counts_as for part in chosen) >= recipes.minimum_attributes
        and any(part.is_personal for part in chosen)
        and all(names.isdisjoint(part.excludes) for part in chosen)
    )


def _framed(name: str, value: str) -> bytes:
    """Write a part's name and value, each after its length in one byte; a long value is replaced by its digest."""
    name_bytes, value_bytes = name.encode(), value.encode()
    if len(value_bytes) >= hashlib.sha256().digest_size:
        value_bytes = hashlib.sha256(value_bytes).digest()
    return bytes([len(name_bytes)]) + name_bytes + bytes([len(value_bytes)]) + value_bytes
