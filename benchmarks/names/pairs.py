"""
The name pairs a key is judged on: two sets, each parted into a development and a test half by a digest of the pair.

Rules are chosen on the development halves alone; a test half is printed and never looked into. The second set was
made when the rules of the first were done, and without running a key on it.
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


class PairSet(StrEnum):
    """Which set of pairs."""

    FIRST = "first"
    SECOND = "second"


class Pair(NamedTuple):
    """Two spellings."""

    one: str
    other: str


TABLES = {
    PairSet.FIRST: ("name_variant_pairs", "name_hard_negatives", "names_two_scripts"),
    PairSet.SECOND: ("second_variant_pairs", "second_hard_negatives", "second_two_scripts"),
}  # of each set: spellings of one name, unlike names that look alike, one name in two scripts


def half_of(pair: Pair) -> Half:
    """Return the half a pair belongs to, whichever way round it stands."""
    digest = hashlib.sha256("|".join(sorted(pair)).encode()).digest()
    return Half.TEST if digest[0] % 2 else Half.DEVELOPMENT


def read_pairs(name: str, half: Half) -> list[Pair]:
    """
    Read the pairs of one half.

    Args:
        name: file in `benchmarks/data` without its ending; its first two columns are the pair, and the columns
            `latin_a` and `latin_b`, where it has them, the same pair in Latin letters.
        half: which half; a pair's Latin form goes with it.
    """
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        rows = csv.reader(table)
        has_latin = "latin_a" in next(rows)
        chosen = [row for row in rows if half_of(Pair(row[0], row[1])) is half]
    pairs = [Pair(row[0], row[1]) for row in chosen]
    return [*pairs, *(Pair(row[2], row[3]) for row in chosen if has_latin and row[2])]
