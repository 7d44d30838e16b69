"""From the rows of a batch to what the hub keeps of them: re-keyed tokens, row digests; hub."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.hub.context import Hub
from api.hub.entries.crafted import refuse_crafted
from api.hub.errors import ConflictError, UnreadableError
from api.hub.kept.entry import KeptEntry
from api.hub.keys import HubKey, keyed_digest
from api.hub.meetings.newcomers import Newcomer
from api.hub.policy import Member
from api.hub.projects.service import Agreement
from api.wire.batches import BatchHead, FiledEntry, Release, unpack_rows
from api.wire.problems import Fault
from matcher.errors import MalformedEncodingError

EXPIRY_SLACK_MONTHS = 1  # the agent's calendar may be a day ahead of the hub's
FAULTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a batch as it will be kept; `place` is its number in the batch, from 0."""

    place: int
    newcomer: Newcomer
    expires: int
    digest: bytes

    def kept(self, statement_id: str, arrived_on: date) -> KeptEntry:
        """Return its entry."""
        return KeptEntry(
            entry_id=self.newcomer.entry_id,
            token=self.newcomer.token,
            sketch=self.newcomer.sketch,
            statement_id=statement_id,
            is_automatic=self.newcomer.is_automatic,
            expires=self.expires,
            arrived_on=arrived_on,
            row_digest=self.digest,
        )


def read_rows(hub: Hub, member: Member, agreement: Agreement, head: BatchHead, body: bytes, offset: int) -> list[Row]:
    """
    Read the rows of a batch.

    Raises:
        UnreadableError: rows are cut, unknown, not an agent's, or expire out of range.
        ConflictError: the project does not know the purpose.
    """
    if head.statement.purpose not in agreement.purposes:
        faults = [Fault(where="head/statement/purpose", code="unknown_purpose")]
        raise ConflictError("the project has not agreed on this purpose", code="unknown_purpose", faults=faults)
    filed = _unpack(body, head, offset, agreement)
    refuse_crafted(filed)
    _refuse_expiry(filed, hub.month, hub.month + agreement.retention_months + EXPIRY_SLACK_MONTHS)
    keeper = RowKeeper(hub.key, member.project_id, member.organisation_id, head)
    rows = [keeper.keep(place, entry) for place, entry in enumerate(filed)]
    return _without_repeats(rows)


def require_same_rows(rows: Sequence[Row], on_file: dict[bytes, bytes]) -> None:
    """
    Refuse entries that were filed before with other content.

    Args:
        rows: of the batch.
        on_file: entry ids and row digests of what was filed before.

    Raises:
        ConflictError: names the places of such rows, at most `FAULTS_SHOWN`.
    """
    wrong = [row.place for row in rows if on_file.get(row.newcomer.entry_id, row.digest) != row.digest]
    if wrong:
        faults = [Fault(where=f"row {place}", code="entry_differs") for place in wrong[:FAULTS_SHOWN]]
        raise ConflictError("entries were filed before with other content", code="entry_differs", faults=faults)


def entry_digest(key: HubKey, entry_id: bytes) -> bytes:
    """Return what is kept of an erased entry's id."""
    return keyed_digest(key.derive("erased-entry"), entry_id)


class RowKeeper:
    """Turns filed entries into rows, under keys that are derived once."""

    def __init__(self, key: HubKey, project_id: str, organisation_id: str, head: BatchHead) -> None:
        """Derive the keys; the purpose is in the token's, so that purposes cannot meet."""
        purpose, reason = head.statement.purpose.value, head.statement.reason
        scope = (project_id, str(head.key_epoch))
        self._token_key = key.derive("token", *scope, purpose)
        self._row_key = key.derive("row", *scope, purpose, reason, organisation_id)

    def keep(self, place: int, filed: FiledEntry) -> Row:
        """Re-key the token, and digest the row."""
        entry = filed.entry
        tail = bytes([filed.release]) + filed.expires.to_bytes(2, "big")
        newcomer = Newcomer(
            entry_id=entry.entry_id,
            token=keyed_digest(self._token_key, entry.token),
            sketch=entry.sketch,
            is_automatic=filed.release is Release.AUTOMATIC,
        )
        return Row(place, newcomer, filed.expires, keyed_digest(self._row_key, entry.to_bytes() + tail))


def _unpack(body: bytes, head: BatchHead, offset: int, agreement: Agreement) -> list[FiledEntry]:
    """Read the rows, and turn the library's error into the hub's."""
    fault: MalformedEncodingError | None = None
    filed: list[FiledEntry] = []
    try:
        filed = list(unpack_rows(body, head, offset, agreement.schema))
    except MalformedEncodingError as error:
        fault = error
    if fault is not None:
        raise unreadable(fault)
    return filed


def unreadable(error: MalformedEncodingError) -> UnreadableError:
    """Return the problem for bytes that are no batch."""
    return UnreadableError(
        "the batch cannot be read", code="malformed_batch", faults=[Fault(where=error.where, code=error.code)]
    )


def _refuse_expiry(filed: Sequence[FiledEntry], first: int, last: int) -> None:
    """Refuse rows that expired already, or would stay longer than the project keeps anything."""
    wrong = [place for place, entry in enumerate(filed) if not first <= entry.expires <= last]
    if wrong:
        faults = [Fault(where=f"row {place}", code="batch_expiry") for place in wrong[:FAULTS_SHOWN]]
        raise UnreadableError("expiry before this month or after the retention", code="batch_expiry", faults=faults)


def _without_repeats(rows: Sequence[Row]) -> list[Row]:
    """Count a row that is repeated within its batch once; refuse two of one id that differ."""
    first = {row.newcomer.entry_id: row.digest for row in reversed(rows)}
    require_same_rows(rows, first)
    return list({row.newcomer.entry_id: row for row in reversed(rows)}.values())
