"""A sealed box opens for its recipient and its way alone, and only what its sender signed comes out."""

import dataclasses
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.agent.errors import MessageError
from api.agent.sealed_box import (
    LONGEST_TEXT_BYTES,
    OVERHEAD_BYTES,
    Way,
    Written,
    new_sealing_key,
    open_box,
    public_sealing_key,
    seal,
)
from api.wire.audit.notes import Algorithm, SigningKey
from api.wire.sealed import BOX_BYTES


def identity(name: str = "casematch-mailbox/a") -> SigningKey:
    """Return an agent's identity."""
    return SigningKey(name, Algorithm.NOTE, os.urandom(32))


SENDER, RECIPIENT = identity(), identity()
PRIVATE = new_sealing_key()
PUBLIC = public_sealing_key(PRIVATE)
WAY = Way("nepal", "match", "message", SENDER.verifier, RECIPIENT.verifier)
HELLO = Written("कृपया फोन गर्नुहोस्", 1_800_000_000)


@settings(max_examples=30)
@given(st.text(max_size=500), st.integers(0, 2**40))
def test_what_is_sealed_is_opened(text: str, written_at: int) -> None:
    """The very text and time, in a box of a fixed size."""
    box = seal(Written(text, written_at), WAY, SENDER, PUBLIC)
    assert len(box) in BOX_BYTES
    assert open_box(box, WAY, PRIVATE) == Written(text, written_at)


@pytest.mark.parametrize(("length", "size"), [(0, 0), (900, 0), (901, 1), (LONGEST_TEXT_BYTES, 3)])
def test_a_box_has_the_least_fixed_size(length: int, size: int) -> None:
    """Its length tells which of four, and nothing more."""
    assert len(seal(Written("a" * length, 0), WAY, SENDER, PUBLIC)) == BOX_BYTES[size]


def test_a_text_that_is_too_long_is_refused() -> None:
    """By one byte; the error does not quote it."""
    with pytest.raises(MessageError, match="too long") as caught:
        seal(Written("a" * (LONGEST_TEXT_BYTES + 1), 0), WAY, SENDER, PUBLIC)
    assert "aaa" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"project_id": "other"},
        {"match_id": "other"},
        {"message_id": "other"},
        {"sender": identity().verifier},
        {"recipient": identity().verifier},
        {"project_id": "nepalm", "match_id": "atch"},
    ],
    ids=["project", "match", "message", "sender", "recipient", "shifted"],
)
def test_a_box_opens_on_its_own_way_alone(change: dict[str, object]) -> None:
    """It cannot be shown again elsewhere or in another's name."""
    box = seal(HELLO, WAY, SENDER, PUBLIC)
    with pytest.raises(MessageError) as caught:
        open_box(box, dataclasses.replace(WAY, **change), PRIVATE)
    assert caught.value.code == "message_unopened"


def test_another_key_opens_nothing() -> None:
    """Nor does the right one open a changed box, or none at all."""
    box = seal(HELLO, WAY, SENDER, PUBLIC)
    changed = bytes([box[0] ^ 1]) + box[1:]
    for wrong, key in ((box, new_sealing_key()), (changed, PRIVATE), (box[:-1], PRIVATE), (b"", PRIVATE)):
        with pytest.raises(MessageError):
            open_box(wrong, WAY, key)


def test_a_box_in_anothers_name_is_forged() -> None:
    """Whoever has the recipient's public key can seal, but not sign as the other side."""
    box = seal(HELLO, WAY, identity(), PUBLIC)
    with pytest.raises(MessageError) as caught:
        open_box(box, WAY, PRIVATE)
    assert caught.value.code == "message_forged"


def test_the_same_message_is_never_the_same_box() -> None:
    """And neither holds a byte of it in the clear."""
    first, second = (seal(HELLO, WAY, SENDER, PUBLIC) for _ in range(2))
    assert first[:OVERHEAD_BYTES] != second[:OVERHEAD_BYTES]
    assert HELLO.text.encode()[:12] not in first


def test_texts_and_keys_do_not_show_themselves() -> None:
    """In no representation, so in no traceback."""
    assert HELLO.text not in repr(HELLO)
