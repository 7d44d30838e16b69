"""
Single-field tokens: one keyed hash for each cell, in rows.

The commonest home-made scheme. Equal values give equal tokens, so a column keeps the frequencies of its attribute.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass

import numpy as np

from benchmarks.attacks.encodings.kinds import TokenColumns
from benchmarks.attacks.population import People
from benchmarks.attacks.similarity import best_f1

KEY_BYTES = 16
LEVELS_PER_BIT = 4
MOST_BITS = 200  # of agreement; beyond it all pairs are one person
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class SingleFieldTokens:
    """Every cell under one key."""

    name: str = "single-field tokens"

    def encode(self, people: People, seed: int) -> TokenColumns:
        """Return one row of tokens for each record; columns in random order."""
        draw = np.random.default_rng([seed, len(people)])
        key = np.random.default_rng(seed).bytes(KEY_BYTES)
        fields = sorted(people.cells[0])
        fields = [fields[place] for place in draw.permutation(len(fields))]
        tokens = np.zeros((len(people), len(fields)), dtype=np.uint64)
        for column, field in enumerate(fields):
            for row, cells in enumerate(people.cells):
                if cells[field]:
                    tokens[row, column] = keyed_token(key, field, cells[field])
        return TokenColumns(tokens, tuple(fields))

    def linkage_f1(self, people: People, seed: int) -> float:
        """Return the greatest F1 when pairs are ranked by the rarity of the tokens they share."""
        tokens = self.encode(people, seed).tokens
        counts = Counter(tokens[tokens > 0].tolist())
        bits = np.array([[-np.log2(counts[token] / len(people)) if token else 0.0 for token in row] for row in tokens])
        same, other = np.zeros((2, MOST_BITS * LEVELS_PER_BIT + 1), dtype=np.int64)
        columns = np.arange(len(people))
        for start in range(0, len(people), ROWS_AT_ONCE):
            rows = columns[start : start + ROWS_AT_ONCE]
            shared = tokens[rows][:, None, :] == tokens[None, :, :]
            level = np.rint((shared * bits[rows][:, None, :]).sum(axis=2) * LEVELS_PER_BIT).astype(np.int64)
            level = np.minimum(level, len(same) - 1)
            once = rows[:, None] < columns[None, :]
            is_same = people.numbers[rows][:, None] == people.numbers[None, :]
            same += np.bincount(level[once & is_same], minlength=len(same))
            other += np.bincount(level[once & ~is_same], minlength=len(same))
        return best_f1(same, other)


def keyed_token(key: bytes, *values: str) -> int:
    """Return 64 bits of a keyed digest; never 0."""
    digest = hashlib.blake2b("\x1f".join(values).encode(), key=key, digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1
