"""
Candidate pairs of entries in memory, and blocks that are too large to be compared; on the partner's premises.

The gate keeps blocks small, but only as far as its frequency model knows the lists: a default value in a column can put
thousands of records under one token, and pairs grow with the square. Such a block is left out and reported.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.agent.linking.compared import LeftOut
from matcher.compare.blocks import pairs_between, pairs_within
from matcher.encoding import TOKEN_BYTES
from matcher.pairs import CandidatePairs

MOST_IN_A_BLOCK = 1_000  # entries of one list under one token: half a million pairs

Tokens = NDArray[np.uint8]


def bounded_pairs(lists: Sequence[Tokens], most: int) -> tuple[CandidatePairs, LeftOut]:
    """
    Pair the entries that share a token, blocks that are too large left out.

    Args:
        lists: tokens of one list, or of two, each of shape (entries, 16).
        most: greatest number of entries of one list under a token.

    Returns:
        Positions in the lists; and what was left out.
    """
    sizes = [np.unique(_as_keys(tokens), return_counts=True) for tokens in lists]
    too_many = [found[0][found[1] > most] for found in sizes]
    large = np.unique(np.concatenate(too_many))
    if not len(large):
        return (pairs_within(lists[0]) if len(lists) == 1 else pairs_between(*lists)), LeftOut()
    rows = [np.flatnonzero(~np.isin(_as_keys(tokens), large)) for tokens in lists]
    kept = [tokens[each] for tokens, each in zip(lists, rows, strict=True)]
    pairs = pairs_within(kept[0]) if len(lists) == 1 else pairs_between(*kept)
    counts = [_counts_of(large, *found) for found in sizes]
    left_out = counts[0] * (counts[0] - 1) // 2 if len(lists) == 1 else counts[0] * counts[1]
    meets = left_out > 0
    return (
        CandidatePairs(rows[0][pairs.left], rows[-1][pairs.right]),
        LeftOut(int(meets.sum()), int(left_out.sum())),
    )


def _as_keys(tokens: Tokens) -> NDArray[np.bytes_]:
    """View each token as one sortable value."""
    if not len(tokens):
        return np.zeros(0, f"S{TOKEN_BYTES}")
    keys: NDArray[np.bytes_] = np.ascontiguousarray(tokens).view(f"S{TOKEN_BYTES}").ravel()
    return keys


def _counts_of(wanted: NDArray[np.bytes_], keys: NDArray[np.bytes_], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how often each wanted key is there."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, counts[place], 0)
