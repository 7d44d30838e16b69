"""Exact match keys: pairs that agree letter by letter on any of a few sets of cells, the commonest practice."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from api.agent.evaluate.found import FoundPairs
from benchmarks.quality.datasets import DataSet
from benchmarks.quality.peers.cells import BIRTH_YEAR, cells_of, rule_columns

KEYS: Mapping[str, Sequence[Sequence[str]]] = {
    "nepal": (
        ("given_name", "family_name", "birth_date"),
        ("given_name", "family_name", "father_name", "district"),
        ("given_name", "father_name", BIRTH_YEAR, "district"),
        ("given_name", "citizenship_no"),
        ("given_name", "phone"),
    ),
}


def link_exactly(data: DataSet) -> FoundPairs:
    """Return the pairs that share any key; the score counts how many."""
    left = [cells_of(person, data.schema) for person in data.left]
    right = left if data.right is None else [cells_of(person, data.schema) for person in data.right]
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for columns in KEYS.get(data.schema.name) or _keys(data):
        rows = _by_key(right, columns)
        for a, cells in enumerate(left):
            for b in rows.get(_key(cells, columns), ()):
                if data.right is not None or a < b:
                    shared[a, b] += 1
    table = np.array(list(shared), dtype=np.int64).reshape(-1, 2)
    score = np.array(list(shared.values()), dtype=np.float64)
    return FoundPairs(table[:, 0], table[:, 1], score, np.ones(len(score), dtype=np.bool_))


def _keys(data: DataSet) -> list[list[str]]:
    """Return the usual keys of any table: three of two names, a place and a date."""
    told = rule_columns(data.schema)
    columns = [*told["names"][:2], *told["places"][:1], *told["dates"][:1]]
    return [list(key) for key in combinations(columns, min(3, len(columns)))] if columns else []


def _by_key(records: Sequence[Mapping[str, str]], columns: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    """Group records by key; those that lack a cell have none."""
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, cells in enumerate(records):
        if key := _key(cells, columns):
            rows[key].append(row)
    return rows


def _key(cells: Mapping[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    """Return the cells of a key; empty when one of them is."""
    key = tuple(cells[column] for column in columns)
    return key if all(key) else ()
