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

import hashlib
from collections import Counter
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

MOST_COARSER_FORMS = 2  # start and end


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

    A position is that of a part in the group, or `len(group)` for no part, or `len(group) + 1` for what cannot be.

    Attributes:
        members: shape (sets, longest), positions; short sets end in no part.
        instead: shape (sets, longest, choices), what could stand in a member's place: no part, if the set would still
            be allowed, or a coarser form of it.
        log_survival: shape (sets,), natural log of the chance that all members agree for one person.
        parts: per set, positions in the schema's gate.
        attributes: per set, the names of its members' finest forms.
    """

    members: NDArray[np.int64]
    instead: NDArray[np.int64]
    log_survival: NDArray[np.float64]
    parts: tuple[tuple[int, ...], ...]
    attributes: tuple[tuple[str, ...], ...]


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
        Return the keys of one record that may leave, those likeliest to find it again first.

        Keys of the same attributes, coarser or finer, tend to break together. So the likeliest of each such group
        comes first, then the second of each, and so on.

        Args:
            ways: the ways to read the person, the first one first.

        Returns:
            At most the recipes' maximum of entries, no two alike; empty when nothing is rare enough.
        """
        found: dict[bytes, tuple[float, CompositeKey, tuple[str, ...]]] = {}
        for position, way in enumerate(ways):
            for log_survival, parts, attributes, message in self._passing(way):
                found.setdefault(message, (-log_survival, CompositeKey(position, parts, message), attributes))
        turns: Counter[tuple[int, tuple[str, ...]]] = Counter()
        ranked = []
        for rank, key, attributes in sorted(found.values(), key=lambda item: (item[0], item[1].way, item[1].parts)):
            turns[key.way, attributes] += 1
            ranked.append((turns[key.way, attributes], rank, key))
        ranked.sort(key=lambda item: item[:2])
        return [key for _, _, key in ranked[: self._recipes.maximum_entries]]

    def _passing(self, way: Way) -> Iterator[tuple[float, tuple[int, ...], tuple[str, ...], bytes]]:
        """Yield log survival, parts, their finest forms and the message of the keys that this way adds to the first."""
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
                message = b"".join([framed[index] for index in parts])
                yield float(catalog.log_survival[row]), parts, catalog.attributes[row], message


def _minimal(catalog: _Catalog, bits: NDArray[np.float64], needed_bits: float) -> NDArray[np.int64]:
    """Return the positions of the sets that carry enough bits, and would not with anything less in a member's place."""
    with_none = np.append(bits, (0.0, -np.inf))
    member_bits = with_none[catalog.members]
    least_loss = (member_bits - with_none[catalog.instead].max(axis=2)).min(axis=1)
    total = member_bits.sum(axis=1)
    return np.flatnonzero((total >= needed_bits) & (total - least_loss < needed_bits))


@lru_cache(maxsize=4096)
def _catalog(parts: tuple[Part, ...], recipes: Recipes, present: tuple[int, ...]) -> _Catalog:
    """List the allowed sets of the parts that are present."""
    group = [parts[index] for index in present]
    finest = {part.name: part for part in parts}
    bases = [finest[part.coarsens] if part.coarsens else part for part in group]
    sets = [
        chosen
        for size in range(1, recipes.maximum_attributes + 1)
        for chosen in combinations(range(len(group)), size)
        if _is_allowed([bases[member] for member in chosen], recipes)
    ]
    none, impossible = len(group), len(group) + 1
    members = np.full((len(sets), recipes.maximum_attributes), none)
    instead = np.full((*members.shape, 1 + MOST_COARSER_FORMS), impossible)
    coarser = [[other for other, form in enumerate(group) if form.coarsens == part.name] for part in group]
    for row, chosen in enumerate(sets):
        members[row, : len(chosen)] = chosen
        for column, member in enumerate(chosen):
            if _is_allowed([bases[other] for other in chosen if other != member], recipes):
                instead[row, column, 0] = none
            instead[row, column, 1 : 1 + len(coarser[member])] = coarser[member]
    survival = [sum(log(group[member].survival) for member in chosen) for chosen in sets]
    positions = tuple(tuple(present[member] for member in chosen) for chosen in sets)
    attributes = tuple(tuple(bases[member].name for member in chosen) for chosen in sets)
    return _Catalog(members, instead, np.array(survival), positions, attributes)


def _is_allowed(bases: list[Part], recipes: Recipes) -> bool:
    """Tell whether parts with these finest forms may stand together: enough, one personal, none said twice."""
    names = {base.name for base in bases}
    return (
        len(names) == len(bases)
        and sum(base.counts_as for base in bases) >= recipes.minimum_attributes
        and any(base.is_personal for base in bases)
        and all(names.isdisjoint(base.excludes) for base in bases)
    )


def _framed(name: str, value: str) -> bytes:
    """Write a part's name and value, each after its length in one byte; a long value is replaced by its digest."""
    name_bytes, value_bytes = name.encode(), value.encode()
    if len(value_bytes) >= hashlib.sha256().digest_size:
        value_bytes = hashlib.sha256(value_bytes).digest()
    return bytes([len(name_bytes)]) + name_bytes + bytes([len(value_bytes)]) + value_bytes
