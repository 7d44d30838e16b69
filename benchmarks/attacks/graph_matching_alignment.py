"""
Lay one similarity graph over another, from a coarse view to a fine one, until people stand upon themselves.

Each graph is drawn in the space of its leading directions. Nodes that are each other's nearest neighbours are taken
for the same person, right or wrong; the rotation that fits these pairs best (Procrustes) turns one drawing onto the
other, weighed by the noise that the pairs show; and again with more directions. Wrong pairs of similar people help the
first rounds nearly as much as right ones. (Schäfer, Armknecht, Heng 2024 align node embeddings in this spirit.)
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.attacks.graph_matching_signatures import Matrix

FIRST_DIMENSIONS, MORE_DIMENSIONS = 6, 4  # at first, and more in each round
ROUNDS = 20
TRUSTED = 0.8  # of pairs of nearest neighbours, those that stand out most
FEWEST_PAIRS = 30
KEPT = 0.6  # of pairs, the closest: the noise of right pairs is learnt from them
WEAKEST = 0.01  # of the first direction's strength; weaker ones are chance
RIDGE = 0.05  # of a direction's spread
SIGNATURES_FADE = 12  # rounds after which the drawing alone decides

Rows = NDArray[np.int64]


def align(seen: Matrix, known: Matrix, likeness: Matrix) -> Matrix:
    """
    Return how likely each node of one graph is each node of another.

    Args:
        seen: coordinates of the nodes of one graph, strongest direction first, shape (seen, dimensions).
        known: of the other, shape (known, dimensions).
        likeness: the same by signatures alone, as a sum of squares of normal noise, shape (seen, known).

    Returns:
        Shape (seen, known): the higher, the likelier.
    """
    found = likeness
    strength = np.minimum((seen**2).sum(axis=0), (known**2).sum(axis=0))
    strong = int((strength > WEAKEST * strength[0]).sum())
    for turn in range(ROUNDS):
        dimensions = min(FIRST_DIMENSIONS + MORE_DIMENSIONS * turn, strong)
        pairs = _nearest(found)
        faded = max(0.0, 1 - turn / SIGNATURES_FADE)
        found = _turned(seen[:, :dimensions], known[:, :dimensions], *pairs) + faded * likeness
    return found


def likeness_of(first: Matrix, second: Matrix) -> Matrix:
    """Return minus the squared distance of each row of one matrix to each of another."""
    return np.asarray(2 * first @ second.T - (first**2).sum(axis=1)[:, None] - (second**2).sum(axis=1)[None, :])


def assign(found: Matrix) -> Rows:
    """
    Give each row at most one column, and each column at most one row, the likeliest in all (Hungarian method).

    Returns:
        The column of each row, -1 where it has none.
    """
    rows, columns = linear_sum_assignment(found, maximize=True)
    chosen = np.full(len(found), -1, dtype=np.int64)
    chosen[rows] = columns
    return chosen


def _nearest(found: Matrix) -> tuple[Rows, Rows]:
    """Return the pairs that are each other's likeliest, those that stand out most."""
    of_row, of_column = found.argmax(axis=1), found.argmax(axis=0)
    rows = np.flatnonzero(of_column[of_row] == np.arange(len(found)))
    columns = of_row[rows]
    second = np.maximum(np.partition(found[rows], -2, axis=1)[:, -2], np.partition(found[:, columns], -2, axis=0)[-2])
    order = np.argsort(second - found[rows, columns])[: max(FEWEST_PAIRS, round(TRUSTED * len(rows)))]
    return rows[order], columns[order]


def _turned(seen: Matrix, known: Matrix, rows: Rows, columns: Rows) -> Matrix:
    """Turn one drawing onto the other by these pairs, and return the likeness of all nodes then."""
    left, _, right = np.linalg.svd(seen[rows].T @ known[columns])
    turned = seen @ (left @ right)
    difference = turned[rows] - known[columns]
    spread = known.var(axis=0) + np.finfo(np.float64).tiny
    distance = (difference**2 / spread).sum(axis=1)
    difference = difference[distance <= np.quantile(distance, KEPT)]
    noise = difference.T @ difference / len(difference) + RIDGE * np.diag(spread)
    white = np.linalg.cholesky(np.linalg.inv(noise))
    return likeness_of(turned @ white, known @ white)
