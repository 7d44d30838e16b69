"""Ours as it would lie in a hub that has no key of its own: tokens as partners send them. A control, not a choice."""

from dataclasses import dataclass

import numpy as np

from benchmarks.attacks.encodings.hub_view import StolenEntries
from benchmarks.attacks.encodings.ours import Ours, linkage_secret
from benchmarks.attacks.population import People
from matcher.encode.encoder import Encoder
from matcher.encode.prf import SharedSecretPrf


@dataclass(frozen=True)
class WithoutHubKey:
    """Entries as they cross the wire, kept as they are."""

    name: str = "ours without hub key"

    def encode(self, people: People, seed: int) -> StolenEntries:
        """Return the entries of all records; the secret is the first thing drawn, as in `Ours`."""
        prf = SharedSecretPrf(linkage_secret(np.random.default_rng([seed, len(people)])), people.schema)
        entries = Encoder(people.schema, prf, people.frequencies).entries(people.persons)
        return StolenEntries(people.schema.to_json(), entries.tokens, entries.sketches, entries.owner)

    def linkage_f1(self, people: People, seed: int) -> float:
        """Return what ours links: the hub's key changes nothing of it."""
        return Ours().linkage_f1(people, seed)
