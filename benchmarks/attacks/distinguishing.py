"""
A10, second half: telling entries from random bytes, and telling which entries are one person's.

A linear classifier is trained on one half and asked about the other; its rate is the area under the curve, ½ when it
knows nothing. Pairs are of one organisation, one day and one release, because what those tell is reported in bits.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.colour_refinement import filed
from benchmarks.attacks.encodings.hub_view import Filed
from benchmarks.attacks.encodings.kinds import Filters, TokenColumns
from benchmarks.attacks.hub_graph import equal_slots
from benchmarks.attacks.population import duplicates, population
from benchmarks.attacks.refinement import mix
from benchmarks.attacks.trial import NORMAL_95, Outcome, Trial
from matcher.compare.blocks import pairs_within
from matcher.schema import LinkageSchema

PAIRS = 40_000
ENTRIES = 15_000  # 240 MB of single bits, as features
STEPS = 60  # of gradient descent
STEP = 0.5
RIDGE = 1e-3
RANDOM, SAME = "random bytes", "same person"

Matrix = NDArray[np.float32]


def tell_entries(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Attack the entries of a stolen database; see `_tell_entries`."""
    return _tell_entries(trial, seed, with_key=False)


def tell_opened(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Attack the entries as the hub reads them with its key; see `_tell_entries`."""
    return _tell_entries(trial, seed, with_key=True)


def _tell_entries(trial: Trial, seed: int, *, with_key: bool) -> Sequence[Outcome]:
    """
    Attack the entries of a hub, as they lie in the file or as its key opens them.

    Returns:
        `random bytes`: area under the curve of telling token and sketch from random ones; one entry for each token,
            because that some repeat is told in bits. `same person`: of telling two entries of one record, of which
            nothing is claimed, from two of different ones. `same person, bytes alone`: the same without comparing
            entries that share a token.
    """
    hub, _ = filed(trial.data, trial.people, seed, seed)
    schema = duplicates(trial.data, trial.people, seed).schema
    draw = np.random.default_rng(seed)
    view = hub.seen(with_key=with_key)
    tokens, sketches = view.tokens(), view.sketches(schema)
    entries = np.concatenate([tokens, sketches if with_key else view.entry_bytes("box")], axis=1)
    left, right, is_same = _pairs(hub, draw)
    bytes_alone = _agreement(entries[left], entries[right])
    told = patterns(tokens, sketches, schema)
    alike = np.stack([(told[left] == told[right]) & (told[left] > 0), told[left] > 0, told[right] > 0], axis=1)
    return [
        _outcome(RANDOM, *_against_random(entries[np.unique(tokens, axis=0, return_index=True)[1]], draw)),
        _outcome(SAME, np.concatenate([bytes_alone, alike.astype(np.float32)], axis=1), is_same),
        _outcome(f"{SAME}, bytes alone", bytes_alone, is_same),
    ]


def tell_filters(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Tell filters from random bits: the control of `random bytes`."""
    seen: Filters = trial.encoding.encode(population(trial.data, trial.people, seed), seed)
    packed = np.packbits(seen.bits, axis=1)
    return [_outcome(RANDOM, *_against_random(packed, np.random.default_rng(seed)))]


def tell_rows(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Tell which cells are one person's where rows stand in the open: the control of `same person`."""
    seen: TokenColumns = trial.encoding.encode(population(trial.data, trial.people, seed), seed)
    draw = np.random.default_rng(seed)
    rows, _ = np.nonzero(seen.tokens)
    left = draw.integers(len(rows), size=PAIRS)
    right = np.where(draw.random(PAIRS) < 1 / 2, _partner(rows, left, draw), draw.integers(len(rows), size=PAIRS))
    is_same = rows[left] == rows[right]
    return [_outcome(SAME, is_same.astype(np.float32)[:, None], is_same)]


def patterns(tokens: NDArray[np.uint8], sketches: NDArray[np.uint8], schema: LinkageSchema) -> NDArray[np.uint64]:
    """Return for each entry what its sketch says beside those of its token, as one number; 0 for a lone entry."""
    pairs = pairs_within(tokens)
    equal = np.packbits(equal_slots(sketches[pairs.left], sketches[pairs.right], schema), axis=1)
    whole = np.zeros((len(equal), -(-equal.shape[1] // 8) * 8), dtype=np.uint8)
    whole[:, : equal.shape[1]] = equal
    label = np.zeros(len(equal), dtype=np.uint64)
    for words in np.ascontiguousarray(whole).view("<u8").T:
        label = mix(label ^ words)
    told = np.zeros(len(tokens), dtype=np.uint64)
    with np.errstate(over="ignore"):
        np.add.at(told, pairs.left, label)
        np.add.at(told, pairs.right, label)
    return told


def area_under_curve(scores: NDArray[np.float64], is_positive: NDArray[np.bool_]) -> float:
    """Return the chance that a positive scores above a negative; equal scores count half."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    positives = int(is_positive.sum())
    negatives = len(scores) - positives
    return float((rank[is_positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _pairs(hub: Filed, draw: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Draw pairs of entries of one organisation, day and release, half of them of one record, none of a claimed one."""
    owners = hub.owners()
    free = np.flatnonzero(~np.isin(owners, list(hub.claimed)))
    table = hub.opened["entry"]
    cells = zip(*(table.column(name) for name in ("statement_id", "arrived_on", "is_automatic")), strict=True)
    _, group = np.unique([str(each) for each in cells], return_inverse=True)
    left = draw.choice(free, size=PAIRS)
    other = _partner(group[free], np.searchsorted(free, left), draw)
    own = _partner(owners[free], np.searchsorted(free, left), draw)
    right = np.where(draw.random(PAIRS) < 1 / 2, free[own], free[other])
    kept = left != right
    return left[kept], right[kept], owners[left[kept]] == owners[right[kept]]


def _partner(groups: NDArray[np.int64], rows: NDArray[np.int64], draw: np.random.Generator) -> NDArray[np.int64]:
    """Draw for each row one of the same group."""
    order = np.argsort(groups, kind="stable")
    first = np.searchsorted(groups[order], groups[rows], side="left")
    last = np.searchsorted(groups[order], groups[rows], side="right")
    return order[first + (draw.random(len(rows)) * (last - first)).astype(np.int64)]


def _agreement(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> Matrix:
    """Return for each byte the number of bits that agree."""
    agreeing: Matrix = 8 - np.bitwise_count(left ^ right).astype(np.float32)
    return agreeing


def _against_random(entries: NDArray[np.uint8], draw: np.random.Generator) -> tuple[Matrix, NDArray[np.bool_]]:
    """Return the bits of entries and of as many random ones, with their popcounts, and which is which."""
    entries = entries[draw.permutation(len(entries))[:ENTRIES]]
    noise = np.frombuffer(draw.bytes(entries.size), dtype=np.uint8).reshape(entries.shape)
    bits = np.unpackbits(np.concatenate([entries, noise]), axis=1).astype(np.float32)
    is_entry = np.arange(len(bits)) < len(entries)
    order = draw.permutation(len(bits))
    return np.concatenate([bits, bits.sum(axis=1, keepdims=True)], axis=1)[order], is_entry[order]


def _outcome(what: str, features: Matrix, is_positive: NDArray[np.bool_]) -> Outcome:
    """Train on the first half, and return the area under the curve on the second, with its interval."""
    half = len(features) // 2
    weights, middle, spread = _fit(features[:half], is_positive[:half])
    tested = is_positive[half:]
    rate = area_under_curve(((features[half:] - middle) / spread).astype(np.float64) @ weights, tested)
    few = min(int(tested.sum()), int((~tested).sum()))
    margin = NORMAL_95 * sqrt(rate * (1 - rate) * 2 / (3 * few))
    return Outcome(what, rate, len(tested), max(0.0, rate - margin), min(1.0, rate + margin))


def _fit(features: Matrix, is_positive: NDArray[np.bool_]) -> tuple[NDArray[np.float64], Matrix, Matrix]:
    """Fit a logistic regression by gradient descent; returns weights, and how features are scaled."""
    middle, spread = features.mean(axis=0), features.std(axis=0) + np.float32(1e-6)
    scaled = (features - middle) / spread
    weights = np.zeros(scaled.shape[1], dtype=np.float32)
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(scaled @ weights))) - is_positive
        weights -= STEP * (scaled.T @ error.astype(np.float32) / len(scaled) + RIDGE * weights)
    return weights.astype(np.float64), middle, spread
