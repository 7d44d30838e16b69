"""Grade pairs of sketches that share a token, many at a time; hub."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.hub.context import Hub
from matcher.schema import LinkageSchema

PAIRS_AT_ONCE = 20_000  # bounds the arrays of one comparison to some 20 MB


def grades(hub: Hub, schema: LinkageSchema, left: Sequence[bytes], right: Sequence[bytes]) -> NDArray[np.int8]:
    """
    Return the grade of each pair.

    Only grades leave this room: weights would tell which meetings are of one pair of records.

    Args:
        hub: gives the scorer.
        schema: of all the sketches.
        left: one sketch of each pair.
        right: the other, in the same order.

    Returns:
        Shape (pairs,), a `Grade` each; empty for no pairs.
    """
    found = np.empty(len(left), dtype=np.int8)
    for start in range(0, len(left), PAIRS_AT_ONCE):
        piece = slice(start, start + PAIRS_AT_ONCE)
        found[piece] = hub.score(_table(left[piece], schema), _table(right[piece], schema), schema).grade
    return found


def _table(sketches: Sequence[bytes], schema: LinkageSchema) -> NDArray[np.uint8]:
    """Return sketches as rows: shape (sketches, sketch bytes)."""
    return np.frombuffer(b"".join(sketches), dtype=np.uint8).reshape(len(sketches), schema.sketch_bytes)
