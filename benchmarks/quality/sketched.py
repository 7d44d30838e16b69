"""Records of one world, compared through sketches: any two as if they shared a token, or those that do share one."""

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.datasets import DataSet
from matcher.compare.blocks import pairs_within
from matcher.compare.sketches import compare
from matcher.encode.columns import columns_of, places_in_run
from matcher.encode.encoder import Encoder
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.encode.sketch import Sketcher
from matcher.score.levels import agreement_levels
from matcher.score.model import ScoreModel

KEY_BYTES = 16
WAYS = 6  # of reading a person; a pair takes the best of their combinations, as its best shared entry would

Pairs = NDArray[np.int64]
Levels = NDArray[np.int8]


class Sketched:
    """Compares any two records of one list under one key."""

    def __init__(self, data: DataSet, model: ScoreModel) -> None:
        """Sketch every way to read every person."""
        self._schema, self._model = data.schema, model
        sketcher = Sketcher(data.schema, SharedSecretPrf(LinkageSecret.generate(), data.schema), data.frequencies)
        columns = columns_of(data.left, data.schema.field_names)
        ways = np.flatnonzero(places_in_run(columns.owner) < WAYS)
        self._first = np.searchsorted(columns.owner[ways], np.arange(len(data.left) + 1))
        self._sketches = sketcher.under_one_key(columns, ways, os.urandom(KEY_BYTES))

    def levels(self, pairs: Pairs) -> Levels:
        """Return the levels of each pair's first ways, raised by a further way of one of them where that is closer."""
        best = self._of(pairs, 0, 0)
        for way in range(1, WAYS):
            for left, right in ((way, 0), (0, way)):
                known = self._has(pairs[:, 0], left) & self._has(pairs[:, 1], right)
                if known.any():
                    best[known] = _closer(best[known], self._of(pairs[known], left, right))
        return best

    def _has(self, rows: NDArray[np.int64], way: int) -> NDArray[np.bool_]:
        return np.asarray(self._first[rows] + way < self._first[rows + 1])

    def _of(self, pairs: Pairs, left: int, right: int) -> Levels:
        mine = self._sketches[self._first[pairs[:, 0]] + left]
        others = self._sketches[self._first[pairs[:, 1]] + right]
        return agreement_levels(compare(mine, others, self._schema), self._model)


@dataclass(frozen=True, slots=True)
class Candidates:
    """
    Entries of one list that share a token.

    Attributes:
        left: shape (pairs,), int64, position of the record that the first entry is of; `right` likewise.
        levels: shape (pairs, scored fields), int8.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    levels: Levels


def candidates_within(data: DataSet, model: ScoreModel) -> Candidates:
    """Encode a list as a partner does and compare the entries that share a token."""
    encoder = Encoder(data.schema, SharedSecretPrf(LinkageSecret.generate(), data.schema), data.frequencies)
    entries = encoder.entries(data.left)
    pairs = pairs_within(entries.tokens)
    compared = compare(entries.sketches[pairs.left], entries.sketches[pairs.right], data.schema)
    return Candidates(entries.owner[pairs.left], entries.owner[pairs.right], agreement_levels(compared, model))


def _closer(one: Levels, other: Levels) -> Levels:
    """Take the pair of ways that agrees better on the whole: fewer steps down over all fields."""
    is_better = np.maximum(other, 0).sum(axis=1) < np.maximum(one, 0).sum(axis=1)
    return np.where(is_better[:, None], other, one)
