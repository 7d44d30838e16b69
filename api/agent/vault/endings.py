"""
Cases whose entries must not be at the hub any more, and the hub's receipts for them; on the partner's premises.

An ending is written down at once and stands until the hub has erased the entries, whether it can be reached now or
not. Then the case's entries, meetings and matches are forgotten here too; what stays is that they were erased.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import apsw

from api.agent.consent import Ended


@dataclass(frozen=True, slots=True)
class Ending:
    """
    The end of a case at the hub.

    Attributes:
        entries: number of entries that had left, or may have.
        receipt_id: of the erasure; empty while it waits, and where nothing had left.
    """

    ending_id: int
    case_ref: str = field(repr=False)
    purpose: str
    ended: Ended
    ended_on: str
    entries: int
    receipt_id: str

    @property
    def is_waiting(self) -> bool:
        """Whether the hub has still to erase."""
        return bool(self.entries) and not self.receipt_id


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """
    A receipt of the hub, as kept.

    Attributes:
        entries: number of ids that were sent.
        digest: of these ids, as this agent has computed it.
        note: signed by the hub.
    """

    receipt_id: str
    entries: int
    digest: str
    note: str = field(repr=False)


class Endings:
    """The tables `ending` and `erasure`."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def begin(self, case_refs: Iterable[str], purpose: str, ended: Ended, day: date) -> None:
        """Write down that cases end, with the number of their withdrawn entries; forget those that never left."""
        for case_ref in case_refs:
            count = self._connection.execute(
                "SELECT count(*) FROM entry WHERE case_ref = ? AND state = 'withdrawn'", (case_ref,)
            ).get
            self._connection.execute(
                "INSERT INTO ending (case_ref, purpose, ended, ended_on, entries) VALUES (?, ?, ?, ?, ?)",
                (case_ref, purpose, ended.value, day.isoformat(), count),
            )
            self._forget_case(case_ref)

    def waiting(self, limit: int) -> dict[int, list[bytes]]:
        """Return endings that the hub has still to hear of, oldest first, with their entry ids: at most `limit`."""
        found: dict[int, list[bytes]] = {}
        total = 0
        rows = self._connection.execute(
            "SELECT ending_id, case_ref FROM ending WHERE entries > 0 AND receipt_id IS NULL ORDER BY ending_id"
        )
        for ending_id, case_ref in [(int(row[0]), str(row[1])) for row in rows]:  # read whole before anything else
            entry_ids = self._withdrawn(case_ref)
            if found and total + len(entry_ids) > limit:
                break
            found[ending_id] = entry_ids[:limit]
            total += len(entry_ids)
        return found

    def finish(self, ending_ids: Sequence[int], receipt: KeptReceipt, entry_ids: Iterable[bytes]) -> None:
        """Keep the receipt, and forget the entries and all that was known through them."""
        self._connection.execute(
            "INSERT INTO erasure (receipt_id, entries, digest, note) VALUES (?, ?, ?, ?)",
            (receipt.receipt_id, receipt.entries, receipt.digest, receipt.note),
        )
        for entry_id in entry_ids:
            self._connection.execute("DELETE FROM meeting WHERE entry_id = ?", (entry_id,))
            self._connection.execute("DELETE FROM entry WHERE entry_id = ? AND state = 'withdrawn'", (entry_id,))
        for ending_id in ending_ids:
            self._connection.execute(
                "UPDATE ending SET receipt_id = ? WHERE ending_id = ?", (receipt.receipt_id, ending_id)
            )
            case_ref = self._connection.execute("SELECT case_ref FROM ending WHERE ending_id = ?", (ending_id,)).get
            self._forget_case(case_ref)

    def all(self, case_ref: str = "") -> list[Ending]:
        """Return all endings, oldest first; of one case if it is named."""
        rows = self._connection.execute(
            "SELECT ending_id, case_ref, purpose, ended, ended_on, entries, receipt_id FROM ending "
            "WHERE ? IN ('', case_ref) ORDER BY ending_id",
            (case_ref,),
        )
        return [Ending(row[0], row[1], row[2], Ended(row[3]), row[4], row[5], row[6] or "") for row in rows]

    def receipt(self, receipt_id: str) -> KeptReceipt:
        """Return a receipt that is kept."""
        row = self._connection.execute(
            "SELECT receipt_id, entries, digest, note FROM erasure WHERE receipt_id = ?", (receipt_id,)
        ).get
        return KeptReceipt(*row)

    def forget_old_pages(self) -> None:
        """Bring the write-ahead log into the file and empty it, so that nothing forgotten stays in either."""
        self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def _withdrawn(self, case_ref: str) -> list[bytes]:
        """Return the ids of a case's withdrawn entries."""
        rows = self._connection.execute(
            "SELECT entry_id FROM entry WHERE case_ref = ? AND state = 'withdrawn' ORDER BY entry_id", (case_ref,)
        )
        return [row[0] for row in rows]

    def _forget_case(self, case_ref: str) -> None:
        """Forget a case of which no entry is left: its reference, its encounters, its matches."""
        left = self._connection.execute("SELECT count(*) FROM entry WHERE case_ref = ?", (case_ref,)).get
        if left:
            return
        self._connection.execute(
            "DELETE FROM disclosure_request WHERE match_id IN (SELECT match_id FROM match WHERE reference IN "
            "(SELECT reference FROM case_record WHERE case_ref = ?))",
            (case_ref,),
        )
        self._connection.execute(
            "DELETE FROM match WHERE reference IN (SELECT reference FROM case_record WHERE case_ref = ?)", (case_ref,)
        )
        self._connection.execute("DELETE FROM case_record WHERE case_ref = ?", (case_ref,))
