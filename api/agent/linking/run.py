"""
Two lists of persons to scored pairs, in one process under a throw-away secret; partner's side and evaluations.

Encoding, comparison and scoring are the code that agent and hub run; only the look-up of tokens is in memory, and the
score model is fitted to the lists where it passes its health checks.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.agent.linking.encoding import Keys, encode_list
from matcher.compare.blocks import pairs_between, pairs_within
from matcher.compare.sketches import compare
from matcher.encode.columns import columns_of
from matcher.encode.encoder import EncodedEntries
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.encode.sketch import Sketcher
from matcher.pairs import CandidatePairs, ScoredPairs
from matcher.person import Person
from matcher.schema import LinkageSchema
from matcher.score.em import TrainingPairs, fit, is_healthy, measure_u
from matcher.score.levels import agreement_levels
from matcher.score.model import ScoreModel
from matcher.score.posterior import score_levels

PAIRS_AT_ONCE = 200_000
RANDOM_PAIRS = 100_000  # an agreement as rare as 1 in 100,000 can just be seen
SAMPLED_RECORDS = 5_000
RANDOM_SEED = 1  # the sample, not the secret: a run can be repeated
SKETCH_KEY_BYTES = 16
POSITION_BITS = 31
RECORDS_PER_PERSON = 10  # bounds the fit, not the answer: matches of one record that a fit may expect
LEAST_RECORDS_TO_FIT = 100  # smaller lists teach less than the shipped model knows

Owners = tuple[NDArray[np.int64], NDArray[np.int64]]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class LinkedPairs:
    """
    Pairs of records that share an entry, each with the best of its shared entries.

    Attributes:
        left: shape (pairs,), int64, positions in the left list.
        right: positions in the right list, or in the left one when it was linked with itself (left < right).
        scored: one row per pair.
        model: the score model that was used, for its fields and weights.
        is_fitted: whether it was fitted to these lists; else it is the shipped one.
        entries: entries of both lists.
        encode_seconds: time spent on encoding alone.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    scored: ScoredPairs
    model: ScoreModel
    is_fitted: bool
    entries: int
    encode_seconds: float

    @property
    def probability(self) -> NDArray[np.float64]:
        """Posterior of each pair, in [0, 1]."""
        return self.scored.probability

    @property
    def grade(self) -> NDArray[np.int8]:
        """Grade of each pair, values of `Grade`."""
        return self.scored.grade


def link_persons(
    left: Sequence[Person],
    right: Sequence[Person] | None,
    schema: LinkageSchema,
    frequencies: FrequencyModel,
    progress: Progress = lambda _stage, _done, _total: None,
) -> LinkedPairs:
    """
    Link two lists, or find the duplicates within one.

    Pairs are judged one by one: no record is limited to one partner.

    Args:
        left: persons of one list.
        right: persons of the other, or None to look within `left`.
        schema: how both were normalised.
        frequencies: the gate's frequency model.
        progress: told the stage, what is done and how much there is.

    Returns:
        Every pair of records that shares an entry, whatever its grade.
    """
    lists = [left] if right is None else [left, right]
    keys = Keys(schema, LinkageSecret.generate(), frequencies)
    started = time.perf_counter()
    encoded = [encode_list(persons, keys, _counting(progress, "encode", len(persons))) for persons in lists]
    encode_seconds = time.perf_counter() - started
    pairs = pairs_within(encoded[0].tokens) if right is None else pairs_between(encoded[0].tokens, encoded[1].tokens)
    owners = encoded[0].owner[pairs.left], encoded[-1].owner[pairs.right]
    shipped = ScoreModel.for_schema(schema).for_people(max(len(persons) for persons in lists))
    levels = _candidate_levels(encoded, pairs, schema, shipped, progress)
    model = _fitted_model(
        lists, owners, levels, Sketcher(schema, SharedSecretPrf(keys.secret, schema), frequencies), schema, shipped
    )
    scored = score_levels(levels, model or shipped)
    best = _best_rows(owners, scored.weight_bits)
    return LinkedPairs(
        left=owners[0][best],
        right=owners[1][best],
        scored=ScoredPairs(scored.levels[best], scored.weight_bits[best], scored.probability[best], scored.grade[best]),
        model=model or shipped,
        is_fitted=model is not None,
        entries=sum(len(entries.owner) for entries in encoded),
        encode_seconds=encode_seconds,
    )


