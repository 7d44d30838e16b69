"""Entries have one size, envelopes must be equal, and the sketch's slots do not overlap."""

import pytest

from matcher.encoding import Entry, Envelope, entry_bytes, envelope_of, sketch_layout
from matcher.errors import EnvelopeMismatchError, InvalidSchemaError, MalformedEncodingError
from matcher.schema import LinkageSchema

NEPAL = LinkageSchema.shipped("nepal")


def test_an_entry_of_the_nepal_schema_takes_256_bytes() -> None:
    """Id, token and sketch together are what the design aims at."""
    assert entry_bytes(NEPAL) == 256


def test_an_entry_survives_its_byte_form() -> None:
    """Writing and reading give the same entry."""
    entry = Entry(bytes(range(16)), bytes(range(16, 32)), bytes(224))
    assert Entry.from_bytes(entry.to_bytes(), NEPAL) == entry


@pytest.mark.parametrize("size", [0, 255, 257])
def test_bytes_of_another_size_are_no_entry(size: int) -> None:
    """A cut or padded entry is refused."""
    with pytest.raises(MalformedEncodingError):
        Entry.from_bytes(bytes(size), NEPAL)


@pytest.mark.parametrize(
    ("other", "part"),
    [
        (Envelope("00" * 16, NEPAL.key_epoch), "schema_id"),
        (Envelope(NEPAL.schema_id, NEPAL.key_epoch + 1), "key_epoch"),
        (Envelope(NEPAL.schema_id, NEPAL.key_epoch, 99), "encoder_version"),
    ],
)
def test_unlike_envelopes_refuse_to_be_compared(other: Envelope, part: str) -> None:
    """The error names the part that differs."""
    with pytest.raises(EnvelopeMismatchError) as caught:
        envelope_of(NEPAL).require_same(other)
    assert caught.value.where == part


def test_slots_lie_one_after_the_other_inside_the_sketch() -> None:
    """No byte of the sketch belongs to two slots."""
    slots = sketch_layout(NEPAL)
    assert [slot.start for slot in slots] == [0, *(slot.stop for slot in slots[:-1])]
    assert slots[-1].stop <= NEPAL.sketch_bytes


def test_a_sketch_too_small_for_its_fields_is_refused() -> None:
    """The schema says how many bytes the fields need."""
    small = LinkageSchema.from_document({**NEPAL.document, "sketch": {"bytes": 64}})
    with pytest.raises(InvalidSchemaError, match="need"):
        sketch_layout(small)
