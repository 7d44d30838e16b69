"""Disclosure requests of both sides, as the hub last told; on the partner's premises."""

from collections.abc import Iterable

import apsw

from api.wire.disclosures import DisclosureRequest


class Requests:
    """The table `disclosure_request`."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def replace(self, requests: Iterable[DisclosureRequest]) -> None:
        """Keep what the hub tells, in place of all that it told before."""
        self._connection.execute("DELETE FROM disclosure_request")
        self._connection.executemany(
            "INSERT INTO disclosure_request (request_id, match_id, told) VALUES (?, ?, ?)",
            ((each.request_id, each.match_id, each.model_dump_json()) for each in requests),
        )

    def all(self) -> list[DisclosureRequest]:
        """Return all requests that are not over, in the hub's order."""
        rows = self._connection.execute("SELECT told FROM disclosure_request ORDER BY rowid")
        return [DisclosureRequest.model_validate_json(str(row[0])) for row in rows]
