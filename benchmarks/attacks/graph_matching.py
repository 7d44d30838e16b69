"""
A3: graph matching. The adversary holds a list of the population, some of whose people are in the encoded list.

He sees which encoded records resemble which, and knows all parameters but the keys. So he encodes his own list under
keys of his own, and finds the way to lay the two similarity graphs over each other: signatures first, then alignment
(Vidanage et al. 2020; Schäfer, Armknecht, Heng 2024).
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.encodings.kinds import Filters
from benchmarks.attacks.graph_matching_alignment import (
    FIRST_DIMENSIONS,
    MORE_DIMENSIONS,
    ROUNDS,
    align,
    assign,
    likeness_of,
)
from benchmarks.attacks.graph_matching_signatures import Matrix, coordinates, signatures, similarity_graph, train
from benchmarks.attacks.population import People, TwoLists, two_lists
from benchmarks.attacks.trial import Outcome, Trial

OWN_KEYS = 3  # the attacker's encodings are averaged over, which takes the chance of collisions out
TRAINING_SPLITS = 4
SHARED_IN_TRAINING = 0.3  # of each of the two lists that he makes of his own
OWN_SEEDS = 10_000_000  # attackers' keys are drawn from seeds above all others

EncodeFilters = Callable[[People, int], Filters]


def match_filters(trial: Trial, seed: int) -> list[Outcome]:
    """Attack whole-record filters: the share of people on both lists whom the attacker names rightly."""
    lists = two_lists(trial.data, trial.people, trial.overlap, seed)
    guess = guess_people(trial.encoding.encode(lists.encoded, seed).bits, lists.known, trial.encoding.encode, seed)
    return [counted(guess, lists)]


def counted(guess: NDArray[np.int64], lists: TwoLists) -> Outcome:
    """Count the people on both lists whom the attacker names rightly."""
    truth = lists.truth()
    return Outcome.counted(int((guess == truth)[truth >= 0].sum()), int((truth >= 0).sum()))


def guess_people(bits: NDArray[np.uint8], known: People, encode: EncodeFilters, seed: int) -> NDArray[np.int64]:
    """
    Name the people behind filters.

    Args:
        bits: the filters seen, shape (records, filter bits).
        known: the attacker's list.
        encode: encodes as the partners do, under the key of a seed.
        seed: of the attacker's own keys and coins.

    Returns:
        For each filter its row in the known list, -1 for none.
    """
    draw = np.random.default_rng([OWN_SEEDS, seed])
    shuffled = draw.permutation(len(bits))
    seen_graph, own_graph = similarity_graph(bits[shuffled]), _own_graph(known, encode, draw)
    learnt = train(list(_training(known, encode, draw)))
    likeness = likeness_of(signatures(seen_graph) @ learnt, signatures(own_graph) @ learnt)
    dimensions = FIRST_DIMENSIONS + MORE_DIMENSIONS * ROUNDS
    found = align(coordinates(seen_graph, dimensions), coordinates(own_graph, dimensions), likeness)
    guess = np.full(len(bits), -1, dtype=np.int64)
    guess[shuffled] = assign(found)
    return guess


def _own_graph(people: People, encode: EncodeFilters, draw: np.random.Generator, keys: int = OWN_KEYS) -> Matrix:
    """Return the mean similarity graph of people under several keys of the attacker's."""
    total = np.zeros((len(people), len(people)))
    for _ in range(keys):
        total += similarity_graph(encode(people, OWN_SEEDS + int(draw.integers(OWN_SEEDS))).bits)
    return total / keys


def _training(known: People, encode: EncodeFilters, draw: np.random.Generator) -> Iterator[tuple[Matrix, Matrix]]:
    """Yield signatures of the same people in two lists that share only some, under two keys."""
    size = int(len(known) / (2 - SHARED_IN_TRAINING))
    shared = 2 * size - len(known)
    for _ in range(TRAINING_SPLITS):
        order = draw.permutation(len(known))
        first = signatures(_own_graph(known.take(order[:size]), encode, draw, keys=1))
        second = signatures(_own_graph(known.take(order[-size:]), encode, draw, keys=OWN_KEYS - 1))
        yield first[size - shared :], second[:shared]
