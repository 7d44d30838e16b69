"""A4: known pairs, on filters and on our entries."""

import numpy as np

from benchmarks.attacks.encodings.clk import Clk
from benchmarks.attacks.graph_matching_entries import Edges, OwnEdges
from benchmarks.attacks.known_pairs import guess_candidates
from benchmarks.attacks.known_pairs_entries import pick_neighbours
from benchmarks.attacks.population import population


def test_people_behind_plain_filters_are_named():
    """The control succeeds: 150 known pairs name 200 others."""
    people = population("nepali", 350, 2)
    known, others = people.take(range(150)), people.take(range(150, 350))
    bits = Clk().encode(people, 2).bits
    guess = guess_candidates(bits[:150], known, bits[150:], others)
    assert (guess == np.arange(200)).mean() >= 0.9


def test_random_filters_name_nobody():
    """Bits that say nothing are guessed by chance."""
    people = population("nepali", 350, 2)
    bits = np.random.default_rng(1).integers(0, 2, (350, 512), dtype=np.uint8)
    guess = guess_candidates(bits[:150], people.take(range(150)), bits[150:], people.take(range(150, 350)))
    assert (guess == np.arange(200)).mean() <= 0.03


def test_an_entry_beside_a_known_one_is_named_by_its_likeness():
    """Two candidates share a token with known person 0; each entry goes to whom its comparison fits."""
    own = OwnEdges(np.array([[0, 1], [0, 2]]), np.array([[0.95, 0.5], [0.5, 0.95]]), np.array([1, 1]))
    edges = Edges(np.array([0, 2]), np.array([1, 0]), np.array([[16.0, 8.0], [8.0, 16.0]]))
    told = np.array([0, -1, -1])
    assert pick_neighbours(edges, own, told, np.array([16.0, 16.0])) == {1: 1, 2: 2}


def test_an_edge_without_a_known_end_says_nothing():
    """Entries of unknown people alone are left to other attacks."""
    own = OwnEdges(np.array([[0, 1]]), np.array([[0.95, 0.5]]), np.array([1]))
    edges = Edges(np.array([1]), np.array([2]), np.array([[16.0, 8.0]]))
    assert pick_neighbours(edges, own, np.array([0, -1, -1]), np.array([16.0, 16.0])) == {}
