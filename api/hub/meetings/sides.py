"""
Which entry a side of a meeting is of: sealed, and a tag to find it by; hub.

Neither is what the table of entries calls it: without the hub's key, meetings and entries cannot be joined.
"""

from collections.abc import Iterable

from api.hub.keys import HubKey, keyed_digest
from api.hub.sealing import Seal


class SideSeal:
    """Tags and seals the entries of sides, under keys that are derived once."""

    def __init__(self, key: HubKey) -> None:
        """Derive the keys."""
        self._tag_key = key.derive("met-entry")
        self._seal = Seal(key, "met-entry-box")

    def tag(self, entry_id: bytes) -> bytes:
        """Return by what the sides of an entry are found."""
        return keyed_digest(self._tag_key, entry_id)

    def tags(self, entry_ids: Iterable[bytes]) -> list[bytes]:
        """Return the tags of entries, sorted."""
        return sorted(map(self.tag, entry_ids))

    def columns(self, entry_id: bytes, meeting_id: str, organisation_id: str) -> dict[str, bytes]:
        """Return the columns of a side that say which entry it is of."""
        box = self._seal.seal(entry_id, meeting_id.encode(), organisation_id.encode())
        return {"entry_tag": self.tag(entry_id), "entry_box": box}

    def entry_id(self, box: bytes, meeting_id: str, organisation_id: str) -> bytes:
        """
        Return which entry a side is of.

        Raises:
            BrokenSealError: the row was altered, or is of a hub with another key.
        """
        return self._seal.open(bytes(box), meeting_id.encode(), organisation_id.encode())
