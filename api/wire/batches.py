"""
A batch of entries as it crosses the wire: a short JSON head, then rows of fixed width; both sides of the wire.

    magic "CMB1" | head length, 4 bytes big-endian | head, JSON | rows

A row is entry id (16) | token (16) | sketch (the schema's size) | release (1) | expiry month (2, big-endian).
Fixed width, so that no row tells more than another; no base64, so that 10,000 entries stay below 3 MB.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from pydantic import Field, ValidationError

from api.wire.model import WireModel
from api.wire.statements import Statement
from matcher.encoding import Entry, Envelope, entry_bytes
from matcher.errors import MalformedEncodingError
from matcher.schema import LinkageSchema

MEDIA_TYPE = "application/vnd.casematch.entry-batch"
MAGIC = b"CMB1"
MAXIMUM_ENTRIES = 10_000
MAXIMUM_HEAD_BYTES = 4_096
MAXIMUM_BODY_BYTES = 8 * 2**20  # 10,000 entries of the largest sketch take 5.2 MB
EXPIRY_BASE_YEAR = 2000

_HEAD_LENGTH = struct.Struct(">I")
_TAIL = struct.Struct(">BH")


class Release(IntEnum):
    """What the holder's policy says of an entry: nothing else of it reaches the hub."""

    MANUAL = 0
    AUTOMATIC = 1


class BatchHead(WireModel):
    """The head of a batch: what holds for every row of it."""

    schema_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    key_epoch: int = Field(ge=1, le=65_535)
    encoder_version: int = Field(ge=1, le=65_535)
    statement: Statement
    entries: int = Field(ge=1, le=MAXIMUM_ENTRIES)

    @property
    def envelope(self) -> Envelope:
        """The envelope of all rows."""
        return Envelope(self.schema_id, self.key_epoch, self.encoder_version)


@dataclass(frozen=True, slots=True)
class FiledEntry:
    """
    An entry as it is filed.

    Attributes:
        expires: months since January 2000; the entry is gone after that month.
    """

    entry: Entry
    release: Release
    expires: int


class Receipt(WireModel):
    """The answer to every accepted batch: the same but for its id, whether or not anything met."""

    receipt_id: str
    state: str = "received"


def month_number(year: int, month: int) -> int:
    """Count the months since January 2000."""
    return (year - EXPIRY_BASE_YEAR) * 12 + month - 1


def pack_batch(envelope: Envelope, statement: Statement, rows: Sequence[FiledEntry]) -> bytes:
    """
    Write a batch; the order of `rows` is kept, so shuffle them first.

    Raises:
        ValueError: no rows, or more than `MAXIMUM_ENTRIES`.
    """
    head = BatchHead(
        schema_id=envelope.schema_id,
        key_epoch=envelope.key_epoch,
        encoder_version=envelope.encoder_version,
        statement=statement,
        entries=len(rows),
    )
    head_bytes = head.model_dump_json().encode()
    body = [MAGIC, _HEAD_LENGTH.pack(len(head_bytes)), head_bytes]
    body.extend(row.entry.to_bytes() + _TAIL.pack(row.release, row.expires) for row in rows)
    return b"".join(body)


def unpack_head(body: bytes) -> tuple[BatchHead, int]:
    """
    Read the head of a batch.

    Returns:
        The head, and the offset at which its rows begin.

    Raises:
        MalformedEncodingError: the magic, the length or the head is wrong.
    """
    start = len(MAGIC) + _HEAD_LENGTH.size
    if body[: len(MAGIC)] != MAGIC or len(body) < start:
        raise MalformedEncodingError("does not begin as a batch does", code="batch_magic", where="offset 0")
    (length,) = _HEAD_LENGTH.unpack_from(body, len(MAGIC))
    if length > MAXIMUM_HEAD_BYTES or len(body) < start + length:
        raise MalformedEncodingError("wrong length of the head", code="batch_head", where="offset 4")
    head: BatchHead | None = None
    try:
        head = BatchHead.model_validate_json(body[start : start + length])
    except ValidationError:
        head = None
    if head is None:
        raise MalformedEncodingError("the head cannot be read", code="batch_head", where="offset 8")
    return head, start + length


def unpack_rows(body: bytes, head: BatchHead, offset: int, schema: LinkageSchema) -> Iterator[FiledEntry]:
    """
    Read the rows of a batch.

    Raises:
        MalformedEncodingError: the rows are not as many or as long as the head and the schema say.
    """
    width = entry_bytes(schema)
    step = width + _TAIL.size
    if len(body) - offset != head.entries * step:
        raise MalformedEncodingError("rows are cut, or of another schema", code="batch_rows", where=f"offset {offset}")
    for start in range(offset, len(body), step):
        release, expires = _TAIL.unpack_from(body, start + width)
        if release not in (Release.MANUAL, Release.AUTOMATIC):
            raise MalformedEncodingError("unknown release", code="batch_release", where=f"offset {start + width}")
        yield FiledEntry(Entry.from_bytes(body[start : start + width], schema), Release(release), expires)
