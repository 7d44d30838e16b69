"""Colour refinement names what is alone in its surroundings, and nothing else."""

import numpy as np

from benchmarks.attacks.colour_refinement import re_identified
from benchmarks.attacks.refinement import NOBODY, Graph, guess, read_off, refine, sole_owners


def path_graph(edges: list[tuple[int, int]], nodes: int) -> Graph:
    """Return a graph without colours."""
    ends = np.array(edges, dtype=np.int64).T
    both = np.concatenate([ends, ends[::-1]], axis=1)
    return Graph(np.zeros(nodes, np.uint64), both, np.zeros(both.shape[1], np.uint64), np.zeros(nodes, dtype=np.bool_))


def classes(colours: np.ndarray) -> list[int]:
    """Number the colours in the order in which they come."""
    seen: dict[int, int] = {}
    return [seen.setdefault(int(colour), len(seen)) for colour in colours]


def test_a_path_is_told_apart_to_its_symmetry():
    """Ends, their neighbours, and the middle: as far as it can be, after two rounds."""
    *_, last = refine(path_graph([(0, 1), (1, 2), (2, 3), (3, 4)], 5), 2)
    assert classes(last) == [0, 1, 2, 1, 0]


def test_a_cycle_stays_one_colour():
    """What is all alike is never told apart."""
    *_, last = refine(path_graph([(0, 1), (1, 2), (2, 0)], 3), 5)
    assert len(set(last.tolist())) == 1


def test_a_fixed_node_keeps_its_colour():
    """Whatever its neighbours become."""
    graph = path_graph([(0, 1), (1, 2)], 3)
    graph.fixed[1] = True
    *_, last = refine(graph, 3)
    assert last[1] == 0


def test_the_same_graph_in_another_order_is_read_off():
    """A tree without symmetry: everybody is named."""
    edges = [(0, 1), (1, 2), (2, 3), (2, 4), (4, 5), (5, 6)]
    order = np.array([3, 5, 0, 6, 2, 4, 1])
    place = np.argsort(order)
    moved = [(int(place[a]), int(place[b])) for a, b in edges]
    nodes = np.arange(7)
    found = guess(path_graph(edges, 7), path_graph(moved, 7), nodes, nodes, order, 7)
    assert found.tolist() == nodes.tolist()


def test_a_colour_of_two_owners_names_nobody():
    """A colour that two people share says nothing."""
    colours = np.array([7, 7, 9, 9], dtype=np.uint64)
    known, names = sole_owners(colours, np.array([1, 2, 3, 3]))
    assert (known.tolist(), names.tolist()) == ([9], [3])
    assert read_off(np.array([7, 9, 11], dtype=np.uint64), known, names).tolist() == [NOBODY, 3, NOBODY]


def test_people_are_re_identified_by_most_of_what_is_said_to_be_theirs():
    """Two right of three is enough, one of two is not, none is none."""
    found = np.array([0, 0, 0, 1, 1, NOBODY])
    owners = np.array([0, 0, 1, 1, 2, 2])
    assert re_identified(found, owners, 3).tolist() == [True, False, False]
