"""
Fit the shipped score model with labels, on the development worlds alone: `python -m benchmarks fit`.

Every distribution is a share among labelled pairs, compared through real sketches, noise included: m among pairs of one
person, u among strangers, `shared` among the groups that share the field (siblings for what a family shares, people
of one district for what only a place shares, namesakes for what only they share). Nothing is searched for and no test
seed is read, so the figures cannot be tuned to a result.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.data.worlds.noise import Level
from benchmarks.data.worlds.world import DEVELOPMENT_SEEDS, World
from benchmarks.quality.datasets import DataSet, world_set
from matcher.compare.sketches import compare
from matcher.document import parse_document, read_data
from matcher.encode.columns import columns_of, places_in_run
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.encode.sketch import Sketcher
from matcher.schema import LinkageSchema
from matcher.score.levels import MISSING, agreement_levels
from matcher.score.model import ScoreModel

GROUPS = ("match", "random", "household", "twin", "homonym", "place")
RANDOM_PAIRS = 200_000
PLACE_PAIRS = 20_000
WAYS = 6  # of reading a person; a pair takes the best of their combinations, as its best shared entry would
PSEUDO_PAIRS = 2.0  # drawn from the model that is replaced, so that no level is impossible
LEAST_PROBABILITY = 1e-5  # of a level among strangers
LEAST_AMONG_KIN = 0.002  # of a level among records of one person or family: no invented world is trusted further
LEAST_PRESENT = 0.02  # of pairs of one person that have a field, for it to be fitted
DIGITS = 6
SEED = 1

Pairs = NDArray[np.int64]


@dataclass
class Counts:
    """How often each level of each field occurs in each group of pairs, and how many pairs a record has in it."""

    levels: dict[str, dict[str, NDArray[np.float64]]] = field(default_factory=lambda: defaultdict(dict))
    pairs: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    records: float = 0.0
    possible: float = 0.0

    def add(self, group: str, name: str, counts: NDArray[np.float64]) -> None:
        """Add the counts of one world."""
        before = self.levels[group].get(name)
        self.levels[group][name] = counts if before is None else before + counts


def fit_document(
    seeds: Iterable[int], records: int, levels: Sequence[Level] = ("L", "H"), people: int = 20_000
) -> dict[str, Any]:
    """
    Return the `nepal` score model fitted to worlds, in the format of the shipped one.

    Args:
        seeds: development seeds only.
        records: rows of each world.
        levels: of noise; every seed makes one world a level.
        people: people on file among whom homonyms and neighbours are counted.

    Raises:
        ValueError: a seed is not one of the development seeds.
    """
    seeds = list(seeds)
    if not set(seeds) <= set(DEVELOPMENT_SEEDS):
        raise ValueError("only development seeds may be fitted to: 1 to 9")
    schema = LinkageSchema.shipped("nepal")
    model = ScoreModel.for_schema(schema)
    counts = Counts()
    for seed in seeds:
        for level in levels:
            _count(world_set(level, records, seed), model, counts)
    shipped = parse_document(read_data("scores/nepal-1.json"))
    basis = (
        f"Labelled pairs of generated worlds (benchmarks/data/worlds), seeds {min(seeds)} to {max(seeds)}, levels"
        f" {' and '.join(levels)}, {records} records each: m among pairs of one person, u among strangers, shared among"
        " siblings, neighbours or namesakes, all compared through sketches. Invented people, not measured on casework."
    )
    return {
        **shipped,
        "basis": basis,
        "people": people,
        "others_per_record": _others(counts, people),
        "fields": {each.name: _table(each.name, model, counts) for each in model.fields if _is_seen(each.name, counts)},
    }


def _count(data: DataSet, model: ScoreModel, counts: Counts) -> None:
    """Add one world's pairs."""
    world = data.world
    if world is None:
        raise ValueError("only invented worlds can be fitted to")
    sketched = _Sketched(data, model)
    groups = _groups(world)
    size = len(world.records)
    counts.records += size
    counts.possible += size * (size - 1) / 2
    for group, pairs in groups.items():
        levels = sketched.levels(pairs)
        for column, each in enumerate(model.fields):
            told = levels[:, column]
            found = np.bincount(told[told != MISSING], minlength=len(each.levels)).astype(np.float64)
            counts.add(group, each.name, found)
    for group, number in _numbers(world, groups).items():
        counts.pairs[group] += number


