"""Erasure receipts: what was signed is what is read, and nothing else is taken for it."""

import pytest

from api.wire.audit.checkpoint import Checkpoint, open_checkpoint
from api.wire.audit.errors import AuditError
from api.wire.audit.notes import Algorithm, Note, SigningKey
from api.wire.audit.receipts import ErasureStatement, entries_digest, open_receipt

KEY = SigningKey("hub.example/log", Algorithm.NOTE, bytes(32))
IDS = [bytes([number]) * 16 for number in (3, 1, 2)]
STATEMENT = ErasureStatement(
    "hub.example/log", "4b3bde0c-5b1c-4f6e-9f4e-0f4d4c8f6e0f", "2026-11-21", entries_digest(IDS), "a" * 64
)


def test_a_signed_receipt_is_read_back() -> None:
    """All lines come back as they were signed."""
    assert open_receipt(Note.read(str(STATEMENT.signed(KEY))), KEY.verifier) == STATEMENT


def test_the_digest_is_of_the_set() -> None:
    """Order and repetition make no difference, one id less does."""
    assert entries_digest([*IDS[::-1], IDS[0]]) == entries_digest(IDS)
    assert entries_digest(IDS[:2]) != entries_digest(IDS)


@pytest.mark.parametrize("change", [("2026-11-21", "2026-11-22"), ("a" * 64, "b" * 64)], ids=["day", "leaf"])
def test_a_changed_receipt_is_refused(change: tuple[str, str]) -> None:
    """The signature is over every line."""
    note = str(STATEMENT.signed(KEY)).replace(*change)
    with pytest.raises(AuditError) as caught:
        open_receipt(Note.read(note), KEY.verifier)
    assert caught.value.code == "signature_false"


def test_a_receipt_and_a_checkpoint_are_never_taken_for_each_other() -> None:
    """One key signs both, so their texts are unlike."""
    checkpoint = Checkpoint(KEY.verifier.name, 8, bytes(32)).signed(KEY)
    with pytest.raises(AuditError):
        open_receipt(checkpoint, KEY.verifier)
    with pytest.raises(AuditError):
        open_checkpoint(STATEMENT.signed(KEY), KEY.verifier)


def test_a_receipt_of_another_log_is_refused() -> None:
    """It names the log whose key has signed it."""
    other = SigningKey("other.example/log", Algorithm.NOTE, bytes(32))
    with pytest.raises(AuditError) as caught:
        open_receipt(STATEMENT.signed(other), other.verifier)
    assert caught.value.code == "log_other"
