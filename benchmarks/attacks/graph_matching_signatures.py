"""
What a node of a similarity graph looks like without any name: signatures that another key hardly changes.

A signature holds the quantiles and moments of a node's similarities to all others, its place along the graph's
leading directions, and what those whom it resembles are like. Two lists drawn from one population give one person
nearly the same signature, whoever else is on them. How nearly, the attacker learns on halves of his own list under
keys of his own, and weighs accordingly (Vidanage, Christen, Ranbaduge, Schnell 2020, whose node features these follow).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

QUANTILES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
NEIGHBOURS = 0.98  # quantile of all similarities above which two nodes are neighbours
LEADING = 4  # directions whose order holds from list to list; later ones change places
PASSES = 6  # of the power iteration
SPARE = 20  # directions carried along so that the last ones asked for are right too
RIDGE = 0.02  # of the mean noise, so that no feature is trusted beyond what the training pairs can tell
OUTLIER = 4.0  # standard deviations; differences beyond are cut there

Matrix = NDArray[np.float64]


def similarity_graph(bits: NDArray[np.uint8]) -> Matrix:
    """
    Return how alike each two filters are: the covariance of their bits, without what is common to all.

    Args:
        bits: shape (records, filter bits), each 0 or 1.

    Returns:
        Shape (records, records); the diagonal says how far a filter is from the mean one.
    """
    centred = bits.astype(np.float32) - bits.mean(axis=0, dtype=np.float32)
    return np.asarray(centred @ centred.T / bits.shape[1], dtype=np.float64)


def coordinates(graph: Matrix, dimensions: int) -> Matrix:
    """
    Return the nodes' places along the leading directions of their graph, the first direction first.

    Each direction points to the side on which its few far nodes are.

    Args:
        graph: symmetric, shape (nodes, nodes).
        dimensions: how many; fewer where there are not so many nodes.

    Returns:
        Shape (nodes, dimensions), each column as long as its direction is strong.
    """
    carried = min(len(graph), dimensions + SPARE)
    edges = _without_diagonal(graph)
    basis = np.random.default_rng(0).standard_normal((len(graph), carried))
    for _ in range(PASSES):
        basis, _ = np.linalg.qr(edges @ basis)
    values, vectors = np.linalg.eigh(basis.T @ edges @ basis)
    order = np.argsort(-values)[:dimensions]
    places = (basis @ vectors[:, order]) * np.sqrt(np.maximum(values[order], 0.0))
    pointed: Matrix = places * np.where((places**3).sum(axis=0) < 0, -1.0, 1.0)
    return pointed


def signatures(graph: Matrix) -> Matrix:
    """Return one row of features for each node of a graph with at least two nodes, centred over the nodes."""
    edges = _without_diagonal(graph)
    others = np.sort(graph[~np.eye(len(graph), dtype=np.bool_)].reshape(len(graph), -1), axis=1)
    at = (np.array(QUANTILES) * (others.shape[1] - 1)).astype(np.int64)
    itself, spread, near = graph.diagonal(), others.std(axis=1), others[:, at[-2]]
    places = _scaled(coordinates(graph, LEADING))
    products = [places[:, one] * places[:, other] for one in range(LEADING) for other in range(one + 1)]
    traits = np.column_stack([_scaled(np.column_stack([*products, itself, spread, near])), places])
    resembled = edges @ traits[:, :-LEADING] / len(graph)
    own = [others[:, at], others.mean(axis=1), spread, coordinates(graph, LEADING), itself]
    features = np.column_stack([*own, resembled, _of_neighbours(edges, traits)])
    return np.asarray(features - features.mean(axis=0))


def _of_neighbours(edges: Matrix, traits: Matrix) -> Matrix:
    """Return the mean traits of a node's neighbours, how strong its ties to them are, and how many they are."""
    least = np.quantile(edges, NEIGHBOURS)
    ties = np.maximum(edges - least, 0.0)
    strength = ties.sum(axis=1, keepdims=True)
    mean = ties @ traits / (strength + 0.1 * np.median(strength) + np.finfo(np.float64).tiny)
    return np.column_stack([mean, strength, (ties > 0).sum(axis=1)])


def _without_diagonal(graph: Matrix) -> Matrix:
    """Return the graph without what a node is to itself."""
    return np.asarray(graph - np.diag(graph.diagonal()))


def _scaled(columns: Matrix) -> Matrix:
    """Centre each column, and scale it to spread 1."""
    return np.asarray((columns - columns.mean(axis=0)) / (columns.std(axis=0) + np.finfo(np.float64).tiny))


def train(pairs: Sequence[tuple[Matrix, Matrix]]) -> Matrix:
    """
    Learn which mixtures of features tell people apart, and scale each by its noise (a linear discriminant).

    Args:
        pairs: signatures of the same people in two graphs, row by row.

    Returns:
        Projection, shape (features, features): signatures times it are comparable by their Euclidean distance.
    """
    first, second = (np.concatenate(side) for side in zip(*pairs, strict=True))
    noise = _without_outliers(first - second)
    people = (first + second) / 2
    scale = people.std(axis=0) + np.finfo(np.float64).tiny
    between = people.T @ people / len(people) / np.outer(scale, scale)
    within = noise.T @ noise / len(noise) / np.outer(scale, scale)
    within += np.eye(len(within)) * RIDGE * np.trace(within) / len(within)
    _, vectors = eigh(between, within)
    return np.asarray(vectors / scale[:, None])


def _without_outliers(differences: Matrix) -> Matrix:
    """Centre, and cut what is far out: directions that changed places say nothing of the usual noise."""
    centred = differences - np.median(differences, axis=0)
    spread = 1.4826 * np.median(np.abs(centred), axis=0)  # the standard deviation of a normal one
    return np.clip(centred, -OUTLIER * spread, OUTLIER * spread)
