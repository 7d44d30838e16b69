"""
A5: pattern mining on field Bloom filters. The adversary knows how common each surname is, and nobody in the list.

Equal surnames have equal filters, so a filter's count is its surname's. Counts alone mix up names of like frequency;
how many bits a filter has tells its q-grams, and how many it shares with another tells theirs in common: together they
name the most common filters, and from those all others. Then the bits that every filter of a q-gram sets are that
q-gram's pattern (Christen, Vidanage, Ranbaduge, Schnell 2018 mine such patterns; frequencies as in Christen et al.
2017), and a filter that lacks a bit of a name's patterns is not that name.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.attacks.encodings.field_filter import FieldFilter
from benchmarks.attacks.encodings.qgrams import incidence, vocabulary
from benchmarks.attacks.graph_matching import OWN_SEEDS
from benchmarks.attacks.pattern_mining_seeds import Likelihood, first_readings
from benchmarks.attacks.population import population
from benchmarks.attacks.trial import Outcome, Trial

SURNAME = "family_name"
TIMES_MORE_COUNTED = 4  # people behind the frequencies, none of them encoded, for each who is
OWN_KEYS = 5
ROUNDS = 6
STANDS_OUT = 2.0  # nats by which a reading must beat the second best to be built on
FEWEST_FILTERS = 3  # that a q-gram's pattern is mined from
IN_PATTERN = 0.9  # share of those filters that set a bit of the pattern
MISSING_BIT = 2.0  # nats that a missing bit of a pattern costs a reading

Bits = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """
    What the attacker knows of a field.

    Attributes:
        texts: values, the most common first, none blank.
        share: of the people who have each.
        counted: people behind the shares.
    """

    texts: tuple[str, ...]
    share: Matrix
    counted: int

    @classmethod
    def of(cls, values: Sequence[str]) -> "Frequencies":
        """Count values; blank ones count as people alone."""
        counts = sorted(Counter(filter(None, values)).items(), key=lambda each: (-each[1], each[0]))
        share = np.array([count for _, count in counts]) / max(1, len(values))
        return cls(tuple(text for text, _ in counts), share, len(values))


def read_surnames(trial: Trial, seed: int) -> list[Outcome]:
    """Attack the surnames of field filters: the share of records whose surname is read rightly."""
    if not isinstance(trial.encoding, FieldFilter):
        raise TypeError("A5 reads field Bloom filters")
    everybody = population(trial.data, trial.people * (1 + TIMES_MORE_COUNTED), seed)
    surnames = [cells[SURNAME] for cells in everybody.cells]
    encoded, counted = surnames[: trial.people], surnames[trial.people :]
    bits = trial.encoding.encode(everybody.take(range(trial.people)), seed).bits[SURNAME]
    read = read_field(bits, Frequencies.of(counted), _own_filters(trial.encoding, seed))
    return [Outcome.counted(sum(map(str.__eq__, read, encoded)), trial.people, what="surname")]


def _own_filters(encoding: FieldFilter, seed: int) -> Callable[[Sequence[str]], list[Bits]]:
    """Return what encodes texts under several keys of the attacker's own."""
    keys = [OWN_SEEDS * (1 + seed) + number for number in range(OWN_KEYS)]
    return lambda texts: [encoding.encode_field(SURNAME, texts, key) for key in keys]


def read_field(bits: Bits, known: Frequencies, encode: Callable[[Sequence[str]], list[Bits]]) -> list[str]:
    """
    Read the values behind the filters of one field.

    Args:
        bits: shape (records, filter bits).
        known: how common each value is elsewhere.
        encode: encodes texts under several keys of the attacker's own.

    Returns:
        The value of each record; empty where none is found, or the filter has no bit.
    """
    filters, of_record, counts = np.unique(bits, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(-counts * filters.any(axis=1), kind="stable")[: int(filters.any(axis=1).sum())]
    model = Likelihood.of(filters[order], counts[order], known.share, known.counted, encode(known.texts))
    patterns = _Patterns(filters[order], known.texts)
    read = first_readings(model)
    penalty = np.zeros_like(model.alone)
    for _ in range(ROUNDS):
        rows = np.flatnonzero(read >= 0)
        score = model.beside(rows, read[rows]) - penalty
        read, chosen = _sure(score)
        penalty = MISSING_BIT * patterns.missing(np.flatnonzero(read >= 0), read[read >= 0])
    text_of = np.full(len(filters), "", dtype=object)
    text_of[order] = [known.texts[name] if name >= 0 else "" for name in chosen.tolist()]
    return [str(text) for text in text_of[of_record.ravel()]]


def _sure(score: Matrix) -> tuple[Rows, Rows]:
    """Return for each filter its name where it stands out, else -1; and its name in any case."""
    rows, names = linear_sum_assignment(score, maximize=True)
    chosen = np.full(len(score), -1, dtype=np.int64)
    chosen[rows] = names
    own = score[np.arange(len(score)), chosen]
    rival = score.copy()
    rival[rows, names] = -np.inf
    return np.where((chosen >= 0) & (own - rival.max(axis=1) > STANDS_OUT), chosen, -1), chosen


class _Patterns:
    """Mines the bits of each q-gram from filters that have been read."""

    def __init__(self, filters: Bits, texts: Sequence[str]) -> None:
        rows = [{SURNAME: text} for text in texts]
        self._filters = filters.astype(np.float32)
        self._sets = incidence(rows, vocabulary(rows))

    def missing(self, rows: Rows, names: Rows) -> Matrix:
        """Return how many bits of each name's patterns each filter lacks, shape (filters, names)."""
        sets = self._sets[names]
        seen = sets.sum(axis=0)
        share = sets.T @ self._filters[rows] / np.maximum(seen, 1)[:, None]
        pattern = ((share >= IN_PATTERN) & (seen >= FEWEST_FILTERS)[:, None]).astype(np.float32)
        return np.asarray((1 - self._filters) @ (self._sets @ pattern).T, dtype=np.float64)