def _groups(world: World) -> dict[str, Pairs]:
    """Return the labelled pairs of each group."""
    rows = world.records
    draw = np.random.default_rng(SEED)
    siblings = np.array(world.sibling_pairs(), dtype=np.int64).reshape(-1, 2)
    same_birth = np.array([rows[a].person.born == rows[b].person.born for a, b in siblings.tolist()], dtype=np.bool_)
    drawn = np.sort(draw.integers(len(rows), size=(RANDOM_PAIRS, 2)), axis=1)
    families = np.array([row.person.family for row in rows])
    strangers = drawn[families[drawn[:, 0]] != families[drawn[:, 1]]]
    districts = np.array([row.person.home.district for row in rows])
    near = strangers[districts[strangers[:, 0]] == districts[strangers[:, 1]]]
    return {
        "match": np.array(world.true_pairs(), dtype=np.int64).reshape(-1, 2),
        "random": strangers,
        "household": siblings[~same_birth],
        "twin": siblings[same_birth],
        "homonym": _namesakes(world),
        "place": near[:PLACE_PAIRS],
    }


def _namesakes(world: World) -> Pairs:
    """Return the pairs of records of strangers who have one given name and surname."""
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, record in enumerate(world.records):
        by_name[record.person.name.given, record.person.name.family].append(row)
    people = [record.person for record in world.records]
    pairs = [pair for rows in by_name.values() for pair in combinations(rows, 2)]
    strangers = [(a, b) for a, b in pairs if people[a].family != people[b].family]
    return np.array(strangers, dtype=np.int64).reshape(-1, 2)


def _numbers(world: World, groups: Mapping[str, Pairs]) -> dict[str, float]:
    """Return how many pairs of each group the whole world has."""
    districts: dict[str, int] = defaultdict(int)
    for record in world.records:
        districts[record.person.home.district] += 1
    neighbours = sum(count * (count - 1) / 2 for count in districts.values())
    return {name: float(len(groups[name])) for name in ("match", "household", "twin", "homonym")} | {
        "place": neighbours
    }


class _Sketched:
    """Compares records of one world through sketches under one key, as if they shared a token."""

    def __init__(self, data: DataSet, model: ScoreModel) -> None:
        """Sketch every way to read every person."""
        self._schema, self._model = data.schema, model
        sketcher = Sketcher(data.schema, SharedSecretPrf(LinkageSecret.generate(), data.schema), data.frequencies)
        columns = columns_of(data.left, data.schema.field_names)
        ways = np.flatnonzero(places_in_run(columns.owner) < WAYS)
        self._first = np.searchsorted(columns.owner[ways], np.arange(len(data.left) + 1))
        self._sketches = sketcher.under_one_key(columns, ways, os.urandom(16))

    def levels(self, pairs: Pairs) -> NDArray[np.int8]:
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

    def _of(self, pairs: Pairs, left: int, right: int) -> NDArray[np.int8]:
        mine = self._sketches[self._first[pairs[:, 0]] + left]
        others = self._sketches[self._first[pairs[:, 1]] + right]
        return agreement_levels(compare(mine, others, self._schema), self._model)


def _closer(one: NDArray[np.int8], other: NDArray[np.int8]) -> NDArray[np.int8]:
    """Take the pair of ways that agrees better on the whole: fewer steps down over all fields."""
    is_better = np.maximum(other, 0).sum(axis=1) < np.maximum(one, 0).sum(axis=1)
    return np.where(is_better[:, None], other, one)


def _others(counts: Counts, people: int) -> dict[str, float]:
    """Return how many others of each group a record meets among so many people."""
    told = {}
    for name in ("match", "household", "twin"):
        told[name] = round(max(1e-3, 2 * counts.pairs[name] / counts.records), 4)
    for name in ("homonym", "place"):
        told[name] = round(max(1e-3, counts.pairs[name] / counts.possible * people), 2)
    return told


def _is_seen(name: str, counts: Counts) -> bool:
    """Tell whether the worlds have the field: a gap passes for presence once in 256."""
    return float(counts.levels["match"][name].sum()) > LEAST_PRESENT * counts.pairs["match"]


def _table(name: str, model: ScoreModel, counts: Counts) -> dict[str, list[float]]:
    """Return the table of one field."""
    each = next(one for one in model.fields if one.name == name)
    told = counts.levels
    group = next((group for group in ("household", "homonym", "twin", "place") if group in each.shared), "random")
    shared = next(iter(each.shared.values()), each.u)
    return {
        "levels": [float(level) for level in each.levels],
        "m": _shares(told["match"][name], each.m, LEAST_AMONG_KIN),
        "u": _shares(told["random"][name], each.u, LEAST_PROBABILITY),
        "shared": _shares(told[group][name], shared, LEAST_PROBABILITY if group == "random" else LEAST_AMONG_KIN),
    }


def _shares(counts: NDArray[np.float64], before: NDArray[np.float64], least: float) -> list[float]:
    """Return shares, with a little of what stood there before, rounded so that they add up to 1."""
    mean = np.maximum((counts + PSEUDO_PAIRS * before) / (counts.sum() + PSEUDO_PAIRS), least)
    shares = np.round(mean / mean.sum(), DIGITS)
    shares[int(shares.argmax())] += 1 - shares.sum()
    return [round(float(share), DIGITS) for share in shares]
