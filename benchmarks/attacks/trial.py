"""One cell of the attack table, what an attack finds in it, and the interval of that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Any

from benchmarks.attacks.encodings.kinds import Encoding
from benchmarks.attacks.population import Data

NORMAL_95 = 1.96  # standard deviations of a two-sided 95 % interval


class Role(StrEnum):
    """Why a cell is run: the attack must succeed, must fail, or is shown for comparison."""

    CONTROL = "control"
    TARGET = "target"
    COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What one attack found under one seed.

    Attributes:
        what: which rate it is, where an attack has several; bounds are looked up by it.
        rate: share in [0, 1] that the attacker got right; bits for what is measured in bits.
        of: how many that share is of.
        low: lower end of the 95 % interval; None lets the runner take Wilson's.
        high: upper end.
        note: what a reader must know beside the rate.
    """

    what: str
    rate: float
    of: int
    low: float | None = None
    high: float | None = None
    note: str = ""

    @classmethod
    def counted(cls, hits: int, of: int, what: str = "people", note: str = "") -> "Outcome":
        """Return the share of `hits` among `of`; 0 when there was nobody."""
        return cls(what, hits / of if of else 0.0, of, note=note)


@dataclass(frozen=True, slots=True)
class Trial:
    """
    One cell of the table: an attack on an encoding of some people.

    Attributes:
        attack: `A1` to `A11`.
        run: the attack; called once for each seed with this trial and the seed.
        encoding: what the adversary sees; its `encode` must not be given a seed that the attacker uses.
        people: encoded records.
        overlap: share of them on the attacker's own list.
        knowledge: what the adversary has beside the encoding, in words.
        known_pairs: persons whose encoding the attacker has been told.
        orientation: what a paper found with such an attack, to stand beside.
        most_seeds: fewer than the profile's where one takes hours.
    """

    attack: str
    run: "Callable[[Trial, int], Sequence[Outcome]]"
    encoding: Encoding[Any]
    role: Role
    knowledge: str
    data: Data = "nepali"
    people: int = 2_000
    overlap: float = 1.0
    known_pairs: int = 0
    orientation: str = ""
    most_seeds: int = 3


def wilson(rate: float, of: int) -> tuple[float, float]:
    """
    Return the 95 % score interval of a share (Wilson 1927).

    Args:
        rate: in [0, 1].
        of: how many it is a share of; 0 gives the whole range.
    """
    if of == 0:
        return 0.0, 1.0
    square = NORMAL_95**2
    middle = (rate + square / (2 * of)) / (1 + square / of)
    half = NORMAL_95 * sqrt(rate * (1 - rate) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)
