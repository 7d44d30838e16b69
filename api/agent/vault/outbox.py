"""
Entries on their way to the hub; on the partner's premises.

An entry is *waiting* until the hub has acknowledged its batch, then *sent* (token and sketch are dropped: the hub has
them); it is *withdrawn* when its case has changed, until the hub has erased it. A batch is written down before it is
sent, and its entries keep their ids for ever, so that a killed push sends the very same rows again.

Entry ids are 16 random bytes, so their order is a shuffle over all cases: it is the order of sending.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import apsw

from api.agent.vault.connection import transaction
from api.wire.batches import FiledEntry, Release
from api.wire.statements import Purpose, Statement
from matcher.encoding import Encoding, Entry, Envelope

# Waits in no batch yet, or in a refused one; of the cases in a JSON list, given twice, or of all when that is null.
_FREE = (
    "state = 'waiting' AND (batch_id IS NULL OR batch_id IN (SELECT batch_id FROM batch WHERE receipt = 'refused')) "
    "AND (? IS NULL OR case_ref IN (SELECT value FROM json_each(?)))"
)


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch that the hub has not acknowledged yet."""

    batch_id: int
    envelope: Envelope
    statement: Statement
    rows: tuple[FiledEntry, ...]


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """Numbers of entries by state."""

    waiting: int
    sent: int
    withdrawn: int


