"""
A3 on our entries: all that a hub's database allows of a similarity graph.

Nothing ties the entries of one record together; but entries that share a token can be compared, field by field. So the
graph falls into small blocks, and its edges say much: which parts of two people are equal, how alike their names are,
what both leave blank. The adversary encodes his list under keys of his own, learns for each two of his people who
share a token what their edge looks like, and looks for it in the database. An edge has two ends and does not say which
is whom: he guesses, unless a third entry in the block or a claim that ties two entries tells.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.attacks.encodings.hub_view import Filed, HubView
from benchmarks.attacks.encodings.ours import Ours
from benchmarks.attacks.graph_matching import OWN_SEEDS
from benchmarks.attacks.population import Data, People, TwoLists, two_lists
from benchmarks.attacks.trial import Outcome, Trial
from matcher.compare.blocks import pairs_within
from matcher.encode.encoder import EncodedEntries, Encoder
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import SECRET_BYTES, LinkageSecret
from matcher.encoding import sketch_layout
from matcher.schema import LinkageSchema

OWN_KEYS = 3  # edges are learnt under so many
CERTAIN_BITS = 0.3  # added to agreeing and to unlike bits, so that none is held impossible

Rows = NDArray[np.int64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Edges:
    """
    Pairs of entries that share a token.

    Attributes:
        left: shape (edges,): positions of entries; `right` likewise.
        agreeing: shape (edges, slots): how many bits of each slot of the sketch agree.
    """

    left: Rows
    right: Rows
    agreeing: Matrix


@dataclass(frozen=True, slots=True)
class OwnEdges:
    """
    What the edge of each two people of the attacker's list who share a token looks like.

    Attributes:
        people: shape (pairs, 2): rows of his list, the lower first.
        chance: shape (pairs, slots): probability that a bit of the slot agrees.
        tokens: shape (pairs,): how many tokens the two share.
    """

    people: Rows
    chance: Matrix
    tokens: Rows


def match_entries(trial: Trial, seed: int) -> list[Outcome]:
    """Attack a stolen database; see `_match_entries`."""
    return _match_entries(trial, seed, with_key=False)


def match_opened(trial: Trial, seed: int) -> list[Outcome]:
    """Attack a database whose hub key is known; see `_match_entries`."""
    return _match_entries(trial, seed, with_key=True)


def _match_entries(trial: Trial, seed: int, *, with_key: bool) -> list[Outcome]:
    """Return the share of people on both lists of whom the attacker picks an entry rightly."""
    lists, filed = _filed_list(trial.data, trial.people, trial.overlap, seed)
    draw = np.random.default_rng([OWN_SEEDS, seed])
    view, schema = filed.seen(with_key=with_key), lists.known.schema
    edges = edges_of(view.tokens(), view.sketches(schema), schema)
    if with_key:
        own = own_edges(lists.known, draw)
        picked = pick_entries(edges, own, slot_bits(schema), draw, tied_by_claims(view))
    else:
        picked = pick_blocks(view.tokens(), own_entries(lists.known, draw), draw)
    truth, owners = lists.truth(), filed.owners()
    right = sum(truth[owners[entry]] == person for person, entry in picked.items())
    share = len(set(owners[np.concatenate([edges.left, edges.right])].tolist())) / len(lists.encoded)
    note = f"{share:.0%} share a token with somebody"
    return [Outcome.counted(int(right), int((truth >= 0).sum()), note=note)]


@lru_cache(maxsize=1)
def _filed_list(data: Data, people: int, overlap: float, seed: int) -> tuple[TwoLists, Filed]:
    """Return both lists, and the hub after one of them was filed; kept for the attack with the key."""
    lists = two_lists(data, people, overlap, seed)
    return lists, Ours().encode(lists.encoded, seed)


def slot_bits(schema: LinkageSchema) -> Matrix:
    """Return how many bits each slot of a sketch has."""
    return np.array([8.0 * slot.size for slot in sketch_layout(schema)])


def edges_of(tokens: NDArray[np.uint8], sketches: NDArray[np.uint8], schema: LinkageSchema) -> Edges:
    """Compare all entries that share a token, slot by slot."""
    pairs = pairs_within(tokens)
    unlike = np.bitwise_count(sketches[pairs.left] ^ sketches[pairs.right])
    counts = [unlike[:, slot.start : slot.stop].sum(axis=1, dtype=np.float64) for slot in sketch_layout(schema)]
    return Edges(pairs.left, pairs.right, slot_bits(schema) - np.column_stack(counts))


def own_edges(known: People, draw: np.random.Generator, keys: int = OWN_KEYS) -> OwnEdges:
    """
    Learn the edges among the attacker's own people.

    Args:
        known: his list.
        draw: his coins.
        keys: under how many keys he encodes them.
    """
    bits = slot_bits(known.schema)
    seen: dict[tuple[int, int], list[Matrix]] = defaultdict(list)
    for _ in range(keys):
        for pair, agreeing in _own_pass(known, draw):
            seen[pair].append(agreeing)
    pairs = sorted(seen)
    agreeing = np.array([np.sum(seen[pair], axis=0) for pair in pairs]).reshape(len(pairs), len(bits))
    counts = np.array([len(seen[pair]) for pair in pairs], dtype=np.int64)
    chance = (agreeing + CERTAIN_BITS) / (counts[:, None] * bits + 2 * CERTAIN_BITS)
    return OwnEdges(np.array(pairs, dtype=np.int64).reshape(-1, 2), chance, counts // keys)


def _own_pass(known: People, draw: np.random.Generator) -> Iterator[tuple[tuple[int, int], Matrix]]:
    """Encode the list under one more key, and yield each edge with whose it is."""
    entries = own_entries(known, draw)
    edges = edges_of(entries.tokens, entries.sketches, known.schema)
    ends = np.sort(np.column_stack([entries.owner[edges.left], entries.owner[edges.right]]), axis=1)
    yield from (
        (tuple(pair), row) for pair, row in zip(ends.tolist(), edges.agreeing, strict=True) if pair[0] < pair[1]
    )


def own_entries(known: People, draw: np.random.Generator) -> EncodedEntries:
    """Encode the attacker's list under a key of his own."""
    secret = LinkageSecret.from_bytes(draw.bytes(SECRET_BYTES))
    encoder = Encoder(known.schema, SharedSecretPrf(secret, known.schema), known.frequencies, draw.bytes)
    return encoder.entries(known.persons)


