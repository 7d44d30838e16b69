"""The tables of statements, entries and erasures."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from api.hub.storage import models
from api.hub.storage.chunks import IN_CHUNK, in_chunks


def statement_id(connection: Connection, project_id: str, organisation_id: str, purpose: str, reason: str) -> str:
    """Return the id of an organisation's statement; the same for all filings that state the same."""
    table = models.statement
    values = {"project_id": project_id, "organisation_id": organisation_id, "purpose": purpose, "reason": reason}
    query = select(table.c.statement_id).where(*(table.c[name] == value for name, value in values.items()))
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        found = str(uuid.uuid4())
        connection.execute(insert(table), [{"statement_id": found, **values}])
    return str(found)


def row_digests(connection: Connection, entry_ids: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return the digests of the rows under which entries were filed; only of those on file."""
    table = models.entry.c
    found: dict[bytes, bytes] = {}
    for chunk in in_chunks(entry_ids):
        query = select(table.entry_id, table.row_digest).where(table.entry_id.in_(chunk))
        found.update((row.entry_id, row.row_digest) for row in connection.execute(query))
    return found


def erased_digests(connection: Connection, entry_digests: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return the row digests of erased entries, by the keyed digest of their ids."""
    table = models.erased_entry.c
    found: dict[bytes, bytes] = {}
    for chunk in in_chunks(entry_digests):
        query = select(table.entry_digest, table.row_digest).where(table.entry_digest.in_(chunk))
        found.update((row.entry_digest, row.row_digest) for row in connection.execute(query))
    return found


def add_entries(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep entries, in the order of their random ids, so that the file does not keep the order of the batch."""
    ordered = sorted(rows, key=lambda row: bytes(row["entry_id"]))
    if ordered:
        connection.execute(insert(models.entry), ordered)


def own_entries(
    connection: Connection, project_id: str, organisation_id: str, entry_ids: Sequence[bytes]
) -> dict[bytes, bytes]:
    """Return the row digests of those entries that an organisation has on file in a project."""
    entry, statement = models.entry.c, models.statement.c
    own = (statement.project_id == project_id, statement.organisation_id == organisation_id)
    found: dict[bytes, bytes] = {}
    for chunk in in_chunks(entry_ids):
        query = (
            select(entry.entry_id, entry.row_digest)
            .join_from(models.entry, models.statement, entry.statement_id == statement.statement_id)
            .where(*own, entry.entry_id.in_(chunk))
        )
        found.update((row.entry_id, row.row_digest) for row in connection.execute(query))
    return found


def expired_entries(connection: Connection, project_id: str, month: int) -> dict[bytes, bytes]:
    """Return some of a project's entries, at most `IN_CHUNK`, whose month is over; with their row digests."""
    entry, statement = models.entry.c, models.statement.c
    query = (
        select(entry.entry_id, entry.row_digest)
        .join_from(models.entry, models.statement, entry.statement_id == statement.statement_id)
        .where(statement.project_id == project_id, entry.expires < month)
        .limit(IN_CHUNK)
    )
    return {row.entry_id: row.row_digest for row in connection.execute(query)}


def forget_entries(connection: Connection, entry_ids: Sequence[bytes], tombs: Iterable[Mapping[str, bytes]]) -> None:
    """Delete entries; keep keyed digests of their ids, so that a late repetition does not bring them back."""
    for chunk in in_chunks(entry_ids):
        connection.execute(delete(models.entry).where(models.entry.c.entry_id.in_(chunk)))
    ordered = sorted(tombs, key=lambda row: row["entry_digest"])
    if ordered:
        connection.execute(insert(models.erased_entry), ordered)


def add_erasure(
    connection: Connection, receipt_id: str, project_id: str, organisation_id: str, erased_on: date
) -> None:
    """Keep that an organisation asked, not for what."""
    row = {
        "receipt_id": receipt_id,
        "project_id": project_id,
        "organisation_id": organisation_id,
        "erased_on": erased_on,
    }
    connection.execute(insert(models.erasure), [row])
