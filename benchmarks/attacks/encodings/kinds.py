"""
Forms that encodings take in an adversary's hands, and what every encoding of the suite can do.

An encoding draws its own keys from the seed it is given; an attacker never gets that seed, and encodes his own people
under another. Rows are in the order of the people: an attack must not use that order, and shuffles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.population import People

Shape_co = TypeVar("Shape_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Filters:
    """
    One filter for each record: the family of cryptographic long-term keys.

    Attributes:
        bits: shape (records, filter bits), uint8, each 0 or 1.
    """

    bits: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FieldFilters:
    """
    One filter for each field of each record.

    Attributes:
        bits: by field, shape (records, filter bits), uint8, each 0 or 1; a missing field is all zeros.
    """

    bits: Mapping[str, NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class TokenColumns:
    """
    Rows of tokens, one column for each field.

    Attributes:
        tokens: shape (records, columns), uint64; 0 is missing. The columns are in an order of their own.
        fields: what each column holds; for scoring alone, no attacker knows it.
    """

    tokens: NDArray[np.uint64]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TokenBag:
    """
    Tokens without a row: nothing says which are of one record.

    Attributes:
        tokens: shape (entries,), uint64, in random order.
        owner: shape (entries,), int64: whose each is; for scoring alone.
        meaning: shape (entries,), uint64: a digest of what each stands for, without any key; for scoring alone.
    """

    tokens: NDArray[np.uint64]
    owner: NDArray[np.int64]
    meaning: NDArray[np.uint64]


class Encoding(Protocol[Shape_co]):
    """An encoding of people as an adversary meets it."""

    @property
    def name(self) -> str:
        """How the report calls it."""

    def encode(self, people: People, seed: int) -> Shape_co:
        """Return what the adversary sees of all people, in their order, under keys drawn from the seed."""

    def linkage_f1(self, people: People, seed: int) -> float:
        """
        Return the F1 of linking these records by what the adversary sees, over all pairs.

        Args:
            people: records with duplicates; equal numbers are one person.
            seed: draws the keys.
        """
