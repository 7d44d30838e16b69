"""
Readings of many persons as columns, so that each distinct reading is worked on once; partner's side only.

Rows are ways to read a person; columns are the schema's fields. The first way takes every field's first reading. Each
further way replaces one field by one of its other readings: enough for an alias, a second calendar or a second surname,
without multiplying them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.person import Person, Reading

FIRST_WAY = -1
MISSING = -1  # also the last row of a table that keeps one more row for what is missing

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ReadingColumns:
    """
    Ways to read persons.

    Attributes:
        owner: shape (ways,), rising: position of the person.
        changed: shape (ways,), position of the field that differs from the person's first way, or `FIRST_WAY`.
        distinct: per field, its readings, each once.
        rows: shape (ways, fields), position in the field's distinct readings, or `MISSING`.
    """

    owner: Integers
    changed: Integers
    distinct: tuple[tuple[Reading, ...], ...]
    rows: Integers

    def first_ways(self) -> Integers:
        """Return the position of each person's first way."""
        return np.flatnonzero(self.changed == FIRST_WAY)


def columns_of(persons: Sequence[Person], fields: Sequence[str]) -> ReadingColumns:
    """
    Lay out the ways to read persons: the first, then one for every other reading of every field, in order.

    Args:
        persons: may be empty.
        fields: the columns; other fields of a person are passed over.
    """
    column_of = {field: column for column, field in enumerate(fields)}
    known: list[dict[Reading, int]] = [{} for _ in fields]
    owner, changed, rows = list[int](), list[int](), list[list[int]]()
    for position, person in enumerate(persons):
        first, further = [MISSING] * len(fields), list[tuple[int, int]]()
        for field, readings in person.readings.items():
            column = column_of.get(field)
            if column is None or not readings:
                continue
            row_of = known[column]
            first[column] = row_of.setdefault(readings[0], len(row_of))
            further += [(column, row_of.setdefault(other, len(row_of))) for other in readings[1:]]
        owner += [position] * (1 + len(further))
        changed.append(FIRST_WAY)
        rows.append(first)
        for column, row in further:
            changed.append(column)
            rows.append([*first[:column], row, *first[column + 1 :]])
    return ReadingColumns(
        np.array(owner, dtype=np.int64),
        np.array(changed, dtype=np.int64),
        tuple(tuple(row_of) for row_of in known),
        np.array(rows, dtype=np.int64).reshape(len(rows), len(fields)),
    )


def distinct(keys: Integers) -> tuple[Integers, Integers]:
    """
    Return the distinct keys, rising, and for each key its position among them.

    Keys are marked, not sorted, which is far faster while they are small: they take nine bytes for each number up to
    the largest.

    Args:
        keys: 0 or more.
    """
    is_seen = np.zeros(keys.max(initial=-1) + 1, dtype=np.bool_)
    is_seen[keys] = True
    found = np.flatnonzero(is_seen)
    place_of = np.zeros(len(is_seen), dtype=np.int64)
    place_of[found] = np.arange(len(found))
    return found, place_of[keys]


def places_in_run(*keys: Integers) -> Integers:
    """Count, for each row, the rows before it in the run of rows that have the same keys."""
    places = np.arange(len(keys[0]))
    starts = np.zeros(len(places), dtype=np.int64)
    for key in keys:
        is_start = np.flatnonzero(np.diff(key)) + 1
        starts[is_start] = is_start
    return places - np.maximum.accumulate(starts)
