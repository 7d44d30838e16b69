"""
Padded q-grams of a record's cells, with the field they are of: what every filter of the CLK family hashes.

It may run anywhere plaintext is: at a partner who encodes so, and at an attacker who holds a population list.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.population import People

QGRAM_LENGTH = 2
# The year stands in the birth date already; nobody in the data has the other two.
NOT_HASHED = frozenset({"birth_year", "passport_no", "national_id"})

Row = Mapping[str, str]


def rows_of(people: People) -> list[Row]:
    """Return the cells that go into filters, record by record."""
    return [{field: text for field, text in cells.items() if field not in NOT_HASHED} for cells in people.cells]


def qgrams_of(row: Row) -> list[tuple[str, str]]:
    """Return field and q-gram for each distinct q-gram of each field, sorted; blank cells have none."""
    found: set[tuple[str, str]] = set()
    for field, text in row.items():
        padded = f" {text} "
        found.update((field, padded[at : at + QGRAM_LENGTH]) for at in range(len(padded) - 1) if text)
    return sorted(found)


def vocabulary(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return every q-gram that some row has, sorted."""
    return sorted({gram for row in rows for gram in qgrams_of(row)})


def incidence(rows: Sequence[Row], grams: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    """
    Tell which row has which q-gram.

    Args:
        rows: cells by field.
        grams: the columns; q-grams that are not among them are left out.

    Returns:
        Shape (rows, grams), 1 where the row has it, else 0.
    """
    place = {gram: column for column, gram in enumerate(grams)}
    found = np.zeros((len(rows), len(grams)), dtype=np.float32)
    for number, row in enumerate(rows):
        found[number, [place[gram] for gram in qgrams_of(row) if gram in place]] = 1
    return found
