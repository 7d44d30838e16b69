"""Ids that stand in a path; hub."""

import re

from api.hub.errors import NotFoundError

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def require_id(text: str) -> str:
    """
    Return an id as the hub writes them.

    Raises:
        NotFoundError: it is no such id; the same answer as for one that is not there.
    """
    if _UUID.fullmatch(text) is None:
        raise NotFoundError
    return text
