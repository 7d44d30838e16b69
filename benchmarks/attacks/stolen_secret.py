"""
A6: a thief with the hub's database and one partner's linkage secret, offline.

He encodes everybody he can name under the stolen secret and looks them up in the database: by token, as it is and
re-keyed under every key that the database itself gives away, and by sketch, which the secret lets him foretell for a
person and a token wherever nothing is missing.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from api.hub.kept.entry import EntrySeal
from api.hub.kept.repository import FIRST_SEATS
from api.hub.keys import DIGEST_BYTES, HUB_KEY_BYTES, HubKey, keyed_digest
from benchmarks.attacks.colour_refinement import filed
from benchmarks.attacks.encodings.hub_under_attack import PROJECT
from benchmarks.attacks.encodings.hub_view import StolenEntries
from benchmarks.attacks.encodings.ours import linkage_secret
from benchmarks.attacks.encodings.without_hub_key import WithoutHubKey
from benchmarks.attacks.population import People, duplicates
from benchmarks.attacks.trial import Outcome, Trial
from matcher.encode.encoder import EncodedEntries, Encoder
from matcher.encode.prf import SharedSecretPrf
from matcher.encoding import NAME_VIEWS, sketch_layout
from matcher.schema import LinkageSchema

LEAST_SLOT_BYTES = 5  # of slots of three bytes, one person in 2,000 had one by chance
PUBLIC_KEYS = (bytes(HUB_KEY_BYTES), bytes([0xFF]) * HUB_KEY_BYTES)  # what somebody careless might have set
EPOCH, PURPOSE = "1", "protection"


def look_up(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Attack what a thief has; see `_look_up`."""
    return _look_up(trial, seed, with_key=False)


def look_up_with_key(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Attack with the hub's key as well; see `_look_up`."""
    return _look_up(trial, seed, with_key=True)


def _look_up(trial: Trial, seed: int, *, with_key: bool) -> Sequence[Outcome]:
    """
    Attack entries with a dictionary of everybody whose entries they are.

    Returns:
        `people`: share of records that a token or a sketch names; `by token` and `by sketch`: by each alone.
    """
    people = duplicates(trial.data, trial.people, seed)
    stolen: StolenEntries = (
        trial.encoding.encode(people, seed)
        if isinstance(trial.encoding, WithoutHubKey)
        else StolenEntries.of(filed(trial.data, trial.people, seed, seed)[0], with_key=with_key)
    )
    schema = LinkageSchema.from_json(stolen.schema_document)
    first, second = (_dictionary(people, seed, schema) for _ in range(2))
    by_token = _by_token(stolen, first)
    by_sketch = _by_sketch(stolen, first, second, schema)
    of = len(set(stolen.owner.tolist()))
    return [
        Outcome.counted(len(by_token | by_sketch), of),
        Outcome.counted(len(by_token), of, "by token"),
        Outcome.counted(len(by_sketch), of, "by sketch"),
    ]


def _dictionary(people: People, seed: int, schema: LinkageSchema) -> EncodedEntries:
    """Encode everybody under the stolen secret; what is missing comes out otherwise each time."""
    prf = SharedSecretPrf(linkage_secret(np.random.default_rng([seed, len(people)])), schema)
    return Encoder(schema, prf, people.frequencies).entries(people.persons)


def _by_token(stolen: StolenEntries, dictionary: EncodedEntries) -> set[int]:
    """Return whose stored tokens are in the dictionary, as they are or under some public key."""
    plain = [token.tobytes() for token in dictionary.tokens]
    tried_keys = (*map(HubKey, PUBLIC_KEYS), *stolen.keys)
    tried = [plain]
    for key in tried_keys:
        token_key, seal = key.derive("token", PROJECT, EPOCH, PURPOSE), EntrySeal(key)
        kept = [keyed_digest(token_key, token) for token in plain]
        tried += [kept, *([seal.seat_digest(token, seat) for token in kept] for seat in range(FIRST_SEATS))]
    owners = {token[:DIGEST_BYTES]: set[int]() for tokens in tried for token in tokens}
    for tokens in tried:
        for token, owner in zip(tokens, dictionary.owner.tolist(), strict=True):
            owners[token[:DIGEST_BYTES]].add(owner)
    stored = zip(stolen.tokens, stolen.owner.tolist(), strict=True)
    return {owner for token, owner in stored if owner in owners.get(token.tobytes(), ())}


def _by_sketch(stolen: StolenEntries, first: EncodedEntries, second: EncodedEntries, schema: LinkageSchema) -> set[int]:
    """Return whose stored sketches have a name slot that the dictionary foretells."""
    named: set[int] = set()
    for start, stop in _name_slots(schema):
        foretold = first.sketches[:, start:stop]
        is_present = (foretold == second.sketches[:, start:stop]).all(axis=1)
        told = zip(_texts(foretold[is_present]), first.owner[is_present].tolist(), strict=True)
        owner_of = dict(told)
        stored = zip(_texts(stolen.sketches[:, start:stop]), stolen.owner.tolist(), strict=True)
        named |= {owner for slot, owner in stored if owner_of.get(slot, -1) == owner}
    return named


def _name_slots(schema: LinkageSchema) -> Iterator[tuple[int, int]]:
    """Yield where names lie in a sketch: slots long enough that none is equal by chance."""
    for slot in sketch_layout(schema):
        if slot.name in NAME_VIEWS and slot.stop - slot.start >= LEAST_SLOT_BYTES:
            yield slot.start, slot.stop


def _texts(rows: NDArray[np.uint8]) -> list[bytes]:
    """Return each row as bytes."""
    return [row.tobytes() for row in rows]
