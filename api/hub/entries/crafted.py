"""
Sketches that no agent makes are refused before anything is compared with them; hub.

An agent publishes every sketch under a key of its own token, so that its bytes look random and no two sketches are
equal unless their tokens are. A sketch of few different bytes, or one that stands beside two tokens, was written by
hand to see what the comparison says to it. What looks random and is not (a sketch averaged from others, a sketch under
a token it was not made for) cannot be told from a stranger's record, and fares as one: it meets nobody.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.hub.errors import UnreadableError
from api.wire.batches import FiledEntry
from api.wire.problems import Fault

FAULTS_SHOWN = 100
BYTE_VALUES = 256
LEAST_VARIETY = (
    0.5  # of the different bytes that random ones would have: at 200 bytes, over ten standard deviations below
)


def refuse_crafted(filed: Sequence[FiledEntry]) -> None:
    """
    Refuse a batch in which a sketch cannot have come from an agent.

    Args:
        filed: rows of one batch, their sketches all of one length; not empty.

    Raises:
        UnreadableError: names the places of such rows, at most `FAULTS_SHOWN`.
    """
    sketches = np.frombuffer(b"".join(row.entry.sketch for row in filed), dtype=np.uint8).reshape(len(filed), -1)
    is_crafted = _lacks_variety(sketches) | _stands_beside_two_tokens(filed)
    if is_crafted.any():
        places = np.flatnonzero(is_crafted)[:FAULTS_SHOWN].tolist()
        faults = [Fault(where=f"row {place}", code="crafted_sketch") for place in places]
        raise UnreadableError("a sketch was not made by an agent", code="crafted_sketch", faults=faults)


def _lacks_variety(sketches: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which sketches have far fewer different bytes than random ones of their length."""
    length = sketches.shape[1]
    expected = BYTE_VALUES * (1 - (1 - 1 / BYTE_VALUES) ** length)
    different = 1 + np.count_nonzero(np.diff(np.sort(sketches, axis=1), axis=1), axis=1)
    lacks: NDArray[np.bool_] = different < LEAST_VARIETY * expected
    return lacks


def _stands_beside_two_tokens(filed: Sequence[FiledEntry]) -> NDArray[np.bool_]:
    """Tell which rows have a sketch that another row has beside another token."""
    first = {row.entry.sketch: row.entry.token for row in reversed(filed)}
    copied = {row.entry.sketch for row in filed if first[row.entry.sketch] != row.entry.token}
    return np.array([row.entry.sketch in copied for row in filed], dtype=np.bool_)
