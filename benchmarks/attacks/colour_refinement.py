"""
A2: colour refinement, by somebody who holds an exact copy of all plaintext and the hub's database.

He files his copy with a hub of his own, under keys of his own, refines the graphs of both databases, and reads names
off wherever a colour is one person's alone in his. Nothing of it needs a key of the victims.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.encodings.hub_view import Filed
from benchmarks.attacks.encodings.kinds import TokenBag, TokenColumns
from benchmarks.attacks.encodings.ours import Ours
from benchmarks.attacks.hub_graph import Regard, hub_graphs
from benchmarks.attacks.population import Data, People, duplicates, population
from benchmarks.attacks.refinement import NOBODY, Graph, guess
from benchmarks.attacks.trial import Outcome, Trial

ROUNDS = 12  # from an entry over a meeting, a claim and a match to the entries of the same record, and back
ATTACKER = 1_000  # added to the seed of the victims: keys of his own


Attack = Callable[[Trial, int], Sequence[Outcome]]


def refine_hub(regard: Regard, *, with_key: bool = False) -> Attack:
    """
    Return the attack on a stolen hub that looks at what `regard` says.

    Its outcomes are the shares of records that are re-identified, by their entries or by their side of a match:
    `claimed` of those in a claimed match, `unclaimed` of all others, and among these `met` of those that met somebody's
    entry, `alone` of those that did not. `matches` is the share of the claimed that sides of matches name.

    Args:
        regard: what to look at.
        with_key: whether the hub's key is known as well, as it is to the hub itself.
    """

    def attack(trial: Trial, seed: int) -> Sequence[Outcome]:
        """Build both hubs, and compare them."""
        stolen, _ = filed(trial.data, trial.people, seed, seed)
        copy, order = filed(trial.data, trial.people, seed, seed + ATTACKER)
        people = duplicates(trial.data, trial.people, seed)
        there_view, here_view = (each.seen(with_key=with_key) for each in (stolen, copy))
        (there, seen), (here, own) = hub_graphs(there_view, here_view, people.schema, regard)
        names = order[np.concatenate([copy.owners(), copy.claimants()])]
        found = guess(there, here, seen, own, names, ROUNDS)
        entries, sides = found[: len(stolen.owners())], found[len(stolen.owners()) :]
        is_told = re_identified(sides, stolen.claimants(), trial.people)
        is_named = re_identified(entries, stolen.owners(), trial.people) | is_told
        claimed = _mask(stolen.claimed, trial.people)
        met = _mask(stolen.met, trial.people) & ~claimed
        groups = {"claimed": claimed, "unclaimed": ~claimed, "met": met, "alone": ~claimed & ~met}
        named = {what: (is_named[rows], rows) for what, rows in groups.items()} | {
            "matches": (is_told[claimed], claimed)
        }
        return [Outcome.counted(int(right.sum()), int(rows.sum()), what) for what, (right, rows) in named.items()]

    return attack


@lru_cache(maxsize=4)
def filed(data: Data, records: int, seed: int, keys: int) -> tuple[Filed, NDArray[np.int64]]:
    """
    Return a hub after the partners of some records have filed, and which record each of its positions is.

    Args:
        data: `nepali` or `febrl4`.
        records: of all partners together.
        seed: of the records.
        keys: seed of the secret; another one than `seed` also puts the records in another order.
    """
    people = duplicates(data, records, seed)
    order = np.arange(records) if keys == seed else np.random.default_rng(keys).permutation(records)
    return Ours().encode(people.take(order), keys), order


def refine_rows(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Attack rows of tokens: records and their tokens are the graph. Outcome `people`: share re-identified."""
    people = population(trial.data, trial.people, seed)
    order = np.random.default_rng(seed).permutation(len(people))
    seen: TokenColumns = trial.encoding.encode(people, seed)
    own: TokenColumns = trial.encoding.encode(people.take(order), seed + ATTACKER)
    rows = np.arange(len(people))
    found = guess(_row_graph(seen.tokens), _row_graph(own.tokens), rows, rows, order, ROUNDS)
    return [Outcome.counted(int((found == rows).sum()), len(people))]


def refine_bag(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Attack tokens without rows: only how often each occurs is left. Outcome `people`: share re-identified."""
    people: People = population(trial.data, trial.people, seed)
    order = np.random.default_rng(seed).permutation(len(people))
    seen: TokenBag = trial.encoding.encode(people, seed)
    own: TokenBag = trial.encoding.encode(people.take(order), seed + ATTACKER)
    entries, others = np.arange(len(seen.tokens)), np.arange(len(own.tokens))
    graphs = _row_graph(seen.tokens[:, None]), _row_graph(own.tokens[:, None])
    found = guess(*graphs, entries, others, order[own.owner], ROUNDS)
    return [Outcome.counted(int(re_identified(found, seen.owner, len(people)).sum()), len(people))]


def re_identified(found: NDArray[np.int64], owners: NDArray[np.int64], people: int) -> NDArray[np.bool_]:
    """
    Return of whom most of what the attacker names as theirs is theirs.

    Args:
        found: named for each entry, or `NOBODY`.
        owners: whose it is.
        people: how many there are.
    """
    is_named = found != NOBODY
    named = np.bincount(found[is_named], minlength=people)
    right = np.bincount(found[is_named & (found == owners)], minlength=people)
    return 2 * right > named


def _mask(rows: frozenset[int], people: int) -> NDArray[np.bool_]:
    """Return which rows are in a set."""
    mask = np.zeros(people, dtype=np.bool_)
    mask[list(rows)] = True
    return mask


def _row_graph(tokens: NDArray[np.uint64]) -> Graph:
    """Return the graph of rows and tokens: rows come first; 0 is no token."""
    rows, columns = np.nonzero(tokens)
    _, place = np.unique(tokens[rows, columns], return_inverse=True)
    ends = np.stack([rows, len(tokens) + place])
    nodes = len(tokens) + int(place.max(initial=-1)) + 1
    colours = (np.arange(nodes) >= len(tokens)).astype(np.uint64)
    both = np.concatenate([ends, ends[::-1]], axis=1)
    return Graph(colours, both, np.zeros(both.shape[1], dtype=np.uint64), np.zeros(nodes, dtype=np.bool_))
