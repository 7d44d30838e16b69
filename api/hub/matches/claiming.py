"""
For which record a meeting is claimed: sealed, and a tag to find a record's claims by; hub.

A tag that all claims of a record shared would say how many meetings it has, and that number names people: four of five,
for somebody with a copy of all files. So a claim takes one of many tags of its record by chance, and whoever looks for
a record's claims asks for all of them.
"""

import secrets

from api.hub.keys import HubKey, keyed_digest
from api.hub.sealing import Seal

SLOTS = 512  # tags of a record: of 20 claims, two share one in a third of all records; a look-up takes about 1 ms


class ClaimSeal:
    """Tags and seals the references of claims, under keys that are derived once."""

    def __init__(self, key: HubKey) -> None:
        """Derive the keys."""
        self._key = key
        self._seal = Seal(key, "claim-box")

    def tags(self, project_id: str, organisation_id: str, reference: bytes) -> list[bytes]:
        """Return all tags under which claims of a reference may stand."""
        tag_key = self._key.derive("claim", project_id, organisation_id, reference.hex())
        return [keyed_digest(tag_key, slot.to_bytes(2, "big")) for slot in range(SLOTS)]

    def box(self, reference: bytes, meeting_id: str, organisation_id: str) -> bytes:
        """Return a claim's reference, sealed."""
        return self._seal.seal(reference, meeting_id.encode(), organisation_id.encode())

    def reference(self, box: bytes, meeting_id: str, organisation_id: str) -> bytes:
        """
        Return for which record a meeting is claimed.

        Raises:
            BrokenSealError: the row was altered, or is of a hub with another key.
        """
        return self._seal.open(bytes(box), meeting_id.encode(), organisation_id.encode())


def any_of(tags: list[bytes]) -> bytes:
    """Return one of the tags by chance."""
    return secrets.choice(tags)
