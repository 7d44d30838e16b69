"""
Colour refinement (Weisfeiler and Leman 1968) of whatever a database ties together.

Two graphs are refined by the same hash, so equal colours in both mean equal surroundings, out to as many steps as there
were rounds. Whoever holds an exact copy of the plaintext builds the one graph under keys of his own, and reads his
names off the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.uint64]
_FIRST, _SECOND, _THIRD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Graph:
    """
    Nodes with first colours, and labelled edges.

    Attributes:
        colours: shape (nodes,), uint64.
        ends: shape (2, edges), int64: from and to; an edge works one way, so most stand twice.
        labels: shape (edges,), uint64.
        fixed: shape (nodes,), bool: nodes whose colour stays, as of an organisation: everything hangs together by
            those, and one difference far away would change every colour.
    """

    colours: Colours
    ends: NDArray[np.int64]
    labels: Colours
    fixed: NDArray[np.bool_]


def mix(values: Colours) -> Colours:
    """Scatter 64-bit values (the finaliser of splitmix64): sums of them then tell multisets apart."""
    with np.errstate(over="ignore"):
        mixed = values + _FIRST
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _SECOND
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _THIRD
    scattered: Colours = mixed ^ (mixed >> np.uint64(31))
    return scattered


def refine(graph: Graph, rounds: int) -> Iterator[Colours]:
    """Yield the colours of all nodes after no round, one round, and so on."""
    order = np.argsort(graph.ends[1], kind="stable")
    source, target, labels = graph.ends[0][order], graph.ends[1][order], mix(graph.labels[order])
    touched, starts = np.unique(target, return_index=True)
    colours = graph.colours
    yield colours
    for _ in range(rounds):
        with np.errstate(over="ignore"):
            seen = mix(colours[source] ^ labels)
            total = np.zeros_like(colours)
            if len(starts):
                total[touched] = np.add.reduceat(seen, starts)
            colours = np.where(graph.fixed, colours, mix(mix(colours) + total))
        yield colours


def sole_owners(colours: Colours, owners: NDArray[np.int64]) -> tuple[Colours, NDArray[np.int64]]:
    """
    Return the colours that one owner's nodes alone have, and that owner.

    Args:
        colours: of some nodes.
        owners: whose each of them is.
    """
    order = np.lexsort((owners, colours))
    sorted_colours, sorted_owners = colours[order], owners[order]
    found, first = np.unique(sorted_colours, return_index=True)
    last = np.append(first[1:], len(order)) - 1
    is_sole = sorted_owners[first] == sorted_owners[last] if len(order) else np.zeros(0, dtype=np.bool_)
    return found[is_sole], sorted_owners[first][is_sole]


def read_off(colours: Colours, known: Colours, names: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Return for each colour the name that stands beside it in a sorted list, or `NOBODY`.

    Args:
        colours: to look up.
        known: sorted, each once.
        names: beside `known`.
    """
    if not len(known):
        return np.full(len(colours), NOBODY, dtype=np.int64)
    place = np.minimum(np.searchsorted(known, colours), len(known) - 1)
    return np.where(known[place] == colours, names[place], NOBODY)


def guess(
    stolen: Graph, copy: Graph, seen: NDArray[np.int64], own: NDArray[np.int64], owners: NDArray[np.int64], rounds: int
) -> NDArray[np.int64]:
    """
    Return whose each node of the stolen graph is, by the first round that tells; `NOBODY` where none does.

    Args:
        stolen: the graph without names.
        copy: the attacker's own.
        seen: nodes of the stolen graph to name.
        own: nodes of the copy with a name.
        owners: their names.
        rounds: of refinement.
    """
    found = np.full(len(seen), NOBODY, dtype=np.int64)
    for there, here in zip(refine(stolen, rounds), refine(copy, rounds), strict=True):
        told = read_off(there[seen], *sole_owners(here[own], owners))
        found = np.where(found == NOBODY, told, found)
    return found
