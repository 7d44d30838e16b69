"""What Schemathesis has to be told of this interface: how a batch is sent, and that integers have no point."""

from typing import Any

import schemathesis

MEDIA_TYPE = "application/vnd.casematch.entry-batch"


@schemathesis.serializer(MEDIA_TYPE)
def send_as_it_is(_context: Any, value: Any) -> bytes:
    """Send the bytes that were made up."""
    content = getattr(value, "data", value)
    return content if isinstance(content, bytes) else str(content).encode()


@schemathesis.hook
def map_body(_context: Any, body: Any) -> Any:
    """Write whole numbers without a point: JSON Schema takes 7.0 for an integer, the hub does not."""
    return _whole(body)


def _whole(value: Any) -> Any:
    """Replace whole floating numbers, at any depth."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value
