"""Persons to entries: readings, gate, tokens and sketches in one pass; partner's side only."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.encode.columns import columns_of, distinct
from matcher.encode.frequency import FrequencyModel
from matcher.encode.gate import Gatekeeper
from matcher.encode.prf import PRF_BYTES, Prf
from matcher.encode.sketch import Sketcher
from matcher.encoding import ENTRY_ID_BYTES, TOKEN_BYTES, Encoding, Entry
from matcher.errors import EnvelopeMismatchError
from matcher.person import Person
from matcher.schema import LinkageSchema

PERSONS_AT_ONCE = 2_048  # their entries, about 100,000, take some 100 MB while they are made


@dataclass(frozen=True, slots=True)
class EncodedEntries:
    """
    Entries of many persons as parallel arrays, without ids; kept on the partner's side.

    Attributes:
        owner: shape (entries,), int64, rising: position of the person each entry is of.
        tokens: shape (entries, 16), uint8.
        sketches: shape (entries, sketch bytes), uint8.
    """

    owner: NDArray[np.int64]
    tokens: NDArray[np.uint8]
    sketches: NDArray[np.uint8]


class Encoder:
    """Encodes persons under one schema, one PRF and one frequency model."""

    def __init__(
        self,
        schema: LinkageSchema,
        prf: Prf,
        frequencies: FrequencyModel,
        fill: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """
        Prepare gate and sketches.

        Args:
            schema: the project's linkage schema.
            prf: bound to the same schema and key epoch.
            frequencies: the model that the schema's gate names.
            fill: source of random bytes for missing fields and entry ids; replaced only to make known-answer vectors.

        Raises:
            EnvelopeMismatchError: the PRF is bound to another schema or key epoch.
            InvalidSchemaError: the frequency model lacks a part of the gate.
        """
        if (prf.envelope.schema_id, prf.envelope.key_epoch) != (schema.schema_id, schema.key_epoch):
            raise EnvelopeMismatchError(
                "the keys are of another schema or epoch", code="envelope_mismatch", where="prf"
            )
        self._schema = schema
        self._prf = prf
        self._fill = fill
        self._gate = Gatekeeper(schema, frequencies)
        self._sketcher = Sketcher(schema, prf, frequencies, fill)

    def encode(self, persons: Sequence[Person]) -> list[Encoding]:
        """
        Return one encoding per person, in order; its entries are in random order.

        A person of whom nothing is rare enough gets an encoding without entries: that is no error.
        """
        encodings = []
        for start in range(0, len(persons), PERSONS_AT_ONCE):
            chunk = persons[start : start + PERSONS_AT_ONCE]
            entries = self._one_pass(chunk, 0)
            shuffled = self._shuffled(entries)
            bounds = np.searchsorted(entries.owner, np.arange(len(chunk) + 1)).tolist()
            encodings += [
                Encoding(self._prf.envelope, tuple(shuffled[first:last]), person.reference)
                for person, (first, last) in zip(chunk, pairwise(bounds), strict=True)
            ]
        return encodings

    def entries(self, persons: Sequence[Person]) -> EncodedEntries:
        """Return the entries of all persons as arrays, each person's in the gate's order."""
        passes = [
            self._one_pass(persons[start : start + PERSONS_AT_ONCE], start)
            for start in range(0, max(1, len(persons)), PERSONS_AT_ONCE)
        ]
        return EncodedEntries(
            np.concatenate([found.owner for found in passes]),
            np.concatenate([found.tokens for found in passes]),
            np.concatenate([found.sketches for found in passes]),
        )

    def _one_pass(self, persons: Sequence[Person], first: int) -> EncodedEntries:
        """Encode so many persons that their entries fit in memory."""
        columns = columns_of(persons, self._schema.field_names)
        keys = self._gate.composite_keys(columns)
        outputs = np.frombuffer(b"".join(self._prf.evaluate(keys.messages)), dtype=np.uint8).reshape(-1, PRF_BYTES)
        tokens, sketch_keys = outputs[:, :TOKEN_BYTES], outputs[:, TOKEN_BYTES:]
        ways, rows = distinct(keys.way)
        sketches = self._sketcher.sketches(self._sketcher.values(columns, ways), rows, sketch_keys)
        return EncodedEntries(columns.owner[keys.way] + first, tokens, sketches)

    def _shuffled(self, entries: EncodedEntries) -> list[Entry]:
        """Give each entry a random id, and sort each person's by it: a random order that shows no recipe."""
        drawn = self._fill(ENTRY_ID_BYTES * len(entries.owner))
        ids = np.frombuffer(drawn, dtype=np.uint8).reshape(-1, ENTRY_ID_BYTES)
        words = ids.view(">u8")
        order = np.lexsort((words[:, 1], words[:, 0], entries.owner))
        return [*map(Entry, *(_rows_as_bytes(part[order]) for part in (ids, entries.tokens, entries.sketches)))]


def _rows_as_bytes(rows: NDArray[np.uint8]) -> list[bytes]:
    """Return each row of an array as bytes."""
    found: list[bytes] = np.ascontiguousarray(rows).view(f"V{rows.shape[1]}").ravel().tolist()
    return found
