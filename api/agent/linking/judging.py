"""
Compared pairs to scored pairs: the score model is fitted to the lists, and each pair gets its best comparison.

On the partner's premises; the same for every engine, so that none can decide in a way of its own.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.agent.linking.compared import Compared, LeftOut
from api.agent.linking.encoding import Keys
from api.agent.linking.patterns import PatternCode
from matcher.compare.sketches import compare
from matcher.encode.columns import columns_of
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.sketch import Sketcher
from matcher.pairs import ScoredPairs
from matcher.person import Person
from matcher.schema import LinkageSchema
from matcher.score.em import TrainingPairs, fit, is_healthy, measure_u
from matcher.score.levels import agreement_levels
from matcher.score.model import ScoreModel
from matcher.score.posterior import score_levels

RANDOM_PAIRS = 100_000  # an agreement as rare as 1 in 100,000 can just be seen
SAMPLED_RECORDS = 5_000
RANDOM_SEED = 1  # the sample, not the secret: a run can be repeated
SKETCH_KEY_BYTES = 16
RECORDS_PER_PERSON = 10  # bounds the fit, not the answer: matches of one record that a fit may expect
LEAST_RECORDS_TO_FIT = 100  # smaller lists teach less than the shipped model knows

Positions = NDArray[np.int64]
Sketches = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class LinkedPairs:
    """
    Pairs of records that share an entry, each with the best of its shared entries.

    Attributes:
        left: shape (pairs,), int64, positions in the left list, rising.
        right: positions in the right list, or in the left one when it was linked with itself (left < right).
        scored: one row per pair.
        model: the score model that was used, for its fields and weights.
        is_fitted: whether it was fitted to these lists; else it is the shipped one.
        entries: entries of both lists.
        encode_seconds: time spent on encoding alone.
        candidates: pairs of records that were compared, those that are not returned included.
        left_out: blocks that were too large.
    """

    left: Positions
    right: Positions
    scored: ScoredPairs
    model: ScoreModel
    is_fitted: bool
    entries: int
    encode_seconds: float
    candidates: int
    left_out: LeftOut

    @property
    def probability(self) -> NDArray[np.float64]:
        """Posterior of each pair, in [0, 1]."""
        return self.scored.probability

    @property
    def grade(self) -> NDArray[np.int8]:
        """Grade of each pair, values of `Grade`."""
        return self.scored.grade


@dataclass(frozen=True, slots=True)
class Sample:
    """
    Some records of each list, sketched as if all shared one token.

    Attributes:
        sizes: records of each list; one list, or two.
        sketches: per list, shape (sampled records, sketch bytes); `sampled_rows` says of which.
    """

    sizes: tuple[int, ...]
    sketches: tuple[Sketches, ...]


def sampled_rows(sizes: Sequence[int]) -> list[Positions]:
    """Return the positions of the records that a sample of lists of these sizes holds; always the same."""
    draw = np.random.default_rng(RANDOM_SEED)
    return [draw.permutation(size)[:SAMPLED_RECORDS] for size in sizes]


def sketch_sample(lists: Sequence[Sequence[Person]], sizes: Sequence[int], keys: Keys) -> Sample:
    """
    Sketch the sampled records of each list.

    Args:
        lists: the records at `sampled_rows(sizes)`, in that order.
        sizes: of the whole lists.
        keys: what the lists are encoded with.
    """
    key = os.urandom(SKETCH_KEY_BYTES)
    sketcher = Sketcher(keys.schema, SharedSecretPrf(keys.secret, keys.schema), keys.frequencies)
    columns = [columns_of(persons, keys.schema.field_names) for persons in lists]
    return Sample(tuple(sizes), tuple(sketcher.under_one_key(each, each.first_ways(), key) for each in columns))


def judge(
    compared: Compared,
    sample: Sample,
    schema: LinkageSchema,
    *,
    entries: int,
    encode_seconds: float,
    least_probability: float = 0.0,
) -> LinkedPairs:
    """
    Fit the score model where it passes its health checks, and score every pair of records by its best comparison.

    Args:
        compared: what an engine has found.
        sample: to measure chance agreement on.
        schema: of the sketches.
        entries: of all lists; handed through, as are the seconds.
        encode_seconds: spent on encoding.
        least_probability: pairs below it are counted and not returned.
    """
    shipped = ScoreModel.for_schema(schema).for_people(max(sample.sizes))
    codes = compared.patterns()
    levels = PatternCode.of(shipped).unpack(codes)
    fitted = _fitted(compared, levels, sample, schema, shipped)
    model = fitted or shipped
    scored = score_levels(levels, model)
    ranks = _ranks(scored.weight_bits)
    found = compared.best_pairs(ranks, scored.probability >= least_probability)
    each = found.pattern
    return LinkedPairs(
        left=found.left,
        right=found.right,
        scored=ScoredPairs(levels[each], scored.weight_bits[each], scored.probability[each], scored.grade[each]),
        model=model,
        is_fitted=fitted is not None,
        entries=entries,
        encode_seconds=encode_seconds,
        candidates=int(compared.best_counts(ranks).sum()) if least_probability else len(found.left),
        left_out=compared.left_out,
    )


def _ranks(weight_bits: NDArray[np.float64]) -> Positions:
    """Rank patterns by falling weight; of equal ones the lesser number stands first."""
    ranks = np.empty(len(weight_bits), dtype=np.int64)
    ranks[np.argsort(-weight_bits, kind="stable")] = np.arange(len(weight_bits))
    return ranks


def _fitted(
    compared: Compared, levels: NDArray[np.int8], sample: Sample, schema: LinkageSchema, shipped: ScoreModel
) -> ScoreModel | None:
    """Fit the shipped model to the lists; None where they are too small or the fit is not healthy."""
    sizes = sample.sizes
    if min(sizes) < LEAST_RECORDS_TO_FIT or not len(levels):
        return None
    random_levels = _random_levels(compared.are_candidates, sample, schema, shipped)
    measured = measure_u(shipped, random_levels)
    counts = compared.best_counts(_ranks(score_levels(levels, measured).weight_bits))
    is_best = counts > 0
    population = sizes[0] * (sizes[0] - 1) / 2 if len(sizes) == 1 else sizes[0] * sizes[1]
    most = float(min(sizes) * RECORDS_PER_PERSON)
    training = TrainingPairs(levels[is_best], random_levels, population, most, counts[is_best])
    fitted = fit(measured, training)
    return fitted if is_healthy(fitted, training) else None


def _random_levels(
    are_candidates: Callable[[Positions, Positions], NDArray[np.bool_]],
    sample: Sample,
    schema: LinkageSchema,
    model: ScoreModel,
) -> NDArray[np.int8]:
    """
    Compare records drawn at random, from one list or across two, as if they shared a token.

    Candidates are left out: the few true pairs among random ones would each stand for many, and pass for relatives.
    """
    draw = np.random.default_rng(RANDOM_SEED)
    rows = [draw.permutation(size)[:SAMPLED_RECORDS] for size in sample.sizes]
    left = draw.integers(len(rows[0]), size=RANDOM_PAIRS)
    right = draw.integers(len(rows[-1]), size=RANDOM_PAIRS)
    if len(rows) == 1:
        right = (left + 1 + draw.integers(len(rows[0]) - 1, size=RANDOM_PAIRS)) % len(rows[0])
    pairs = np.sort([rows[0][left], rows[0][right]], axis=0) if len(rows) == 1 else (rows[0][left], rows[1][right])
    is_other = ~are_candidates(pairs[0], pairs[1])
    one, other = sample.sketches[0][left[is_other]], sample.sketches[-1][right[is_other]]
    return agreement_levels(compare(one, other, schema), model)
