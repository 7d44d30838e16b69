"""
A4: known pairs. The adversary knows some people and which encodings are theirs, and holds a list of candidates.

Against filters: a ridge regression from bits to q-grams (in its dual form, because people are fewer than bits), learnt
on the known pairs. How well it foretells each q-gram it finds out by leaving each known person out in turn, and weighs
by that. Every other filter then goes to the candidate whose q-grams fit best.
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.encodings.kinds import Filters
from benchmarks.attacks.encodings.qgrams import incidence, rows_of, vocabulary
from benchmarks.attacks.graph_matching import OWN_SEEDS
from benchmarks.attacks.population import People, population
from benchmarks.attacks.trial import Outcome, Trial

RIDGE = 1.0  # times the mean self-similarity of a known filter
FEWEST_KNOWN = 2  # known people who must have a q-gram for it to count

Matrix = NDArray[np.float32]


def learn_filters(trial: Trial, seed: int) -> list[Outcome]:
    """Attack whole-record filters: the share of candidates who are found behind their filter."""
    known, candidates, everybody = told_and_sought(trial, seed)
    filters: Filters = trial.encoding.encode(everybody, seed)
    told, seen = filters.bits[: len(known)], filters.bits[len(known) :]
    order = np.random.default_rng([OWN_SEEDS, seed]).permutation(len(seen))
    guess = guess_candidates(told, known, seen[order], candidates)
    return [Outcome.counted(int((guess == order).sum()), len(seen))]


def told_and_sought(trial: Trial, seed: int) -> tuple[People, People, People]:
    """Return the known people, the candidates, and both one after the other, as they were encoded together."""
    everybody = population(trial.data, trial.known_pairs + trial.people, seed)
    rows = np.arange(len(everybody))
    return everybody.take(rows[: trial.known_pairs]), everybody.take(rows[trial.known_pairs :]), everybody


def guess_candidates(
    told: NDArray[np.uint8], known: People, seen: NDArray[np.uint8], candidates: People
) -> NDArray[np.int64]:
    """
    Name the candidate behind each filter.

    Args:
        told: filters of the known people, row by row.
        known: who they are.
        seen: other filters.
        candidates: who may be behind those.

    Returns:
        For each filter seen, the row of a candidate.
    """
    grams = vocabulary(rows_of(known))
    known_sets, candidate_sets = (incidence(rows_of(people), grams) for people in (known, candidates))
    usual = known_sets.mean(axis=0)
    answers = known_sets - usual
    centre = told.mean(axis=0, dtype=np.float32)
    filters = told - centre
    likeness = filters @ filters.T
    inverse = np.linalg.inv(likeness + RIDGE * np.trace(likeness) / len(told) * np.eye(len(told), dtype=np.float32))
    slope, noise = _reliability(likeness @ inverse, answers)
    foretold = (seen - centre) @ filters.T @ (inverse @ answers)
    is_used = (known_sets.sum(axis=0) >= FEWEST_KNOWN) & (slope > 0)
    expected = ((candidate_sets - usual) * slope)[:, is_used]
    weighed = expected / noise[is_used]
    fit = 2 * foretold[:, is_used] @ weighed.T - (expected * weighed).sum(axis=1)
    return np.asarray(fit.argmax(axis=1), dtype=np.int64)


def _reliability(hat: Matrix, answers: Matrix) -> tuple[Matrix, Matrix]:
    """Return by how much each q-gram is foretold when its person is left out, and the variance around that."""
    own = np.diag(hat)[:, None]
    left_out = (hat @ answers - own * answers) / (1 - own)
    tiny = np.finfo(np.float32).eps
    slope = (left_out * answers).sum(axis=0) / ((answers**2).sum(axis=0) + tiny)
    noise = ((left_out - slope * answers) ** 2).mean(axis=0) + tiny
    return slope, noise