class Outbox:
    """The tables `entry` and `batch`."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def put(self, encoding: Encoding, release: Release, expires: int) -> None:
        """Let a case's entries wait; its reference must be kept already."""
        self._connection.executemany(
            "INSERT INTO entry (entry_id, case_ref, token, sketch, release, expires, batch_id, state) "
            "VALUES (?, ?, ?, ?, ?, ?, NULL, 'waiting')",
            (
                (entry.entry_id, encoding.reference, entry.token, entry.sketch, int(release), expires)
                for entry in encoding.entries
            ),
        )

    def withdraw(self, case_refs: Iterable[str]) -> None:
        """Take back all entries of these cases: forget those that never left, mark the others for erasure."""
        for case_ref in case_refs:
            self._connection.execute("DELETE FROM entry WHERE case_ref = ? AND batch_id IS NULL", (case_ref,))
            self._connection.execute(
                "UPDATE entry SET state = 'withdrawn', token = NULL, sketch = NULL WHERE case_ref = ?", (case_ref,)
            )

    def open_batches(
        self, envelope: Envelope, statement: Statement, size: int, case_refs: Sequence[str] | None = None
    ) -> list[int]:
        """
        Write down batches for waiting entries, and return every batch that is not acknowledged, oldest first.

        Args:
            envelope: under which the entries were made.
            statement: for the new batches; batches that are open already keep theirs, but cite its approval if they
                are for the same case.
            size: greatest number of entries in a batch.
            case_refs: whose entries are sent; None sends all.
        """
        chosen = None if case_refs is None else json.dumps(list(case_refs))
        with transaction(self._connection):
            self._cite_anew(statement)
            free = self._connection.execute(f"SELECT count(*) FROM entry WHERE {_FREE}", (chosen, chosen)).get  # noqa: S608 - a constant
            for _ in range(0, free, size):
                self._open_batch(envelope, statement, size, chosen)
            return [
                row[0]
                for row in self._connection.execute("SELECT batch_id FROM batch WHERE receipt IS NULL ORDER BY 1")
            ]

    def _cite_anew(self, statement: Statement) -> None:
        """Let open batches of the same case cite a new approval: theirs may have expired."""
        self._connection.execute(
            "UPDATE batch SET approval_id = ? WHERE receipt IS NULL AND case_tag = ? AND lawful_basis = ?",
            (statement.approval_id, statement.case_tag, statement.lawful_basis),
        )

    def _open_batch(self, envelope: Envelope, statement: Statement, size: int, chosen: str | None) -> None:
        """Write down one batch of the first free entries, in the order of their random ids."""
        self._connection.execute(
            "INSERT INTO batch (purpose, reason, case_tag, lawful_basis, approval_id, schema_id, key_epoch, "
            "encoder_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                statement.purpose.value,
                statement.reason,
                statement.case_tag,
                statement.lawful_basis,
                statement.approval_id,
                envelope.schema_id,
                envelope.key_epoch,
                envelope.encoder_version,
            ),
        )
        self._connection.execute(
            "UPDATE entry SET batch_id = ? WHERE entry_id IN (SELECT entry_id FROM entry "  # noqa: S608 - a constant
            f"WHERE {_FREE} ORDER BY entry_id LIMIT ?)",
            (self._connection.last_insert_rowid(), chosen, chosen, size),
        )

    def batch(self, batch_id: int) -> OpenBatch:
        """Return a batch with the rows that still wait, in the same order each time; entries withdrawn are left out."""
        purpose, reason, *police, schema_id, key_epoch, version = self._connection.execute(
            "SELECT purpose, reason, case_tag, lawful_basis, approval_id, schema_id, key_epoch, encoder_version "
            "FROM batch WHERE batch_id = ?",
            (batch_id,),
        ).get
        rows = self._connection.execute(
            "SELECT entry_id, token, sketch, release, expires FROM entry "
            "WHERE batch_id = ? AND state = 'waiting' ORDER BY entry_id",
            (batch_id,),
        )
        filed = tuple(FiledEntry(Entry(row[0], row[1], row[2]), Release(row[3]), row[4]) for row in rows)
        stated = dict(zip(("case_tag", "lawful_basis", "approval_id"), police, strict=True))
        statement = Statement(purpose=Purpose(purpose), reason=reason, **stated)
        return OpenBatch(batch_id, Envelope(schema_id, key_epoch, version), statement, filed)

    def acknowledge(self, batch: OpenBatch, receipt: str) -> None:
        """Note that the hub has these rows, and drop their tokens and sketches."""
        with transaction(self._connection):
            self._connection.execute("UPDATE batch SET receipt = ? WHERE batch_id = ?", (receipt, batch.batch_id))
            self._connection.executemany(
                "UPDATE entry SET state = 'sent', token = NULL, sketch = NULL WHERE entry_id = ? AND state = 'waiting'",
                ((row.entry.entry_id,) for row in batch.rows),
            )

    def set_refused(self, batch_id: int) -> None:
        """Free a batch's rows for another statement; they count as having left, for an earlier answer may be lost."""
        self._connection.execute("UPDATE batch SET receipt = 'refused' WHERE batch_id = ?", (batch_id,))

    def withdrawn(self, limit: int) -> list[bytes]:
        """Return up to `limit` entry ids that the hub must erase."""
        rows = self._connection.execute(
            "SELECT entry_id FROM entry WHERE state = 'withdrawn' ORDER BY entry_id LIMIT ?", (limit,)
        )
        return [row[0] for row in rows]

    def forget(self, entry_ids: Sequence[bytes]) -> None:
        """Drop entries that the hub has erased, with the meetings they were in."""
        with transaction(self._connection):
            for entry_id in entry_ids:
                self._connection.execute("DELETE FROM meeting WHERE entry_id = ?", (entry_id,))
                self._connection.execute("DELETE FROM entry WHERE entry_id = ? AND state = 'withdrawn'", (entry_id,))

    def entries_of(self, case_ref: str) -> list[bytes]:
        """Return the ids of a case's entries that have left, or may have."""
        rows = self._connection.execute(
            "SELECT entry_id FROM entry WHERE case_ref = ? AND batch_id IS NOT NULL ORDER BY entry_id", (case_ref,)
        )
        return [row[0] for row in rows]

    def number_of(self, case_ref: str) -> int:
        """Count a case's entries that wait or are at the hub."""
        return int(
            self._connection.execute(
                "SELECT count(*) FROM entry WHERE case_ref = ? AND state <> 'withdrawn'", (case_ref,)
            ).get
        )

    def counts(self) -> OutboxCounts:
        """Count the entries by state."""
        found = dict(iter(self._connection.execute("SELECT state, count(*) FROM entry GROUP BY state")))
        return OutboxCounts(found.get("waiting", 0), found.get("sent", 0), found.get("withdrawn", 0))
