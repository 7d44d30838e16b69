"""
All that ever leaves a partner: envelope and entries, and their byte form; on the wire and on both sides of it.

An entry is an unlinkable handle (random id), a token (look-up) and a sketch (comparison within one block). Every
entry of a schema has the same size, and without the linkage secret its bytes look random: see `tests/privacy`.
The sketch's layout is public; it follows from the schema alone.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from matcher.errors import EnvelopeMismatchError, InvalidSchemaError, MalformedEncodingError
from matcher.schema import Kind, LinkageSchema, SchemaField

ENCODER_VERSION = 1
ENTRY_ID_BYTES = 16
TOKEN_BYTES = 16  # 2**64 tokens before two composite keys share one by chance
PRESENCE_BYTES = 2  # a missing field looks present once in 65,536 comparisons
TAG_BYTES = 2  # two unlike values look equal once in about 25,000 comparisons
NAME_VIEWS = ("raw", "folded", "skeleton")  # the three averaged beat any one
RARITY_SLOTS = ("rare", "very_rare")  # present where few people have the name; agreement on a rare name says more
RARITY_BYTES = 1  # looked at only where names are equal, and then told by all eight bits
DATE_SLOTS = (
    "year",
    "year_even",
    "year_odd",
    "year_four",
    "year_four_shifted",
    "month_present",
    "month",
    "day_present",
    "day",
    "day_month",
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What must be equal before two encodings may be compared."""

    schema_id: str
    key_epoch: int
    encoder_version: int = ENCODER_VERSION

    def require_same(self, other: "Envelope") -> None:
        """
        Refuse unlike envelopes.

        Raises:
            EnvelopeMismatchError: names the part that differs.
        """
        for part in ("schema_id", "key_epoch", "encoder_version"):
            if getattr(self, part) != getattr(other, part):
                raise EnvelopeMismatchError("the encodings differ in it", code="envelope_mismatch", where=part)


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One handle of a record.

    Attributes:
        entry_id: 16 random bytes; which record it stands for is known to the agent alone.
        token: 16 bytes, keyed digest of one composite key.
        sketch: the schema's `sketch_bytes`, under a key derived from the token's PRF output.
    """

    entry_id: bytes
    token: bytes
    sketch: bytes

    def to_bytes(self) -> bytes:
        """Return id, token and sketch, one after the other."""
        return self.entry_id + self.token + self.sketch

    @classmethod
    def from_bytes(cls, data: bytes, schema: LinkageSchema) -> "Entry":
        """
        Read one entry of a schema.

        Raises:
            MalformedEncodingError: the size is not the schema's.
        """
        if len(data) != entry_bytes(schema):
            raise MalformedEncodingError("not the size of this schema's entries", code="entry_size")
        token_end = ENTRY_ID_BYTES + TOKEN_BYTES
        return cls(data[:ENTRY_ID_BYTES], data[ENTRY_ID_BYTES:token_end], data[token_end:])


@dataclass(frozen=True, slots=True)
class Encoding:
    """
    A record as it may leave a partner: entries in random order; empty when no composite key was rare enough.

    Attributes:
        reference: the partner's case reference, for the agent alone; it is no part of any byte form.
    """

    envelope: Envelope
    entries: tuple[Entry, ...]
    reference: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """A run of whole bytes of the sketch: what it belongs to, and where it lies."""

    field: str
    name: str
    start: int
    size: int

    @property
    def stop(self) -> int:
        """First byte after the slot."""
        return self.start + self.size


def entry_bytes(schema: LinkageSchema) -> int:
    """Return the size of an entry of this schema in bytes, id included."""
    return ENTRY_ID_BYTES + TOKEN_BYTES + schema.sketch_bytes


def envelope_of(schema: LinkageSchema) -> Envelope:
    """Return the envelope under which this schema's encodings travel."""
    return Envelope(schema.schema_id, schema.key_epoch)


def slot_sizes(kind: Kind, sketch_bits: int) -> tuple[tuple[str, int], ...]:
    """Return the slots of a field of this kind, in order, each with its size in bytes; presence comes first."""
    closeness = sketch_bits // 8
    if kind is Kind.NAME:
        views = tuple((view, closeness // len(NAME_VIEWS)) for view in NAME_VIEWS)
        return (("present", PRESENCE_BYTES), *views, *((slot, RARITY_BYTES) for slot in RARITY_SLOTS))
    if kind is Kind.DATE:
        return (("present", PRESENCE_BYTES), *((slot, TAG_BYTES) for slot in DATE_SLOTS))
    if kind is Kind.TEXT:
        return (("present", PRESENCE_BYTES), ("grams", closeness))
    grams = (("grams", closeness),) if closeness else ()
    return (("present", PRESENCE_BYTES), ("same", TAG_BYTES), *grams)


@lru_cache(maxsize=64)
def _layout(fields: tuple[SchemaField, ...], sketch_bytes: int) -> tuple[Slot, ...]:
    """Lay the slots of all fields one after the other."""
    slots: list[Slot] = []
    start = 0
    for schema_field in fields:
        for name, size in slot_sizes(schema_field.kind, schema_field.sketch_bits):
            slots.append(Slot(schema_field.name, name, start, size))
            start += size
    if start > sketch_bytes:
        raise InvalidSchemaError(f"the fields need {start} bytes", pointer="/sketch/bytes", code="sketch_too_small")
    return tuple(slots)


def sketch_layout(schema: LinkageSchema) -> tuple[Slot, ...]:
    """
    Return where each field's slots lie in the sketch, in order, without overlap.

    Raises:
        InvalidSchemaError: the fields need more than the schema's sketch bytes.
    """
    return _layout(schema.fields, schema.sketch_bytes)
