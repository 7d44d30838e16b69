"""
A7: why a secret bit permutation at the hub is no second secret.

The thief holds permuted filters and a partner's key, so he can make everybody's filter without the permutation. Rows
and columns of two tables of bits that differ by their order alone are told apart by colour refinement: a column by the
rows that it is set in, a row by its columns. It is a control: shown, so that nobody adds it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.encodings.kinds import Filters
from benchmarks.attacks.population import two_lists
from benchmarks.attacks.refinement import Graph, guess
from benchmarks.attacks.trial import Outcome, Trial

ROUNDS = 4


def match_columns(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Attack filters whose columns the hub has permuted. Outcome `people`: share re-identified."""
    lists = two_lists(trial.data, trial.people, trial.overlap, seed)
    seen: Filters = trial.encoding.encode(lists.encoded, seed)
    own: Filters = trial.encoding.encode(lists.known, seed)  # the partner's key is stolen: it is the same
    permuted = seen.bits[:, np.random.default_rng(seed).permutation(seen.bits.shape[1])]
    rows = np.arange(trial.people)
    found = guess(_bit_graph(permuted), _bit_graph(own.bits), rows, rows, rows, ROUNDS)
    truth = lists.truth()
    return [Outcome.counted(int(((found == truth) & (truth >= 0)).sum()), int((truth >= 0).sum()))]


def _bit_graph(bits: NDArray[np.uint8]) -> Graph:
    """Return the graph of rows and columns: rows come first."""
    rows, columns = np.nonzero(bits)
    ends = np.stack([rows, len(bits) + columns])
    colours = (np.arange(sum(bits.shape)) >= len(bits)).astype(np.uint64)
    both = np.concatenate([ends, ends[::-1]], axis=1)
    return Graph(colours, both, np.zeros(both.shape[1], dtype=np.uint64), np.zeros(len(colours), dtype=np.bool_))
