"""Pairs of an invented world by what they are: one person, strangers, relatives, neighbours, namesakes."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from benchmarks.data.worlds.world import World

GROUPS = ("match", "random", "household", "twin", "homonym", "local_homonym", "place")
RANDOM_PAIRS = 200_000
PLACE_PAIRS = 20_000
SEED = 1

Pairs = NDArray[np.int64]


def labelled_pairs(world: World) -> dict[str, Pairs]:
    """Return pairs of positions of each group; of strangers and neighbours a sample."""
    rows = world.records
    draw = np.random.default_rng(SEED)
    drawn = np.sort(draw.integers(len(rows), size=(RANDOM_PAIRS, 2)), axis=1)
    families = np.array([row.person.family for row in rows])
    strangers = drawn[families[drawn[:, 0]] != families[drawn[:, 1]]]
    homes = np.array([row.person.home.district for row in rows])
    near = strangers[homes[strangers[:, 0]] == homes[strangers[:, 1]]]
    return {**_kin_and_namesakes(world), "random": strangers, "place": near[:PLACE_PAIRS]}


def others_per_record(world: World) -> dict[str, float]:
    """Return how many others of each group but strangers a record meets in a world."""
    size = len(world.records)
    pairs: dict[str, float] = {name: len(found) for name, found in _kin_and_namesakes(world).items()}
    homes = Counter(record.person.home.district for record in world.records)
    pairs["place"] = sum(count * (count - 1) / 2 for count in homes.values())
    return {name: 2 * count / size for name, count in pairs.items()}


def _kin_and_namesakes(world: World) -> Mapping[str, Pairs]:
    """Return all pairs of one person, of siblings, of twins, and of namesakes who live apart or in one district."""
    rows = world.records
    siblings, namesakes = _table(world.sibling_pairs()), _namesakes(world)
    is_twin = np.array([rows[a].person.born == rows[b].person.born for a, b in siblings.tolist()], dtype=np.bool_)
    is_local = np.array(
        [rows[a].person.home.district == rows[b].person.home.district for a, b in namesakes.tolist()], dtype=np.bool_
    )
    return {
        "match": _table(world.true_pairs()),
        "household": siblings[~is_twin],
        "twin": siblings[is_twin],
        "homonym": namesakes[~is_local],
        "local_homonym": namesakes[is_local],
    }


def _namesakes(world: World) -> Pairs:
    """Return the pairs of records of strangers who have one given name and surname."""
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, record in enumerate(world.records):
        by_name[record.person.name.given, record.person.name.family].append(row)
    people = [record.person for record in world.records]
    pairs = [pair for rows in by_name.values() for pair in combinations(rows, 2)]
    return _table([(a, b) for a, b in pairs if people[a].family != people[b].family])


def _table(pairs: list[tuple[int, int]]) -> Pairs:
    """Return pairs as an array of shape (pairs, 2)."""
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
