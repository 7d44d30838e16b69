"""
Opaque cursors of the lists: where an organisation's reading of its own changes stands; hub.

A cursor holds a number that counts this organisation's own visible changes only, under a keyed checksum, so that
nobody can take one for something to calculate with.
"""

import base64
import binascii
import hmac

from api.hub.errors import UnreadableError
from api.hub.keys import HubKey, keyed_digest
from api.wire.problems import Fault

_NUMBER_BYTES = 8


def write_cursor(key: HubKey, owner: tuple[str, ...], number: int) -> str:
    """Return the cursor after change `number`; `owner` says whose list, of what."""
    body = number.to_bytes(_NUMBER_BYTES, "big")
    return base64.urlsafe_b64encode(body + keyed_digest(key.derive("cursor", *owner), body)).rstrip(b"=").decode()


def read_cursor(key: HubKey, owner: tuple[str, ...], cursor: str) -> int:
    """
    Return the number in a cursor; 0 for the empty one, which is the start.

    Raises:
        UnreadableError: it is none that this hub gave to this organisation.
    """
    if not cursor:
        return 0
    raw = b""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==")
    except (binascii.Error, ValueError):
        raw = b""
    body, checksum = raw[:_NUMBER_BYTES], raw[_NUMBER_BYTES:]
    if not hmac.compare_digest(checksum, keyed_digest(key.derive("cursor", *owner), body)):
        fault = Fault(where="query/cursor", code="unknown_cursor")
        raise UnreadableError("the cursor is none of this hub's", code="unknown_cursor", faults=[fault])
    return int.from_bytes(body, "big")
