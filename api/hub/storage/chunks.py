"""Long lists of values in pieces that one `IN (…)` takes; hub."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

IN_CHUNK = 1_000  # far below the limits of both databases

Value = TypeVar("Value")


def in_chunks(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Return the values in pieces of at most `IN_CHUNK`."""
    for start in range(0, len(values), IN_CHUNK):
        yield values[start : start + IN_CHUNK]
