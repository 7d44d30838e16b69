"""The table of the suite: which attack is run on which encoding of which people, by profile."""

from collections.abc import Mapping
from typing import Literal

from benchmarks.attacks.trial import Trial

Split = Literal["development", "test"]
# One seed in ci, to be quick; three splits in full. Nothing is chosen on test seeds.
SEEDS: Mapping[tuple[str, Split], tuple[int, ...]] = {
    ("ci", "development"): (1,),
    ("ci", "test"): (101,),
    ("full", "development"): (1, 2, 3),
    ("full", "test"): (101, 102, 103),
}


def trials(profile: str) -> list[Trial]:
    """
    Return the cells of a profile, in the order of the report.

    Args:
        profile: `ci` for few people, `full` for many.
    """
    return [*_TABLES[profile]]


_TABLES: Mapping[str, tuple[Trial, ...]] = {"ci": (), "full": ()}
