"""
Cryptographic long-term keys: one Bloom filter for all fields of a record (Schnell, Bachteler, Reiher 2011).

Every q-gram sets `hashes_per_qgram` bits, each chosen by a keyed hash of field and q-gram. Independent positions
rather than double hashing, whose pairs of positions give q-grams away (Niedermeyer et al. 2014): the stronger form.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.encodings.dice import dice_f1
from benchmarks.attacks.encodings.kinds import Filters
from benchmarks.attacks.encodings.qgrams import Row, incidence, rows_of, vocabulary
from benchmarks.attacks.population import People

FILTER_BITS = 1_024
HASHES_PER_QGRAM = 10  # half of the bits are set where a record has some 70 q-grams
BYTES_PER_POSITION = 2
SEED_BYTES = 8

Bits = NDArray[np.uint8]


def _unchanged(bits: Bits, seed: int) -> Bits:
    """Harden nothing."""
    del seed
    return bits


@dataclass(frozen=True, slots=True)
class Clk:
    """
    One filter a record.

    Attributes:
        harden: what is done to the filters afterwards, given a seed for secrets and coins of its own.
    """

    name: str = "CLK"
    filter_bits: int = FILTER_BITS
    hashes_per_qgram: int = HASHES_PER_QGRAM
    harden: Callable[[Bits, int], Bits] = _unchanged

    def encode(self, people: People, seed: int) -> Filters:
        """Return one filter for each record, under a key drawn from the seed."""
        bits = filters_of(rows_of(people), seed, self.filter_bits, self.hashes_per_qgram)
        return Filters(self.harden(bits, seed))

    def linkage_f1(self, people: People, seed: int) -> float:
        """Return the best F1 of any threshold of the Dice coefficient."""
        return dice_f1(self.encode(people, seed).bits, people.numbers)


def filters_of(
    rows: Sequence[Row], seed: int, filter_bits: int = FILTER_BITS, hashes_per_qgram: int = HASHES_PER_QGRAM
) -> Bits:
    """
    Return one filter per row.

    Args:
        rows: cells by field; a blank cell sets nothing.
        seed: makes the key that the partners share.
        filter_bits: at most 65,536.
        hashes_per_qgram: at most 32.

    Returns:
        Shape (rows, filter bits), each 0 or 1.
    """
    grams = vocabulary(rows)
    places = positions(grams, seed, filter_bits, hashes_per_qgram)
    sets = np.zeros((len(grams), filter_bits), dtype=np.float32)
    sets[np.arange(len(grams))[:, None], places] = 1
    return (incidence(rows, grams) @ sets > 0).astype(np.uint8)


def positions(
    grams: Sequence[tuple[str, str]], seed: int, filter_bits: int, hashes_per_qgram: int
) -> NDArray[np.int64]:
    """Return which bits each q-gram sets, shape (grams, hashes per q-gram); two hashes may fall on one bit."""
    key = seed.to_bytes(SEED_BYTES, "big")
    size = BYTES_PER_POSITION * hashes_per_qgram
    digests = (
        hashlib.blake2b(f"{field}\x00{gram}".encode(), key=key, digest_size=size).digest() for field, gram in grams
    )
    drawn = np.frombuffer(b"".join(digests), dtype=">u2").astype(np.int64)
    return drawn.reshape(len(grams), hashes_per_qgram) % filter_bits
