"""
Un-gated tokens: our composite keys of three parts without the gate, so that common combinations leave too.

What the gate is for can be seen beside them. Entries are unlinkable, as ours are.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmarks.attacks.encodings.kinds import TokenBag
from benchmarks.attacks.encodings.single_field_tokens import KEY_BYTES, keyed_token
from benchmarks.attacks.population import People
from benchmarks.attacks.similarity import best_f1
from matcher.encode.readings import part_value
from matcher.person import Person
from matcher.schema import LinkageSchema

PARTS = 3
LARGEST_BLOCK = 20  # records that share a token; more are no evidence


@dataclass(frozen=True)
class UngatedTokens:
    """All combinations of three parts of each record's first reading."""

    name: str = "un-gated tokens"

    def encode(self, people: People, seed: int) -> TokenBag:
        """Return the tokens of all records in random order."""
        key = np.random.default_rng(seed).bytes(KEY_BYTES)
        found = [
            (keyed_token(key, *values), row, plain_digest(values))
            for row, person in enumerate(people.persons)
            for values in combined_values(person, people.schema)
        ]
        order = np.random.default_rng([seed, len(people)]).permutation(len(found))
        tokens, owner, meaning = zip(*found, strict=True)
        return TokenBag(
            np.array(tokens, dtype=np.uint64)[order],
            np.array(owner, dtype=np.int64)[order],
            np.array(meaning, dtype=np.uint64)[order],
        )

    def linkage_f1(self, people: People, seed: int) -> float:
        """Return the greatest F1 over the number of tokens, held by few, that two records share."""
        bag = self.encode(people, seed)
        order = np.argsort(bag.tokens, kind="stable")
        owners = np.split(bag.owner[order], np.flatnonzero(np.diff(bag.tokens[order])) + 1)
        blocks = (np.unique(block) for block in owners if 1 < len(block) <= LARGEST_BLOCK)
        shared = Counter(pair for block in blocks for pair in combinations(block.tolist(), 2))
        counts = np.array(list(shared.values()))
        pairs = np.array(list(shared))
        is_same = people.numbers[pairs[:, 0]] == people.numbers[pairs[:, 1]]
        same, other = (np.bincount(counts[which], minlength=int(counts.max()) + 1) for which in (is_same, ~is_same))
        _, records = np.unique(people.numbers, return_counts=True)
        same[0] += int((records * (records - 1) // 2).sum()) - int(same.sum())
        return best_f1(same, other)


def combined_values(person: Person, schema: LinkageSchema) -> Iterator[tuple[str, ...]]:
    """Yield names and values of every combination of three parts of different fields."""
    parts = [part for part in schema.gate.parts if not part.coarsens and person.readings.get(part.field)]
    told = [(part.name, part.field, part_value(part, person.readings[part.field][0])) for part in parts]
    for chosen in combinations([each for each in told if each[2]], PARTS):
        if len({field for _, field, _ in chosen}) == PARTS:
            yield tuple(text for name, _, value in chosen for text in (name, value))


def plain_digest(values: tuple[str, ...]) -> int:
    """Return 64 bits of what a token stands for."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(values).encode(), digest_size=8).digest(), "big")