def _counting(progress: Progress, stage: str, total: int) -> Callable[[int], None]:
    """Tell of one stage alone."""
    return lambda done: progress(stage, done, total)


def _candidate_levels(
    encoded: Sequence[EncodedEntries],
    pairs: CandidatePairs,
    schema: LinkageSchema,
    model: ScoreModel,
    progress: Progress,
) -> NDArray[np.int8]:
    """Compare the sketches of all candidate pairs of entries, so many at once that memory stays small."""
    found = [np.zeros((0, len(model.fields)), dtype=np.int8)]
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        chunk = slice(start, start + PAIRS_AT_ONCE)
        left = encoded[0].sketches[pairs.left[chunk]]
        right = encoded[-1].sketches[pairs.right[chunk]]
        found.append(agreement_levels(compare(left, right, schema), model))
        progress("compare", min(start + PAIRS_AT_ONCE, len(pairs)), len(pairs))
    return np.concatenate(found)


def _fitted_model(
    lists: Sequence[Sequence[Person]],
    owners: Owners,
    levels: NDArray[np.int8],
    sketcher: Sketcher,
    schema: LinkageSchema,
    shipped: ScoreModel,
) -> ScoreModel | None:
    """Fit the shipped model to the lists; None where they are too small or the fit is not healthy."""
    smaller = min(len(persons) for persons in lists)
    if smaller < LEAST_RECORDS_TO_FIT or not len(levels):
        return None
    random_levels = _random_levels(lists, owners, sketcher, schema, shipped)
    measured = measure_u(shipped, random_levels)
    best = _best_rows(owners, score_levels(levels, measured).weight_bits)
    population = len(lists[0]) * (len(lists[0]) - 1) / 2 if len(lists) == 1 else len(lists[0]) * len(lists[1])
    training = TrainingPairs(levels[best], random_levels, population, float(smaller * RECORDS_PER_PERSON))
    fitted = fit(measured, training)
    return fitted if is_healthy(fitted, training) else None


def _random_levels(
    lists: Sequence[Sequence[Person]], owners: Owners, sketcher: Sketcher, schema: LinkageSchema, model: ScoreModel
) -> NDArray[np.int8]:
    """
    Compare records drawn at random, from one list or across two, as if they shared a token.

    Candidates are left out: the few true pairs among random ones would each stand for many, and pass for relatives.
    """
    draw = np.random.default_rng(RANDOM_SEED)
    sampled = [draw.permutation(len(persons))[:SAMPLED_RECORDS] for persons in lists]
    key = os.urandom(SKETCH_KEY_BYTES)
    columns = [
        columns_of([persons[row] for row in rows], schema.field_names)
        for persons, rows in zip(lists, sampled, strict=True)
    ]
    sketches = [sketcher.under_one_key(each, each.first_ways(), key) for each in columns]
    left = draw.integers(len(sketches[0]), size=RANDOM_PAIRS)
    right = draw.integers(len(sketches[-1]), size=RANDOM_PAIRS)
    if len(lists) == 1:
        right = (left + 1 + draw.integers(len(sketches[0]) - 1, size=RANDOM_PAIRS)) % len(sketches[0])
    pairs = (
        np.sort([sampled[0][left], sampled[0][right]], axis=0)
        if len(lists) == 1
        else (sampled[0][left], sampled[1][right])
    )
    is_other = ~np.isin(_pair_keys(pairs[0], pairs[1]), _pair_keys(*owners))
    return agreement_levels(compare(sketches[0][left[is_other]], sketches[-1][right[is_other]], schema), model)


def _pair_keys(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Write each pair of positions as one number."""
    return (left << POSITION_BITS) | right


def _best_rows(owners: Owners, weight_bits: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return, for each pair of records, the position of its best pair of entries."""
    order = np.lexsort((-weight_bits, owners[1], owners[0]))
    left, right = owners[0][order], owners[1][order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    return order[is_first]