def pick_blocks(tokens: NDArray[np.uint8], own: EncodedEntries, draw: np.random.Generator) -> dict[int, int]:
    """
    Pick at most one entry for each person of the attacker's list, where sketches cannot be read.

    All that is left is how many entries share a token, as far as that shows: the largest block of the list is laid
    on the largest of the database, the second on the second, and so on; equals, and who is who within a block, are
    drawn.

    Args:
        tokens: of the database, shape (entries, token bytes).
        own: the attacker's list, encoded.
        draw: his coins.

    Returns:
        The entry by row of the list, the largest block's first.
    """
    picked: dict[int, int] = {}
    for seen, known in zip(_blocks(tokens, draw), _blocks(own.tokens, draw), strict=False):
        for entry, row in zip(seen.tolist(), known.tolist(), strict=False):
            picked.setdefault(int(own.owner[row]), entry)
    return picked


def _blocks(tokens: NDArray[np.uint8], draw: np.random.Generator) -> list[Rows]:
    """Return the rows of each token that several share, the commonest first, in random order else."""
    _, block, counts = np.unique(tokens, axis=0, return_inverse=True, return_counts=True)
    order = draw.permutation(len(tokens))
    rows = order[np.argsort(block.reshape(-1)[order], kind="stable")]
    blocks = [each for each in np.split(rows, np.cumsum(counts)[:-1]) if len(each) > 1]
    draw.shuffle(blocks)
    return sorted(blocks, key=len, reverse=True)


def evidence(agreeing: Matrix, chance: Matrix, bits: Matrix) -> Matrix:
    """
    Return by how much better each own edge explains each seen edge than the mean seen edge does, in nats.

    Args:
        agreeing: of the seen edges, shape (seen, slots).
        chance: of the own edges, shape (own, slots).
        bits: of the slots.

    Returns:
        Shape (seen, own).
    """
    mean = (agreeing.sum(axis=0) + CERTAIN_BITS) / (len(agreeing) * bits + 2 * CERTAIN_BITS)
    usual = agreeing @ np.log(mean) + (bits - agreeing) @ np.log(1 - mean)
    return np.asarray(agreeing @ np.log(chance).T + (bits - agreeing) @ np.log(1 - chance).T - usual[:, None])


def tied_by_claims(view: HubView) -> list[int]:
    """Return for each entry the hub reads, in the table's order, the first that a claim says is of the same record."""
    sides, entries = view["meeting_side"], view["entry"]
    met = dict(
        zip(
            zip(sides.column("meeting_id"), sides.column("organisation_id"), strict=True),
            sides.column("entry_id"),
            strict=True,
        )
    )
    claims = view["claim"]
    keys = zip(claims.column("meeting_id"), claims.column("organisation_id"), strict=True)
    record = {met[key]: (key[1], reference) for key, reference in zip(keys, claims.column("reference"), strict=True)}
    first: dict[Any, int] = {}
    entry_ids = entries.column("entry_id")
    return [first.setdefault(record.get(entry, entry), place) for place, entry in enumerate(entry_ids)]


def pick_entries(
    edges: Edges, own: OwnEdges, bits: Matrix, draw: np.random.Generator, tied: Sequence[int]
) -> dict[int, int]:
    """
    Pick at most one entry for each person of the attacker's list.

    Args:
        edges: of the database.
        own: of the list.
        bits: of the slots.
        draw: decides where both ends are alike likely.
        tied: for each entry the number of the record it is of, as far as the database tells; its own where not.

    Returns:
        The entry by row of the list.
    """
    if not len(edges.left) or not len(own.people):
        return {}
    slots = np.repeat(np.arange(len(own.people)), np.maximum(own.tokens, 1))
    found = evidence(edges.agreeing, own.chance, bits) - np.log(len(own.people))
    seen, chosen = linear_sum_assignment(np.maximum(found, 0)[:, slots], maximize=True)
    votes: dict[tuple[int, int], float] = defaultdict(float)
    entry_of: dict[int, int] = {}
    for edge, pair in zip(seen.tolist(), slots[chosen].tolist(), strict=True):
        if found[edge, pair] <= 0:
            continue
        for entry in (int(edges.left[edge]), int(edges.right[edge])):
            node = tied[entry]
            entry_of[node] = entry
            for person in own.people[pair].tolist():
                votes[node, person] += found[edge, pair]
    return {person: entry_of[node] for node, person in _greedy(votes, draw)}


def _greedy(votes: dict[tuple[int, int], float], draw: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Yield node and person by falling votes, each once; equal votes in random order."""
    coins = draw.random(len(votes))
    nodes, people = set(), set()
    for (node, person), _ in sorted(zip(votes, coins, strict=True), key=lambda each: (-votes[each[0]], each[1])):
        if node not in nodes and person not in people:
            nodes.add(node)
            people.add(person)
            yield node, person
