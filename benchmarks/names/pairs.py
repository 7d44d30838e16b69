"""
The name pairs a key is judged on, each parted into a development and a test half by a digest of the pair.

Rules are chosen on the development half alone; the test half is printed and never looked into.
"""

import csv
import hashlib
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parents[1] / "data"


class Half(StrEnum):
    """Which half of the pairs."""

    DEVELOPMENT = "development"
    TEST = "test"


class Pair(NamedTuple):
    """Two spellings."""

    one: str
    other: str


def half_of(pair: Pair) -> Half:
    """Return the half a pair belongs to, whichever way round it stands."""
    digest = hashlib.sha256("|".join(sorted(pair)).encode()).digest()
    return Half.TEST if digest[0] % 2 else Half.DEVELOPMENT


def read_pairs(name: str, half: Half) -> list[Pair]:
    """
    Read the pairs of one half.

    Args:
        name: file in `benchmarks/data` without its ending; its first two columns are the pair.
        half: which half.
    """
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        rows = csv.reader(table)
        next(rows)
        pairs = [Pair(row[0], row[1]) for row in rows]
    return [pair for pair in pairs if half_of(pair) is half]
