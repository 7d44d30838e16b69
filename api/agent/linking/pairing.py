"""
Candidate pairs of a part of a store to triples (left record, right record, pattern); on the partner's premises.

What every engine calls, on one machine or on a cluster: the engine says which entries share a token, this says how
alike they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.agent.linking.patterns import PatternCode
from api.agent.linking.store import EntryStore
from matcher.compare.sketches import compare
from matcher.schema import LinkageSchema
from matcher.score.levels import agreement_levels
from matcher.score.model import ScoreModel

PAIRS_AT_ONCE = 50_000  # some 25 MB of sketches

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Triples:
    """Pairs of records with a pattern that they have shown; each once."""

    left: Positions
    right: Positions
    code: Positions


class PartComparer:
    """Compares pairs of entries of one part of a store after the other."""

    def __init__(self, store: EntryStore, lists: int, schema: LinkageSchema) -> None:
        """
        Prepare.

        Args:
            store: where keys and sketches are.
            lists: 1 or 2.
            schema: of the sketches.
        """
        self._store, self._last, self._schema = store, lists - 1, schema
        self._model = ScoreModel.for_schema(schema)
        self._code = PatternCode.of(self._model)
        self._loaded: tuple[int, list[Positions], list[NDArray[np.uint8]]] = (-1, [], [])

    def triples(self, part: int, left: Positions, right: Positions) -> Triples:
        """
        Compare pairs of entries.

        Args:
            part: of the store.
            left: rows of the part in the left list; `right` in the right one, or in the same.
            right: as many.
        """
        owners, sketches = self._load(part)
        codes = np.empty(len(left), dtype=np.int64)
        order = np.argsort(left, kind="stable")  # one side is read from front to back
        for start in range(0, len(order), PAIRS_AT_ONCE):
            rows = order[start : start + PAIRS_AT_ONCE]
            found = compare(sketches[0][left[rows]], sketches[1][right[rows]], self._schema)
            codes[rows] = self._code.pack(agreement_levels(found, self._model))
        return _distinct(owners[0][left], owners[1][right], codes)

    def _load(self, part: int) -> tuple[list[Positions], list[NDArray[np.uint8]]]:
        """Return the records and sketches of both sides of a part; pairs come part by part."""
        if self._loaded[0] != part:
            numbers = (0, self._last)
            owners = [np.ascontiguousarray(self._store.keys(number, part)["owner"]) for number in numbers]
            self._loaded = (part, owners, [self._store.sketches(number, part) for number in numbers])
        return self._loaded[1:]


def _distinct(left: Positions, right: Positions, codes: Positions) -> Triples:
    """Keep each triple once, ordered."""
    order = np.lexsort((codes, right, left))
    columns = [column[order] for column in (left, right, codes)]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return Triples(*(column[is_new] for column in columns))
