"""
A4 on our entries: the adversary knows whose some entries are.

Two ways. By tokens: an entry that shares a token with a known person's entry can be compared with it, field by field;
he looks for the candidate whose likeness to that known person, found under keys of his own, is the same. By bytes: he
learns from the bytes of known entries what q-grams they stand for, as he would with filters; that this finds nobody is
what the one-time pads are for.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.encodings.hub_view import Filed
from benchmarks.attacks.encodings.ours import Ours
from benchmarks.attacks.graph_matching import OWN_SEEDS
from benchmarks.attacks.graph_matching_entries import Edges, OwnEdges, Rows, edges_of, evidence, own_edges, slot_bits
from benchmarks.attacks.known_pairs import guess_candidates, told_and_sought
from benchmarks.attacks.population import Data, People, population
from benchmarks.attacks.trial import Outcome, Trial

NOT_KNOWN = -1


def learn_entries(trial: Trial, seed: int) -> list[Outcome]:
    """Attack a stolen database; see `_learn_entries`."""
    return _learn_entries(trial, seed, with_key=False)


def learn_opened(trial: Trial, seed: int) -> list[Outcome]:
    """Attack a database whose hub key is known; see `_learn_entries`."""
    return _learn_entries(trial, seed, with_key=True)


def _learn_entries(trial: Trial, seed: int, *, with_key: bool) -> list[Outcome]:
    """Attack both ways: the share of candidates of whom an entry is named rightly."""
    known, candidates, everybody = told_and_sought(trial, seed)
    filed = _filed_all(trial.data, trial.known_pairs, trial.people, seed)
    owners = filed.owners()
    told = np.where(owners < len(known), owners, NOT_KNOWN)
    draw = np.random.default_rng([OWN_SEEDS, seed])
    view = filed.seen(with_key=with_key)
    edges = edges_of(view.tokens(), view.sketches(known.schema), known.schema)
    own = own_edges(everybody, draw)
    picked = pick_neighbours(edges, own, told, slot_bits(known.schema))
    hits = sum(int(owners[entry]) == person for person, entry in picked.items())
    reached = len(set(owners[_ends(edges, told)[1]].tolist())) / len(candidates)
    note = f"{reached:.0%} share a token with somebody known"
    cells = np.concatenate([view.tokens(), view.entry_bytes("sketch" if with_key else "box")], axis=1)
    by_bytes = _by_bytes(cells, owners, told, known, candidates, draw)
    return [Outcome.counted(hits, len(candidates), note=note), by_bytes]


@lru_cache(maxsize=1)
def _filed_all(data: Data, known: int, sought: int, seed: int) -> Filed:
    """Return the hub after known people and candidates were filed; kept for the attack with the key."""
    return Ours().encode(population(data, known + sought, seed), seed)


def pick_neighbours(edges: Edges, own: OwnEdges, told: Rows, bits: np.ndarray) -> dict[int, int]:
    """
    Pick at most one entry for each person by how it resembles the known person whose token it shares.

    Args:
        edges: of the database.
        own: of the attacker's people: the known ones and the candidates.
        told: for each entry the row of the known person it is of, or -1.
        bits: of the sketch's slots.

    Returns:
        The entry by row of the person.
    """
    which, others = _ends(edges, told)
    if not len(which) or not len(own.people):
        return {}
    known = told[edges.left[which]] + told[edges.right[which]] - NOT_KNOWN
    found = evidence(edges.agreeing[which], own.chance, bits)
    best: dict[int, tuple[float, int]] = {}
    for row, (person, entry) in enumerate(zip(known.tolist(), others.tolist(), strict=True)):
        for pair in np.flatnonzero((own.people == person).any(axis=1)).tolist():
            candidate = int(own.people[pair].sum()) - person
            best[candidate] = max(best.get(candidate, (-np.inf, 0)), (float(found[row, pair]), entry))
    return {person: entry for person, (_, entry) in best.items()}


def _ends(edges: Edges, told: Rows) -> tuple[Rows, Rows]:
    """Return the edges of which one end alone is known, and the entry at the other end."""
    is_left, is_right = told[edges.left] != NOT_KNOWN, told[edges.right] != NOT_KNOWN
    which = np.flatnonzero(is_left ^ is_right)
    return which, np.where(is_left, edges.right, edges.left)[which]


def _by_bytes(
    cells: NDArray[np.uint8], owners: Rows, told: Rows, known: People, candidates: People, draw: np.random.Generator
) -> Outcome:
    """Learn from the bytes of one entry of each known person, and name the people behind one of each other person."""
    order = draw.permutation(len(owners))
    _, first = np.unique(owners[order], return_index=True)
    rows = order[first]
    of_known, of_others = rows[told[rows] != NOT_KNOWN], draw.permutation(rows[told[rows] == NOT_KNOWN])
    guess = guess_candidates(
        np.unpackbits(cells[of_known], axis=1),
        known.take(owners[of_known]),
        np.unpackbits(cells[of_others], axis=1),
        candidates,
    )
    return Outcome.counted(int((guess == owners[of_others] - len(known)).sum()), len(of_others), what="by bytes")
