"""The tables of statements and erasures."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, insert, select

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks


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


def erased_digests(connection: Connection, entry_digests: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return the row digests of erased entries, by the keyed digest of their ids."""
    table = models.erased_entry.c
    found: dict[bytes, bytes] = {}
    for chunk in in_chunks(entry_digests):
        query = select(table.entry_digest, table.row_digest).where(table.entry_digest.in_(chunk))
        found.update((row.entry_digest, row.row_digest) for row in connection.execute(query))
    return found


def add_tombs(connection: Connection, tombs: Iterable[Mapping[str, bytes]]) -> None:
    """Keep keyed digests of the ids of erased entries, so that a late repetition does not bring them back."""
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
