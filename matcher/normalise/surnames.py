"""
Surnames that one family uses side by side, as evidence weaker than agreement; partner's side only.

A tenth of sons in public lists carry another surname than their father: a caste's title, a clan's name, a name that
sounds less humble. `data/surname_aliases.csv` counts such pairs among public election candidates and their fathers;
pairs seen fewer than three times are not in it. They make no readings: measured, they cost as much precision as they
gained recall (docs/decisions/0004).
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from io import StringIO
from typing import NamedTuple

from matcher.document import read_data
from matcher.phonetics.keys import blocking_key


class SurnameAlias(NamedTuple):
    """
    Another surname of the same families.

    Attributes:
        key: its blocking key.
        share: of the families that change between listed surnames, those that change to this one; (0, 1].
    """

    key: str
    share: float


@cache
def _graph() -> Mapping[str, tuple[SurnameAlias, ...]]:
    """Read the pairs, both ways round, the commonest first."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in csv.DictReader(StringIO(read_data("surname_aliases.csv"))):
        one, other = blocking_key(row["surname_a"]), blocking_key(row["surname_b"])
        for left, right in ((one, other), (other, one)):
            if left != right:
                counts[left][right] = counts[left].get(right, 0) + int(row["count"])
    return {
        key: tuple(
            SurnameAlias(other, count / sum(others.values()))
            for other, count in sorted(others.items(), key=lambda item: (-item[1], item[0]))
        )
        for key, others in counts.items()
    }


def surname_aliases(key: str) -> tuple[SurnameAlias, ...]:
    """
    Return the other surnames that families of a surname use, the commonest first; empty when none is known.

    They say "possibly the same family", never "the same surname": give them a fraction of its weight.

    Args:
        key: blocking key of a surname, of the nepali family.
    """
    return _graph().get(key, ())
