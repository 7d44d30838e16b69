"""
Tokens to candidate pairs, in memory; at the partner and in evaluations (the hub asks its database instead).

Every pair of entries that share a token is a candidate; there is no limit on a block, because the gate bounds it.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.encoding import TOKEN_BYTES
from matcher.pairs import CandidatePairs


def pairs_between(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> CandidatePairs:
    """
    Pair the entries of two lists that share a token.

    Args:
        left: tokens, shape (entries, 16), uint8.
        right: tokens of the other list.

    Returns:
        Positions of entries in each list.
    """
    order = np.argsort(_as_keys(right), kind="stable")
    sorted_right = _as_keys(right)[order]
    keys = _as_keys(left)
    first = np.searchsorted(sorted_right, keys, side="left")
    counts = np.searchsorted(sorted_right, keys, side="right") - first
    return CandidatePairs(np.repeat(np.arange(len(keys)), counts), order[_runs(first, counts)])


def pairs_within(tokens: NDArray[np.uint8]) -> CandidatePairs:
    """
    Pair the entries of one list that share a token; each pair once, left before right.

    Args:
        tokens: shape (entries, 16), uint8.
    """
    both = pairs_between(tokens, tokens)
    once = both.left < both.right
    return CandidatePairs(both.left[once], both.right[once])


def _as_keys(tokens: NDArray[np.uint8]) -> NDArray[np.void]:
    """View each token as one sortable value."""
    return (
        np.ascontiguousarray(tokens).view(f"S{TOKEN_BYTES}").ravel() if len(tokens) else np.zeros(0, f"S{TOKEN_BYTES}")
    )


def _runs(first: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Concatenate the ranges that begin at `first` and are `counts` long."""
    ends = np.cumsum(counts)
    steps = np.arange(ends[-1] if len(ends) else 0)
    return steps - np.repeat(ends - counts, counts) + np.repeat(first, counts)
