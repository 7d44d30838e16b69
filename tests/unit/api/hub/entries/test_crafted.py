"""Sketches written by hand are refused, and an agent's own never are."""

import secrets
from typing import Any

import pytest

from api.hub.entries.crafted import refuse_crafted
from api.hub.errors import UnreadableError
from api.wire.batches import FiledEntry, Release
from matcher.encoding import Entry

SKETCH_BYTES = 224


def row(sketch: bytes, token: bytes | None = None) -> FiledEntry:
    """Return a row with this sketch."""
    return FiledEntry(Entry(secrets.token_bytes(16), token or secrets.token_bytes(16), sketch), Release.AUTOMATIC, 330)


@pytest.mark.parametrize(
    "sketch", [bytes(SKETCH_BYTES), b"\xff" * SKETCH_BYTES, b"\xaa" * SKETCH_BYTES, bytes(range(32)) * 7]
)
def test_a_sketch_of_few_different_bytes_is_refused_by_its_place(sketch: bytes) -> None:
    """The honest row before it is not blamed."""
    with pytest.raises(UnreadableError) as refused:
        refuse_crafted([row(secrets.token_bytes(SKETCH_BYTES)), row(sketch)])
    assert refused.value.code == "crafted_sketch"
    assert [fault.where for fault in refused.value.faults] == ["row 1"]


def test_a_sketch_beside_two_tokens_is_refused_at_both() -> None:
    """A copy under another token was never made by an agent."""
    sketch = secrets.token_bytes(SKETCH_BYTES)
    with pytest.raises(UnreadableError) as refused:
        refuse_crafted([row(sketch), row(secrets.token_bytes(SKETCH_BYTES)), row(sketch)])
    assert [fault.where for fault in refused.value.faults] == ["row 0", "row 2"]


@pytest.mark.parametrize("length", [16, SKETCH_BYTES])
def test_random_sketches_and_two_of_one_token_pass(length: int) -> None:
    """Two records of one person at one office may be equal to the byte."""
    sketch, token = secrets.token_bytes(length), secrets.token_bytes(16)
    refuse_crafted([row(sketch, token), row(sketch, token), *(row(secrets.token_bytes(length)) for _ in range(2_000))])


def test_the_hub_refuses_the_whole_batch(sqlite_world: Any, entry: Any) -> None:
    """Nothing of it is kept."""
    partner, honest = sqlite_world.join("a"), entry("one")
    same = FiledEntry(Entry(secrets.token_bytes(16), b"2" * 16, honest.entry.sketch), honest.release, honest.expires)
    answer = partner.file(honest, same)
    assert (answer.status_code, answer.json()["code"]) == (422, "crafted_sketch")
    assert sqlite_world.rows("SELECT 1 FROM entry") == []
