"""
An entry as the hub keeps it, and what of it lies under the seal; hub.

In the open stand a keyed digest of its id, one of its seat, and a tag of project and month for expiry. The entries
under one token stand in seats 0, 1, 2, …, each under a digest of token and seat: the hub asks for one after the other
until one is empty, and whoever has the file without the hub's key cannot tell which entries share a token, whose an
entry is, what it came with, or how alike it is to another.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from api.hub.keys import DIGEST_BYTES, HubKey, keyed_digest
from api.hub.sealing import Seal
from matcher.encoding import ENTRY_ID_BYTES

_STATEMENT_BYTES, _MONTH_BYTES, _DAY_BYTES, _SEAT_BYTES = 16, 2, 4, 4
_PARTS = (ENTRY_ID_BYTES, DIGEST_BYTES, _STATEMENT_BYTES, 1, _MONTH_BYTES, _DAY_BYTES, DIGEST_BYTES)  # then the sketch


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """
    An entry on file.

    Attributes:
        token: re-keyed.
        statement_id: under which it was filed: whose it is, and for what.
        is_automatic: whether its meetings may be released by rule.
        expires: the last month it is kept, counted from the year 0.
        row_digest: keyed digest of the row it came in.
    """

    entry_id: bytes
    token: bytes
    sketch: bytes
    statement_id: str
    is_automatic: bool
    expires: int
    arrived_on: date
    row_digest: bytes


class EntrySeal:
    """Turns entries into rows and back, under keys that are derived once."""

    def __init__(self, key: HubKey) -> None:
        """Derive the keys."""
        self._key = key
        self._digest_key = key.derive("entry")
        self._seat_key = key.derive("seat")
        self._seal = Seal(key, "entry-box")

    def digest(self, entry_id: bytes) -> bytes:
        """Return by what an entry is found."""
        return keyed_digest(self._digest_key, entry_id)

    def seat_digest(self, token: bytes, seat: int) -> bytes:
        """Return by what the entry in a seat of a token is found; seats count from 0."""
        return keyed_digest(self._seat_key, token + seat.to_bytes(_SEAT_BYTES, "big"))

    def expiry_tag(self, project_id: str, month: int) -> bytes:
        """Return by what the entries of a project that expire after a month are found."""
        return keyed_digest(self._key.derive("expiry", project_id), month.to_bytes(_MONTH_BYTES, "big"))

    def rows(
        self, project_id: str, entries: Sequence[KeptEntry], seats: Sequence[int]
    ) -> list[tuple[bytes, bytes, bytes, bytes]]:
        """Return seat's digest, digest, expiry tag and box of entries, in the order of their seats' digests."""
        tags = {month: self.expiry_tag(project_id, month) for month in {entry.expires for entry in entries}}
        rows = []
        for entry, seat in zip(entries, seats, strict=True):
            digest, seat_digest = self.digest(entry.entry_id), self.seat_digest(entry.token, seat)
            rows.append((seat_digest, digest, tags[entry.expires], self.box(entry, digest, seat_digest)))
        return sorted(rows)

    def box(self, entry: KeptEntry, digest: bytes, seat_digest: bytes) -> bytes:
        """Return an entry, sealed into its row."""
        content = b"".join(
            (
                entry.entry_id,
                entry.token,
                _statement_bytes(entry.statement_id),
                bytes([entry.is_automatic]),
                entry.expires.to_bytes(_MONTH_BYTES, "big"),
                entry.arrived_on.toordinal().to_bytes(_DAY_BYTES, "big"),
                entry.row_digest,
                entry.sketch,
            )
        )
        return self._seal.seal(content, digest, seat_digest)

    def entry(self, digest: bytes, seat_digest: bytes, box: bytes) -> KeptEntry:
        """
        Return the entry of a row.

        Raises:
            BrokenSealError: the row was altered, or is of a hub with another key.
        """
        content = self._seal.open(box, digest, seat_digest)
        parts, start = [], 0
        for size in _PARTS:
            parts.append(content[start : start + size])
            start += size
        entry_id, token, statement, automatic, month, day, row_digest = parts
        return KeptEntry(
            entry_id=entry_id,
            token=token,
            sketch=content[start:],
            statement_id=_statement_id(statement),
            is_automatic=automatic == b"\x01",
            expires=int.from_bytes(month, "big"),
            arrived_on=date.fromordinal(int.from_bytes(day, "big")),
            row_digest=row_digest,
        )


@lru_cache
def _statement_bytes(statement_id: str) -> bytes:
    """Return a statement's id as it lies in a box; a hub has few statements."""
    return uuid.UUID(statement_id).bytes


@lru_cache
def _statement_id(packed: bytes) -> str:
    """Return a statement's id as other tables have it."""
    return str(uuid.UUID(bytes=packed))


@lru_cache(maxsize=4)
def entry_seal(key: HubKey) -> EntrySeal:
    """Return the seal of a hub's entries; made once for a hub, because its keys take as long as twenty entries."""
    return EntrySeal(key)
