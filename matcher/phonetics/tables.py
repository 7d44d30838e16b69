"""
Read the phonetic tables of the data folder; partner's side only.

The tables are for linguists: one row is one rule, with an example and the spelling that must come out the same. The
tests walk the rows, so that no rule stands without its proof.
"""

import csv
from collections.abc import Mapping
from functools import cache
from io import StringIO

from matcher.schema import read_data


@cache
def rows_of(name: str) -> tuple[Mapping[str, str], ...]:
    """
    Return the rows of one table, in order, by column.

    Args:
        name: file name in `data/phonetics`, without its ending.
    """
    return tuple(csv.DictReader(StringIO(read_data(f"phonetics/{name}.csv"))))
