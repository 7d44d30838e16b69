"""
Sketches: what two entries of one block need to be compared field by field, and nothing to anyone else; partner's side.

For every bit of the sketch the record has a small *value* under the linkage secret: for names a min-hash of padded
q-grams (Broder 1997), for dates, places, codes and presence a digest of what must be equal. Two records agree on a
value as often as their q-gram sets overlap. An entry publishes, per value, one keyed parity bit: the inner product of
value and pad, where the pad is drawn (SHAKE128) under the sketch key that only entries with the same token share. A
constant bit in every value makes each published bit uniform; equal values give equal bits within the block, unlike
values agree half the time, and two blocks have nothing in common. What is missing is filled with random bytes.

Values have four bits, so unlike ones coincide once in sixteen; `matcher.compare` corrects for it.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import Prf
from matcher.encode.readings import opaque_value
from matcher.encoding import RARITY_SLOTS, Slot, sketch_layout
from matcher.person import Name, Opaque, PartialDate, Place, Reading
from matcher.schema import Facet, Kind, LinkageSchema, SchemaField

RARE_BELOW = {"rare": 1 / 200, "very_rare": 1 / 2_000}  # share of the population that has a name
VALUE_BITS = 4
QGRAM_LENGTH = 2
CACHED_TEXTS = 65_536
_WITHOUT_VOWELS = str.maketrans("", "", "aeiou")
_VALUE_SHIFT = np.uint64(12)  # the middle bits of a min-hash: the top ones are small because it is a minimum

Bytes = NDArray[np.uint8]


class Sketcher:
    """Makes the sketches of one schema under one PRF."""

    def __init__(
        self, schema: LinkageSchema, prf: Prf, frequencies: FrequencyModel, fill: Callable[[int], bytes] = os.urandom
    ) -> None:
        """
        Derive the parameters of the min-hash from the PRF.

        Args:
            schema: gives the layout.
            prf: gives the secret parameters, the same for all partners of the key epoch.
            frequencies: tells which names are rare.
            fill: returns that many random bytes, for what is missing; replaced only to make known-answer vectors.
        """
        self._fields: Mapping[str, SchemaField] = {field.name: field for field in schema.fields}
        self._slots = sketch_layout(schema)
        self._frequencies = frequencies
        self._key_parts = {part.field: part for part in schema.gate.parts if part.facet is Facet.KEY}
        self._bytes = schema.sketch_bytes
        self._fill = fill
        seed = prf.evaluate([b"sketch parameters"])[0]
        bits = 8 * max(slot.size for slot in self._slots)
        drawn = np.frombuffer(hashlib.shake_256(b"min-hash" + seed).digest(16 * bits), dtype="<u8")
        self._factors = drawn[:bits] | np.uint64(1)
        self._offsets = drawn[bits:]
        self._gram_key = hashlib.sha256(b"q-gram" + seed).digest()
        self._tag_key = hashlib.sha256(b"tag" + seed).digest()
        self._closeness = lru_cache(CACHED_TEXTS)(self._min_hash)
        self._equality = lru_cache(CACHED_TEXTS)(self._digest)

    def values(self, readings: Mapping[str, Reading]) -> tuple[Bytes, NDArray[np.bool_]]:
        """
        Return the values of one way to read a person.

        Returns:
            Bit planes, shape (4, sketch bytes), and which bytes are present, shape (sketch bytes,).
        """
        planes = np.zeros((VALUE_BITS, self._bytes), dtype=np.uint8)
        present = np.zeros(self._bytes, dtype=np.bool_)
        for slot in self._slots:
            reading = readings.get(slot.field)
            content = self._content(slot, reading) if reading is not None else None
            if content is not None:
                planes[:, slot.start : slot.stop] = content
                present[slot.start : slot.stop] = True
        return planes, present

    def sketches(self, planes: Bytes, present: NDArray[np.bool_], keys: Sequence[bytes]) -> Bytes:
        """
        Publish values under sketch keys.

        Args:
            planes: shape (entries, 4, sketch bytes).
            present: shape (entries, sketch bytes).
            keys: one sketch key for each entry.

        Returns:
            Shape (entries, sketch bytes).
        """
        size = (VALUE_BITS + 1) * self._bytes
        stream = b"".join(hashlib.shake_128(key).digest(size) for key in keys)
        pads = np.frombuffer(stream, dtype=np.uint8).reshape(len(keys), VALUE_BITS + 1, self._bytes)
        parity = np.bitwise_xor.reduce(pads[:, :VALUE_BITS] & planes, axis=1) ^ pads[:, VALUE_BITS]
        noise = np.frombuffer(self._fill(len(keys) * self._bytes), dtype=np.uint8).reshape(parity.shape)
        return np.where(present, parity, noise)

    def _content(self, slot: Slot, reading: Reading) -> Bytes | None:
        """Return the values of one slot, shape (4, slot size), or None when the reading has nothing for it."""
        if slot.name == "present":
            return self._equality("present", slot.size)
        if isinstance(reading, Name) and slot.name in RARITY_SLOTS:
            return self._equality(slot.name, slot.size) if self._is_rare(slot, reading) else None
        if isinstance(reading, Name):
            text = {"raw": reading.text, "folded": reading.folded, "skeleton": skeleton(reading.folded)}[slot.name]
            return self._closeness(text, slot.size) if text else None
        if isinstance(reading, PartialDate):
            value = _date_value(slot.name, reading)
        elif slot.name == "grams":
            text = _gram_text(self._fields[slot.field].kind, reading)
            return self._closeness(text, slot.size) if text else None
        elif isinstance(reading, Place):
            value = reading.code or reading.text
        else:
            value = opaque_value(reading)
        return self._equality(f"{slot.name}:{value}", slot.size) if value else None

    def _is_rare(self, slot: Slot, reading: Name) -> bool:
        """Tell whether fewer people have a name than the slot stands for."""
        part = self._key_parts.get(slot.field)
        if part is None or not reading.key:
            return False
        return self._frequencies.share(part.name, reading.key) < RARE_BELOW[slot.name]

    def _min_hash(self, text: str, size: int) -> Bytes:
        """Return the min-hash values of a text's q-grams, one per bit, as planes of shape (4, size)."""
        grams = [hashlib.blake2b(gram.encode(), key=self._gram_key, digest_size=8).digest() for gram in qgrams(text)]
        hashed = np.frombuffer(b"".join(grams), dtype="<u8")[:, None]
        bits = 8 * size
        least = (hashed * self._factors[:bits] + self._offsets[:bits]).min(axis=0) >> _VALUE_SHIFT
        shifts = np.arange(VALUE_BITS, dtype=np.uint64)[:, None]
        return np.packbits(((least >> shifts) & np.uint64(1)).astype(np.uint8), axis=1)

    def _digest(self, value: str, size: int) -> Bytes:
        """Return the values of something that is equal or not, as planes of shape (4, size)."""
        digest = hashlib.blake2b(value.encode(), key=self._tag_key, digest_size=VALUE_BITS * size).digest()
        return np.frombuffer(digest, dtype=np.uint8).reshape(VALUE_BITS, size)


