"""Persons to entries: readings, gate, tokens and sketches in one pass; partner's side only."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.encode.frequency import FrequencyModel
from matcher.encode.gate import Gatekeeper
from matcher.encode.prf import Prf
from matcher.encode.readings import ways_of
from matcher.encode.sketch import Sketcher
from matcher.encoding import ENTRY_ID_BYTES, TOKEN_BYTES, Encoding, Entry
from matcher.errors import EnvelopeMismatchError
from matcher.person import Person
from matcher.schema import LinkageSchema

PERSONS_AT_ONCE = 256  # keeps the pads of a pass near 20 MB


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
            entries = self.entries(chunk)
            bounds = np.searchsorted(entries.owner, np.arange(len(chunk) + 1))
            for position, person in enumerate(chunk):
                rows = range(bounds[position], bounds[position + 1])
                encodings.append(Encoding(self._prf.envelope, self._shuffled(entries, rows), person.reference))
        return encodings

    def entries(self, persons: Sequence[Person]) -> EncodedEntries:
        """Return the entries of all persons as arrays, each person's in the gate's order."""
        passes = [
            self._one_pass(persons[start : start + PERSONS_AT_ONCE], start)
            for start in range(0, len(persons), PERSONS_AT_ONCE)
        ]
        if not passes:
            return self._one_pass((), 0)
        return EncodedEntries(
            np.concatenate([found.owner for found in passes]),
            np.concatenate([found.tokens for found in passes]),
            np.concatenate([found.sketches for found in passes]),
        )

    def _one_pass(self, persons: Sequence[Person], first: int) -> EncodedEntries:
        """Encode so many persons that their pads fit in memory."""
        owner: list[int] = []
        messages: list[bytes] = []
        value_rows: list[int] = []
        values: list[tuple[NDArray[np.uint8], NDArray[np.bool_]]] = []
        for position, person in enumerate(persons):
            ways = list(ways_of(person))
            row_of_way: dict[int, int] = {}
            for key in self._gate.composite_keys(ways):
                if key.way not in row_of_way:
                    row_of_way[key.way] = len(values)
                    values.append(self._sketcher.values(ways[key.way].readings))
                owner.append(first + position)
                messages.append(key.message)
                value_rows.append(row_of_way[key.way])
        if not messages:
            empty = np.zeros((0, self._schema.sketch_bytes), dtype=np.uint8)
            return EncodedEntries(np.zeros(0, np.int64), np.zeros((0, TOKEN_BYTES), np.uint8), empty)
        outputs = self._prf.evaluate(messages)
        planes = np.stack([pair[0] for pair in values])[value_rows]
        present = np.stack([pair[1] for pair in values])[value_rows]
        sketches = self._sketcher.sketches(planes, present, [output[TOKEN_BYTES:] for output in outputs])
        tokens = np.frombuffer(b"".join(output[:TOKEN_BYTES] for output in outputs), dtype=np.uint8)
        return EncodedEntries(np.array(owner, dtype=np.int64), tokens.reshape(-1, TOKEN_BYTES), sketches)

    def _shuffled(self, entries: EncodedEntries, rows: Sequence[int]) -> tuple[Entry, ...]:
        """Give each row a random id, and sort by it: a random order that shows no recipe."""
        made = (
            Entry(self._fill(ENTRY_ID_BYTES), entries.tokens[row].tobytes(), entries.sketches[row].tobytes())
            for row in rows
        )
        return tuple(sorted(made, key=lambda entry: entry.entry_id))
