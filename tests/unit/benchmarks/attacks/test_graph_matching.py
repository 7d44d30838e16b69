"""A3: graph matching, on filters and on our entries."""

import numpy as np
import pytest

from benchmarks.attacks.encodings.clk import Clk
from benchmarks.attacks.encodings.hub_view import HubView, TableView
from benchmarks.attacks.graph_matching import counted, guess_people
from benchmarks.attacks.graph_matching_alignment import align, assign, likeness_of
from benchmarks.attacks.graph_matching_entries import Edges, OwnEdges, pick_blocks, pick_entries, tied_by_claims
from benchmarks.attacks.graph_matching_signatures import coordinates, signatures, similarity_graph, train
from benchmarks.attacks.population import two_lists
from matcher.encode.encoder import EncodedEntries

BITS = np.array([16.0, 16.0])


@pytest.mark.parametrize("overlap", [1.0, 0.5])
def test_people_behind_plain_filters_are_named(overlap):
    """The control succeeds on 400 people, in whatever order they come."""
    lists = two_lists("nepali", 400, overlap, 2)
    guess = guess_people(Clk().encode(lists.encoded, 2).bits, lists.known, Clk().encode, 2)
    assert counted(guess, lists).rate >= 0.95


def test_random_filters_name_nobody():
    """Filters that say nothing are guessed by chance."""
    lists = two_lists("nepali", 200, 1.0, 2)
    noise = np.random.default_rng(1).integers(0, 2, (200, 256), dtype=np.uint8)
    assert counted(guess_people(noise, lists.known, Clk().encode, 2), lists).rate <= 0.05


def test_a_graph_is_laid_over_its_turned_copy():
    """Alignment finds the nodes of a cloud again that was turned, shuffled and moved a little."""
    draw = np.random.default_rng(1)
    cloud = draw.standard_normal((80, 6)) * np.array([6, 5, 4, 3, 2, 1])
    order = draw.permutation(80)
    found = align(cloud[order], cloud + 0.01 * draw.standard_normal(cloud.shape), likeness_of(cloud[order], cloud))
    assert (assign(found) == order).all()


def test_signatures_do_not_depend_on_the_order_of_nodes():
    """A shuffled graph has the same signatures, shuffled."""
    draw = np.random.default_rng(1)
    bits = draw.integers(0, 2, (60, 128), dtype=np.uint8)
    bits[:, :64] |= bits[:, 64:] & (np.arange(60) % 3 == 0)[:, None]
    order = draw.permutation(60)
    graph = similarity_graph(bits)
    shuffled = graph[np.ix_(order, order)]
    assert np.abs(coordinates(shuffled, 1)) == pytest.approx(np.abs(coordinates(graph, 1))[order], abs=1e-3)
    assert signatures(shuffled)[:, :10] == pytest.approx(signatures(graph)[order, :10])


def test_training_trusts_what_does_not_change():
    """Of two features, the one that is the same in both graphs weighs more."""
    draw = np.random.default_rng(1)
    steady, noisy = draw.standard_normal((2, 200))
    pairs = [(np.column_stack([steady, noisy]), np.column_stack([steady, draw.standard_normal(200)]))]
    weights = np.abs(train(pairs)).max(axis=1)
    assert weights[0] > 3 * weights[1]


def test_an_edge_names_its_ends_and_a_third_entry_tells_which_is_whom():
    """Three people in one block, each two unlike in their own way, are all named; a lone edge names one of two."""
    own = OwnEdges(
        np.array([[0, 1], [0, 2], [1, 2]]), np.array([[0.95, 0.5], [0.5, 0.95], [0.95, 0.95]]), np.array([1, 1, 1])
    )
    block = Edges(np.array([7, 7, 8]), np.array([8, 9, 9]), np.array([[16.0, 8.0], [8.0, 16.0], [16.0, 16.0]]))
    assert pick_entries(block, own, BITS, np.random.default_rng(1), tied=range(10)) == {0: 7, 1: 8, 2: 9}


def test_entries_tied_to_one_record_are_read_together():
    """Two edges of one claimed record tell who she is: the person both edges have in common."""
    own = OwnEdges(np.array([[0, 1], [0, 2]]), np.array([[0.95, 0.5], [0.5, 0.95]]), np.array([1, 1]))
    edges = Edges(np.array([3, 5]), np.array([4, 6]), np.array([[16.0, 8.0], [8.0, 16.0]]))
    picked = pick_entries(edges, own, BITS, np.random.default_rng(1), tied=[0, 1, 2, 100, 101, 100, 102])
    assert picked[0] in {3, 5}
    assert (picked[1], picked[2]) == (4, 6)


def test_no_edges_name_nobody():
    """A database in which no two entries share a token gives nothing."""
    nothing = Edges(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 2)))
    own = OwnEdges(np.array([[0, 1]]), np.array([[0.9, 0.9]]), np.array([1]))
    assert pick_entries(nothing, own, BITS, np.random.default_rng(1), tied=[]) == {}


def test_claims_tie_entries():
    """Two entries claimed under one reference by one organisation are one record; the other side's are not."""
    sides = [("m1", "A", b"1"), ("m1", "B", b"2"), ("m2", "A", b"3"), ("m2", "B", b"4"), ("m3", "A", None)]
    claims = [("m1", "A", b"r"), ("m2", "A", b"r"), ("m1", "B", b"s"), ("m2", "B", b"t")]
    view = HubView(
        {
            "entry": TableView(("entry_id",), [(b"1",), (b"2",), (b"3",), (b"4",), (b"5",)]),
            "meeting_side": TableView(("meeting_id", "organisation_id", "entry_id"), sides),
            "claim": TableView(("meeting_id", "organisation_id", "reference"), claims),
        }
    )
    assert tied_by_claims(view) == [0, 1, 0, 3, 4]


def test_sealed_blocks_are_laid_on_the_lists_own_by_size():
    """Three entries under one token are the three people of the list who share one; who is who is drawn."""
    tokens = np.array([[9], [7], [9], [8], [7], [9]], dtype=np.uint8)
    own = np.array([[1], [2], [2], [3], [3], [3]], dtype=np.uint8)
    entries = EncodedEntries(np.array([4, 0, 1, 2, 3, 5]), own, np.zeros((6, 1), dtype=np.uint8))
    picked = pick_blocks(tokens, entries, np.random.default_rng(1))
    assert {picked[row] for row in (2, 3, 5)} == {0, 2, 5}
    assert {picked[row] for row in (0, 1)} == {1, 4}
    assert 4 not in picked
