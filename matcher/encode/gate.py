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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log2

import numpy as np

from matcher.encode.frequency import FrequencyModel
from matcher.encode.readings import Way, part_value
from matcher.encode.recipes import Positions, recipe_book
from matcher.schema import LinkageSchema


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


class Gatekeeper:
    """Applies one schema's gate with one frequency model."""

    def __init__(self, schema: LinkageSchema, frequencies: FrequencyModel) -> None:
        """
        Prepare the gate.

        Raises:
            InvalidSchemaError: the frequency model lacks a part of the schema's gate.
        """
        self._parts = schema.gate.parts
        self._book = recipe_book(schema.gate.parts, schema.recipes)
        self._maximum_entries = schema.recipes.maximum_entries
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
        found: dict[bytes, tuple[int, int, int]] = {}
        for position, way in enumerate(ways):
            for turn, row, message in self._passing(way):
                found.setdefault(message, (turn, row, position))
        ranked = sorted(found.items(), key=lambda item: item[1])
        kept = ranked[: self._maximum_entries]
        return [CompositeKey(position, self._book.parts[row], message) for message, (_, row, position) in kept]

    def _passing(self, way: Way) -> Iterator[tuple[int, int, bytes]]:
        """Yield turn, recipe and message of the keys worth keeping that this way adds to the first."""
        values = {
            index: value
            for index, part in enumerate(self._parts)
            if part.field in way.readings and (value := part_value(part, way.readings[part.field]))
        }
        rows = self._minimal(values)
        if way.changed:
            is_changed = np.array([part.field == way.changed for part in self._parts] + [False])
            rows = rows[is_changed[self._book.members[:, rows]].any(axis=0)]
        turns = _turns(self._book.groups[rows])
        kept = np.lexsort((rows, turns))[: self._maximum_entries]
        framed = {index: _framed(self._parts[index].name, value) for index, value in values.items()}
        for turn, row in zip(turns[kept].tolist(), rows[kept].tolist(), strict=True):
            yield turn, row, b"".join([framed[index] for index in self._book.parts[row]])

    def _minimal(self, values: Mapping[int, str]) -> Positions:
        """Return the recipes that carry enough bits, and would not with anything less in a member's place."""
        bits = np.full(len(self._parts) + 2, -np.inf)
        bits[len(self._parts)] = 0.0
        for index, value in values.items():
            bits[index] = -log2(self._frequencies.share(self._parts[index].name, value))
        rows = self._book.among(tuple(values))
        member_bits = bits[self._book.members[:, rows]]
        total = member_bits.sum(axis=0)
        rows, member_bits, total = (found[..., total >= self._needed_bits] for found in (rows, member_bits, total))
        least_loss = (member_bits - bits[self._book.instead[:, :, rows]].max(axis=0)).min(axis=0)
        minimal: Positions = rows[total - least_loss < self._needed_bits]
        return minimal


def _turns(groups: Positions) -> Positions:
    """Count, for each set, how many of its group came before it."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    turns = np.empty_like(groups)
    turns[order] = np.arange(len(groups)) - np.searchsorted(ordered, ordered, side="left")
    return turns


def _framed(name: str, value: str) -> bytes:
    """Write a part's name and value, each after its length in one byte; a long value is replaced by its digest."""
    name_bytes, value_bytes = name.encode(), value.encode()
    if len(value_bytes) >= hashlib.sha256().digest_size:
        value_bytes = hashlib.sha256(value_bytes).digest()
    return bytes([len(name_bytes)]) + name_bytes + bytes([len(value_bytes)]) + value_bytes
