"""The body of a filing: read whole, within its limit, and decompressed within the same limit; hub."""

import zlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.hub.errors import TooLargeError, UnreadableError, WrongMediaTypeError
from api.wire.batches import MAXIMUM_BODY_BYTES, MEDIA_TYPE
from api.wire.problems import Fault

_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it came."""

    raw: bytes
    is_gzip: bool

    def plain(self) -> bytes:
        """
        Return the body decompressed; runs in a worker thread, because it takes time.

        Raises:
            TooLargeError: it grows beyond `MAXIMUM_BODY_BYTES`.
            UnreadableError: it is not one whole gzip stream.
        """
        return _gunzip(self.raw) if self.is_gzip else self.raw


async def _batch_body(request: Request) -> Body:
    """Read a body whose kind the hub knows."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise WrongMediaTypeError("header/content-type")
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise WrongMediaTypeError("header/content-encoding")
    return Body(await request.body(), coding == "gzip")


BatchBody = Annotated[Body, Depends(_batch_body)]


def _gunzip(raw: bytes) -> bytes:
    """Decompress one gzip stream, never holding more than the limit."""
    stream = zlib.decompressobj(_GZIP)
    plain = b""
    is_whole = False
    try:
        plain = stream.decompress(raw, MAXIMUM_BODY_BYTES + 1)
        is_whole = stream.eof and not stream.unused_data
    except zlib.error:
        is_whole = False
    if len(plain) > MAXIMUM_BODY_BYTES:
        raise TooLargeError
    if not is_whole:
        faults = [Fault(where="body", code="malformed_gzip")]
        raise UnreadableError("the body is not one whole gzip stream", code="malformed_gzip", faults=faults)
    return plain
