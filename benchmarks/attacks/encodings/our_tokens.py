"""
Our tokens alone, as a bag: what is left of an entry when its sketch is passed over.

The hub re-keys tokens one to one, so how often each occurs is what its database shows; no hub is needed to count.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.encodings.kinds import TokenBag
from benchmarks.attacks.encodings.ours import Ours, linkage_secret
from benchmarks.attacks.population import People
from matcher.encode.encoder import EncodedEntries, Encoder
from matcher.encode.prf import SharedSecretPrf

ANYBODY = 0  # seed of the secret under which tokens are told apart for scoring
HALF = 8  # bytes of a token that are enough to tell it from others


@dataclass(frozen=True)
class OurTokens:
    """Tokens of the default schema, gated."""

    name: str = "ours"

    def encode(self, people: People, seed: int) -> TokenBag:
        """Return the tokens of all records in random order."""
        entries, plain = _entries(people, seed), _entries(people, ANYBODY)
        order = np.random.default_rng([seed, len(people)]).permutation(len(entries.owner))
        return TokenBag(_numbers(entries)[order], entries.owner[order], _numbers(plain)[order])

    def linkage_f1(self, people: People, seed: int) -> float:
        """Return what whole entries link."""
        return Ours().linkage_f1(people, seed)


def _entries(people: People, seed: int) -> EncodedEntries:
    """Encode under a secret drawn from a seed; the order is the gate's, whatever the secret."""
    secret = linkage_secret(np.random.default_rng([seed, HALF]))
    return Encoder(people.schema, SharedSecretPrf(secret, people.schema), people.frequencies).entries(people.persons)


def _numbers(entries: EncodedEntries) -> NDArray[np.uint64]:
    """Write the first half of each token as a number."""
    return np.ascontiguousarray(entries.tokens[:, :HALF]).view("<u8").ravel()
