"""
Values behind the bits of a sketch, for many texts at once: min-hash of q-grams, and tags; partner's side only.

A value has four bits. For closeness there is one per hash function, the least hash of a text's padded q-grams (Broder
1997): two texts agree on it as often as their q-gram sets overlap. For equality there is a keyed digest.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.encode.columns import Integers, distinct, places_in_run

VALUE_BITS = 4
QGRAM_LENGTH = 2
TEXTS_AT_ONCE = 128  # keeps their hashes, 64 bits for each function and q-gram, near 1 MB
CACHED_TAGS = 65_536
_SPACE = ord(" ")
_VALUE_SHIFT = np.uint64(12)  # the middle bits of a min-hash: the top ones are small because it is a minimum

Bytes = NDArray[np.uint8]


class ValueMaker:
    """Makes the values of texts under the secret parameters of one key epoch."""

    def __init__(self, seed: bytes, most_bits: int) -> None:
        """
        Draw the parameters.

        Args:
            seed: 32 bytes, derived from the PRF.
            most_bits: hash functions for the longest slot; shorter ones use the first of them.
        """
        drawn = np.frombuffer(hashlib.shake_256(b"min-hash" + seed).digest(16 * most_bits), dtype="<u8")
        self._factors = drawn[:most_bits] | np.uint64(1)
        self._offsets = drawn[most_bits:]
        self._gram_key = hashlib.sha256(b"q-gram" + seed).digest()
        self._tag_key = hashlib.sha256(b"tag" + seed).digest()
        self._tag = lru_cache(CACHED_TAGS)(self._digest)

    def closeness(self, texts: Sequence[str], size: int) -> Bytes:
        """Return planes of the min-hash values of texts, shape (texts, 4, size); of an empty text, anything."""
        planes = np.empty((len(texts), VALUE_BITS, size), dtype=np.uint8)
        if not texts:
            return planes
        grams, places, starts = gram_table(texts)
        digests = [hashlib.blake2b(gram.encode(), key=self._gram_key, digest_size=8).digest() for gram in grams]
        bits = 8 * size
        hashed = np.frombuffer(b"".join(digests), dtype="<u8")[:, None] * self._factors[:bits] + self._offsets[:bits]
        for alike, own in _alike(places, starts):
            planes[alike] = _planes(hashed.take(own, axis=0).min(axis=1))
        return planes

    def equality(self, values: Sequence[str], size: int) -> Bytes:
        """Return planes of what is equal or not, shape (values, 4, size)."""
        tags = b"".join([self._tag(value, size) for value in values])
        return np.frombuffer(tags, dtype=np.uint8).reshape(-1, VALUE_BITS, size)

    def _digest(self, value: str, size: int) -> bytes:
        """Return the planes of one tag, one after the other."""
        return hashlib.blake2b(value.encode(), key=self._tag_key, digest_size=VALUE_BITS * size).digest()


def qgrams(text: str) -> list[str]:
    """
    Return the padded q-grams of each word; a repeated one is numbered, so that it counts twice.

    Args:
        text: words separated by spaces; empty when there are none.
    """
    counted: dict[str, int] = {}
    grams = []
    for word in text.split():
        padded = f" {word} "
        for start in range(len(padded) - QGRAM_LENGTH + 1):
            gram = padded[start : start + QGRAM_LENGTH]
            counted[gram] = counted.get(gram, 0) + 1
            grams.append(f"{gram}{counted[gram]}" if counted[gram] > 1 else gram)
    return grams


def gram_table(texts: Sequence[str]) -> tuple[list[str], Integers, Integers]:
    """
    Return the q-grams of many texts at once, as `qgrams` gives them.

    Args:
        texts: at least one; an empty one is read as if it were a full stop.

    Returns:
        The distinct q-grams; for every q-gram of every text its position among these; where each text's begin.
    """
    padded = [f" {' '.join(text.split()) or '.'} " for text in texts]  # a space ends one word and begins the next
    points = np.frombuffer("".join(padded).encode("utf-32-le"), dtype="<u4").astype(np.int64)
    is_inside = (points[:-1] != _SPACE) | (points[1:] != _SPACE)  # between two texts are two spaces
    text_of = np.repeat(np.arange(len(texts)), [len(text) for text in padded])[:-1][is_inside]
    alphabet, symbols = distinct(points)
    pairs, place = distinct((symbols[:-1] * len(alphabet) + symbols[1:])[is_inside])
    times = _times_before(text_of * len(pairs) + place)
    numbered, places = distinct(place + len(pairs) * times)
    letters = list(map(chr, alphabet.tolist()))
    written = [letters[pair // len(letters)] + letters[pair % len(letters)] for pair in pairs.tolist()]
    again = (numbered // len(pairs)).tolist()
    grams = [
        f"{written[pair]}{time + 1}" if time else written[pair]
        for pair, time in zip((numbered % len(pairs)).tolist(), again, strict=True)
    ]
    return grams, places, np.searchsorted(text_of, np.arange(len(texts)))


def _alike(places: Integers, starts: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Yield texts that have equally many q-grams, and the places of these, shape (texts, q-grams)."""
    counts = np.diff(starts, append=len(places))
    for count in np.flatnonzero(np.bincount(counts)).tolist():
        every = np.flatnonzero(counts == count)
        for first in range(0, len(every), TEXTS_AT_ONCE):
            alike = every[first : first + TEXTS_AT_ONCE]
            yield alike, places[starts[alike][:, None] + np.arange(count)]


def _planes(least: NDArray[np.uint64]) -> Bytes:
    """Take the bits of a value out of each least hash, and pack them plane by plane."""
    values = (least >> _VALUE_SHIFT).astype(np.uint8)
    shifts = np.arange(VALUE_BITS, dtype=np.uint8)[:, None]
    return np.packbits((values[:, None, :] >> shifts) & np.uint8(1), axis=2)


def _times_before(keys: Integers) -> Integers:
    """Count, for each key, how often it stands before."""
    order = np.argsort(keys, kind="stable")
    times = np.empty_like(order)
    times[order] = places_in_run(keys[order])
    return times
