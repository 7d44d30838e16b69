"""
Read the phonetic tables of the data folder; partner's side only.

The tables are for linguists: one row is one rule, with an example and the spelling that must come out the same. The
tests walk the rows, so that no rule stands without its proof.
"""

import csv
from collections.abc import Mapping
from functools import cache
from io import StringIO

from matcher.document import read_data


@cache
def rows_of(name: str) -> tuple[Mapping[str, str], ...]:
    """
    Return the rows of one table, in order, by column.

    Args:
        name: file name in `data/phonetics`, without its ending.
    """
    return tuple(csv.DictReader(StringIO(read_data(f"phonetics/{name}.csv"))))


def letters_of(name: str, family: str, columns: tuple[str, ...]) -> tuple[Mapping[str, str], ...]:
    """
    Return a letter table as one family reads it: its own rows in place of the common ones.

    Args:
        name: roman or devanagari.
        family: language family; it has an overlay of its own or none.
        columns: what makes two rows the same rule.
    """
    rows = {tuple(row[column] for column in columns): row for row in rows_of(name)}
    if family in _OVERLAID:
        rows |= {tuple(row[column] for column in columns): row for row in rows_of(f"{name}_{family}")}
    return tuple(rows.values())


_OVERLAID = frozenset({"bengali"})
