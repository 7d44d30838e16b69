"""What the gate reads: rarity and bytes of every part of a key, for many ways at once; partner's side only."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.encode.columns import Integers, ReadingColumns
from matcher.encode.frequency import FrequencyModel
from matcher.encode.readings import part_value
from matcher.schema import LinkageSchema


@dataclass(frozen=True, slots=True)
class PartTable:
    """
    The parts of some ways.

    Attributes:
        bits: shape (ways, parts), −log2 of the share of people with the value; −inf where the part is absent.
        framed: by way, name and value of every part as bytes; empty where it is absent.
        values: shape (ways, parts), a number for each value of a part: equal values have equal ones.
    """

    bits: NDArray[np.float64]
    framed: list[list[bytes]] = field(repr=False)
    values: Integers


def part_table(columns: ReadingColumns, schema: LinkageSchema, frequencies: FrequencyModel) -> PartTable:
    """Look up every part of every way; each distinct reading is looked up once."""
    column_of = {field: column for column, field in enumerate(schema.field_names)}
    shape = (len(columns.rows), len(schema.gate.parts))
    bits, values = np.empty(shape), np.empty(shape, dtype=np.int64)
    framed: NDArray[Any] = np.empty(shape, dtype=object)
    for index, part in enumerate(schema.gate.parts):
        column = column_of[part.field]
        told = [part_value(part, reading) for reading in columns.distinct[column]]
        number_of = {value: number for number, value in enumerate(dict.fromkeys(["", *told]))}
        known = [*number_of][1:]  # all but the empty value, of what is missing
        rarity = np.array([-inf, *(-log2(frequencies.share(part.name, value)) for value in known)])
        frames = _objects([b"", *(frame(part.name, value) for value in known)])
        numbers = np.array([*map(number_of.__getitem__, told), 0])  # the last row is of what is missing
        values[:, index] = numbers[columns.rows[:, column]]
        bits[:, index] = rarity[values[:, index]]
        framed[:, index] = frames[values[:, index]]
    return PartTable(bits, framed.tolist(), values)


def frame(name: str, value: str) -> bytes:
    """Write a part's name and value, each after its length in one byte; a long value is replaced by its digest."""
    name_bytes, value_bytes = name.encode(), value.encode()
    if len(value_bytes) >= hashlib.sha256().digest_size:
        value_bytes = hashlib.sha256(value_bytes).digest()
    return b"%c%b%c%b" % (len(name_bytes), name_bytes, len(value_bytes), value_bytes)


def _objects(values: Sequence[bytes]) -> NDArray[Any]:
    """Return an array of bytes objects, unlike numpy's own bytes, which lose trailing zeros."""
    array: NDArray[Any] = np.empty(len(values), dtype=object)
    array[:] = values
    return array