def skeleton(folded: str) -> str:
    """Leave the vowels out of a folded name; a word of vowels alone stays whole."""
    return " ".join(word.translate(_WITHOUT_VOWELS) or word for word in folded.split())


def qgrams(text: str) -> list[str]:
    """
    Return the padded q-grams of each word; a repeated one is numbered, so that it counts twice.

    Args:
        text: words separated by spaces; not empty.
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


def _gram_text(kind: Kind, reading: Reading) -> str:
    """Return the text whose q-grams show closeness; an identifier's symbols carry their position."""
    if isinstance(reading, Place):
        return reading.text
    if isinstance(reading, Opaque):
        whole = "".join(reading.parts)
        if kind is Kind.IDENTIFIER:
            return " ".join(f"{position}{symbol}" for position, symbol in enumerate(whole))
        return " ".join(reading.parts)
    return ""


def _date_value(slot: str, reading: PartialDate) -> str:
    """
    Return what one slot of a date compares; empty when the date is less precise.

    `year_even` and `year_odd` pair neighbouring years in two ways: years one apart agree on one of them. `year_four`
    and `year_four_shifted` do so in spans of four: years two apart agree on one of them, as ages guessed by eye need
    it. `day_month` holds day and month in rising order: equal or exchanged, they agree.
    """
    year, month, day = reading.year, reading.month, reading.day
    values = {
        "year": year,
        "year_even": None if year is None else year // 2,
        "year_odd": None if year is None else (year + 1) // 2,
        "year_four": None if year is None else year // 4,
        "year_four_shifted": None if year is None else (year + 2) // 4,
        "month_present": None if month is None else "yes",
        "month": month,
        "day_present": None if day is None else "yes",
        "day": day,
        "day_month": None if month is None or day is None else f"{min(day, month)}-{max(day, month)}",
    }
    value = values[slot]
    return "" if value is None else str(value)
