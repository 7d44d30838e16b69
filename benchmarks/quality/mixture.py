"""
The mixture of `matcher.score` on plaintext over all pairs: the upper reference for anything that encodes.

Nothing is blocked and nothing is hashed, so what casematch lacks against it is the price of its gate and sketches.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import log2

import numpy as np
from numpy.typing import NDArray

from api.agent.evaluate.found import FoundPairs
from benchmarks.quality.datasets import DataSet
from benchmarks.quality.likeness import NameLikeness, all_fields
from matcher.pairs import Comparisons, Grade
from matcher.schema import Kind
from matcher.score.em import TrainingPairs, fit, is_healthy, measure_u
from matcher.score.levels import agreement_levels
from matcher.score.model import GROUPS_OF_CLASS, FieldModel, ScoreModel
from matcher.score.posterior import evidence_bits, score_levels

PAIRS_AT_ONCE = 400_000
SAMPLED_ROWS = 60  # rows compared with many others to see random pairs
SAMPLED_COLUMNS = 2_000
# Pairs that the shipped model holds for less likely, before tempering, are strangers and stand in the sample.
LEAST_BITS = -14.0
RECORDS_PER_PERSON = 10
LEAST_RECORDS_TO_FIT = 100
SEED = 1
# Jaro-Winkler runs higher than Jaccard: below equal names, its levels are those of Splink's name comparison.
JARO_WINKLER_LEVELS = (1.0, 0.99, 0.95, 0.92, 0.88, 0.7, 0.0)


@dataclass(frozen=True, slots=True)
class _Block:
    """All pairs of some rows with some columns, as positions in the two lists, and their levels."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    levels: NDArray[np.int8]


class PlaintextMixture:
    """Links one data set by comparing everything with everything."""

    def __init__(self, data: DataSet, names: NameLikeness) -> None:
        """Prepare the comparison of every field."""
        self._people = [*data.left, *(data.right or ())]
        self._is_within = data.right is None
        self._shift = 0 if data.right is None else len(data.left)
        self._sizes = (len(data.left), len(data.left if data.right is None else data.right))
        self._fields = all_fields(data.schema, self._people, names, data.frequencies)
        self._schema = data.schema
        shipped = ScoreModel.for_schema(data.schema).for_people(max(self._sizes))
        self._shipped = shipped if names == "folds" else _with_letter_levels(shipped, data)

    def link(self) -> FoundPairs:
        """Return every pair that is not surely of two strangers, scored."""
        sampled = self._sample()
        measured = measure_u(self._shipped, sampled)
        kept = [_likely(block, measured) for block in self._blocks()]
        left = np.concatenate([block.left for block in kept])
        right = np.concatenate([block.right for block in kept])
        levels = np.concatenate([block.levels for block in kept])
        model = self._fitted(measured, levels, sampled) or self._shipped
        scored = score_levels(levels, model)
        is_match = scored.grade >= Grade.POSSIBLE
        return FoundPairs(
            left, right, scored.weight_bits, is_match, scored.probability, scored.grade, is_every_pair=True
        )

    def _fitted(self, measured: ScoreModel, levels: NDArray[np.int8], sampled: NDArray[np.int8]) -> ScoreModel | None:
        """Fit as `casematch link` does; None where it would not."""
        if min(self._sizes) < LEAST_RECORDS_TO_FIT or not len(levels):
            return None
        strangers = sampled[_plain_bits(sampled, measured) < LEAST_BITS]
        pairs = self._sizes[0] * (self._sizes[0] - 1) / 2 if self._is_within else float(np.prod(self._sizes))
        training = TrainingPairs(levels, strangers, pairs, float(min(self._sizes) * RECORDS_PER_PERSON))
        model = fit(measured, training)
        return model if is_healthy(model, training) else None

    def _sample(self) -> NDArray[np.int8]:
        """Return the levels of random pairs; a record is not compared with itself."""
        draw = np.random.default_rng(SEED)
        rows = draw.permutation(self._sizes[0])[:SAMPLED_ROWS]
        columns = draw.permutation(self._sizes[1])[:SAMPLED_COLUMNS]
        block = self._compare(rows, columns)
        return block.levels[block.left != block.right] if self._is_within else block.levels

    def _blocks(self) -> Iterator[_Block]:
        """Compare all pairs, some rows at a time."""
        columns = np.arange(self._sizes[1])
        step = max(1, PAIRS_AT_ONCE // max(1, len(columns)))
        for start in range(0, self._sizes[0], step):
            rows = np.arange(start, min(start + step, self._sizes[0]))
            block = self._compare(rows, columns[start:] if self._is_within else columns)
            once = block.left < block.right if self._is_within else slice(None)
            yield _Block(block.left[once], block.right[once], block.levels[once])

    def _compare(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> _Block:
        """Compare some rows with some columns."""
        similarity = np.empty((len(rows) * len(columns), len(self._schema.fields)), dtype=np.float32)
        for place, field in enumerate(self._fields.values()):
            similarity[:, place] = field.block(rows, columns + self._shift).ravel()
        levels = agreement_levels(Comparisons(self._schema.field_names, similarity), self._shipped)
        return _Block(np.repeat(rows, len(columns)), np.tile(columns, len(rows)), levels)


def _likely(block: _Block, model: ScoreModel) -> _Block:
    """Keep the pairs that are not surely of two strangers; equal rows of levels are scored once."""
    patterns, of_pair = np.unique(_codes(block.levels, model), return_inverse=True)
    first = np.zeros(len(patterns), dtype=np.int64)
    first[of_pair] = np.arange(len(of_pair))
    is_likely = _plain_bits(block.levels[first], model) >= LEAST_BITS
    kept = is_likely[of_pair]
    return _Block(block.left[kept], block.right[kept], block.levels[kept])


def _plain_bits(levels: NDArray[np.int8], model: ScoreModel) -> NDArray[np.float64]:
    """Return match weights without tempering, which is for pairs that share an entry."""
    return evidence_bits(levels, model) + log2(model.prior["match"] / (1 - model.prior["match"]))


def _codes(levels: NDArray[np.int8], model: ScoreModel) -> NDArray[np.int64]:
    """Write each row of levels as one number."""
    codes = np.zeros(len(levels), dtype=np.int64)
    for column, field in enumerate(model.fields):
        codes = codes * (len(field.levels) + 1) + levels[:, column] + 1
    return codes


def _with_letter_levels(model: ScoreModel, data: DataSet) -> ScoreModel:
    """
    Give name fields the levels that suit Jaro-Winkler, and no table that was measured on folds.

    In a class that leaves a name free the fit starts from that of a match; nothing holds it to the shipped model.
    """
    free_in = {field.name: field.free_in for field in data.schema.fields}
    fields = (_with_letters(field, free_in[field.name]) for field in model.fields)
    return replace(model, fields=tuple(fields), trust=0.0)


def _with_letters(field: FieldModel, free_in: frozenset[str]) -> FieldModel:
    """Return a name field for Jaro-Winkler, and any other field as it is."""
    if field.kind is not Kind.NAME or len(field.levels) != len(JARO_WINKLER_LEVELS):
        return field
    shared = {name: field.m for name in field.shared if GROUPS_OF_CLASS[name] & free_in}
    return replace(field, levels=np.array(JARO_WINKLER_LEVELS), shared=shared)
