"""
Sketches: what two entries of one block need to be compared field by field, and nothing to anyone else; partner's side.

For every bit of the sketch the record has a small *value* under the linkage secret: for names a min-hash of padded
q-grams, for dates, places, codes and presence a digest of what must be equal (`matcher.encode.min_hash`). Two records
agree on a value as often as their q-gram sets overlap. An entry publishes, per value, one keyed parity bit: the inner
product of value and pad, where the pad (`matcher.encode.pads`) is drawn under the sketch key that only entries with
the same token share. A constant bit in every value makes each published bit uniform; equal values give equal bits
within the block, unlike values agree half the time, and two blocks have nothing in common. What is missing is filled
with random bytes.

Values have four bits, so unlike ones coincide once in sixteen; `matcher.compare` corrects for it.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from matcher.encode.columns import Integers, ReadingColumns
from matcher.encode.frequency import FrequencyModel
from matcher.encode.min_hash import VALUE_BITS, Bytes, ValueMaker
from matcher.encode.pads import KEY_BYTES, Keystream, Pads, Words
from matcher.encode.prf import Prf
from matcher.encode.slots import CLOSE_SLOTS, slot_text
from matcher.encoding import Slot, sketch_layout
from matcher.schema import LinkageSchema

ENTRIES_AT_ONCE = 512  # keeps pads and values of a pass in a processor's cache
ALL_BITS, NO_BITS = np.uint8(0xFF), np.uint8(0)


@dataclass(frozen=True, slots=True)
class SketchValues:
    """
    Values of some ways to read persons.

    Attributes:
        planes: shape (ways, 4, sketch bytes / 8), uint64: each value's bits, one plane after the other.
        present: shape (ways, sketch bytes / 8), uint64: all bits set where there is a value.
    """

    planes: Words
    present: Words


class Sketcher:
    """Makes the sketches of one schema under one PRF."""

    def __init__(
        self, schema: LinkageSchema, prf: Prf, frequencies: FrequencyModel, fill: Callable[[int], bytes] = os.urandom
    ) -> None:
        """
        Derive the parameters of min-hash and pads from the PRF.

        Args:
            schema: gives the layout.
            prf: gives the secret parameters, the same for all partners of the key epoch.
            frequencies: tells which names are rare.
            fill: returns that many random bytes, for what is missing; replaced only to make known-answer vectors.
        """
        self._bytes = schema.sketch_bytes
        self._fill = fill
        layout = sketch_layout(schema)
        self._slots = [
            {slot: slot_text(field, slot.name, schema, frequencies) for slot in layout if slot.field == field.name}
            for field in schema.fields
        ]
        seed = prf.evaluate([b"sketch parameters"])[0]
        self._longest = max(slot.size for slot in layout)
        self._maker = ValueMaker(seed, 8 * self._longest)
        self._pads = Pads(hashlib.sha256(b"pad" + seed).digest(), (VALUE_BITS + 1) * self._bytes)

    def values(self, columns: ReadingColumns, ways: Integers) -> SketchValues:
        """
        Return the values of some ways to read persons.

        Args:
            columns: all ways.
            ways: shape (ways,), positions of those that are wanted.
        """
        planes = np.zeros((len(ways), VALUE_BITS, self._bytes), dtype=np.uint8)
        present = np.zeros((len(ways), self._bytes), dtype=np.uint8)
        texts = {
            slot: [*map(read, readings), ""]  # the last row stands for what is missing
            for slots, readings in zip(self._slots, columns.distinct, strict=True)
            for slot, read in slots.items()
        }
        values = self._values_of(texts)
        for column, slots in enumerate(self._slots):
            rows = columns.rows[ways, column]
            field = slice(min(slot.start for slot in slots), max(slot.stop for slot in slots))
            planes[:, :, field] = np.concatenate([values[slot] for slot in slots], axis=2).take(rows, axis=0)
            told = [np.repeat(_presence(texts[slot]), slot.size, axis=1) for slot in slots]
            present[:, field] = np.concatenate(told, axis=1).take(rows, axis=0)
        return SketchValues(planes.view("<u8"), present.view("<u8"))

    def sketches(self, values: SketchValues, ways: Integers, keys: Bytes) -> Bytes:
        """
        Publish values under sketch keys.

        Args:
            values: of some ways.
            ways: shape (entries,), whose values each entry publishes: positions in `values`.
            keys: shape (entries, 16), uint8, one sketch key for each entry.

        Returns:
            Shape (entries, sketch bytes), uint8.
        """
        noise = Keystream(self._fill(KEY_BYTES))
        published = np.empty((len(keys), self._bytes // 8), dtype="<u8")
        for start in range(0, len(keys), ENTRIES_AT_ONCE):
            chunk = slice(start, start + ENTRIES_AT_ONCE)
            rows = ways[chunk]
            bits = self._parity(values.planes.take(rows, axis=0), keys[chunk])
            missing = noise.words(len(rows), self._bytes)
            bits ^= missing
            bits &= values.present.take(rows, axis=0)
            np.bitwise_xor(bits, missing, out=published[chunk])
        return published.view(np.uint8)

    def under_one_key(self, columns: ReadingColumns, ways: Integers, key: bytes) -> Bytes:
        """
        Sketch ways to read persons as if they all shared a token: to compare any two in one place, never to be sent.

        Args:
            columns: all ways.
            ways: shape (ways,), positions of those that are wanted.
            key: 16 bytes.

        Returns:
            Shape (ways, sketch bytes), uint8.
        """
        keys = np.tile(np.frombuffer(key, dtype=np.uint8), (len(ways), 1))
        return self.sketches(self.values(columns, ways), np.arange(len(ways)), keys)

    def _parity(self, planes: Words, keys: Bytes) -> Words:
        """Return the inner product of each value and its pad, plus the pad's last plane."""
        pads = self._pads.words(keys).reshape(len(keys), VALUE_BITS + 1, -1)
        planes &= pads[:, :VALUE_BITS]
        parity = pads[:, VALUE_BITS].copy()
        for plane in range(VALUE_BITS):
            parity ^= planes[:, plane]
        return parity

    def _values_of(self, texts: Mapping[Slot, Sequence[str]]) -> dict[Slot, Bytes]:
        """Make the values of each slot's texts; one that several slots compare by closeness is hashed once."""
        close = {slot: told for slot, told in texts.items() if slot.name in CLOSE_SLOTS}
        row_of = {text: row for row, text in enumerate(dict.fromkeys(chain.from_iterable(close.values())))}
        hashed = self._maker.closeness([*row_of], self._longest)
        found = {slot: self._maker.equality(told, slot.size) for slot, told in texts.items() if slot not in close}
        for slot, told in close.items():
            found[slot] = hashed[:, :, : slot.size].take([row_of[text] for text in told], axis=0)
        return found


def _presence(texts: Sequence[str]) -> Bytes:
    """Set all bits where there is a text, shape (texts, 1)."""
    return np.where([[*map(bool, texts)]], ALL_BITS, NO_BITS).T
