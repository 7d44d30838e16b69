"""The tables of statements and erasures."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import BindParameter, Connection, bindparam, insert, select

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks

_statement, _erased = models.statement.c, models.erased_entry.c

# made once, as filings ask them: to build a statement takes longer than to run it
_STATEMENT_ID = select(_statement.statement_id).where(
    _statement.project_id == bindparam("project_id"),
    _statement.organisation_id == bindparam("organisation_id"),
    _statement.purpose == bindparam("purpose"),
    _statement.reason == bindparam("reason"),
)
_DIGESTS: BindParameter[bytes] = bindparam("digests", expanding=True)
_ERASED = select(_erased.entry_digest, _erased.row_digest).where(_erased.entry_digest.in_(_DIGESTS))


def statement_id(connection: Connection, project_id: str, organisation_id: str, purpose: str, reason: str) -> str:
    """Return the id of an organisation's statement; the same for all filings that state the same."""
    values = {"project_id": project_id, "organisation_id": organisation_id, "purpose": purpose, "reason": reason}
    found = connection.execute(_STATEMENT_ID, values).scalar_one_or_none()
    if found is None:
        found = str(uuid.uuid4())
        connection.execute(insert(models.statement), [{"statement_id": found, **values}])
    return str(found)


def erased_digests(connection: Connection, entry_digests: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return the row digests of erased entries, by the keyed digest of their ids."""
    found: dict[bytes, bytes] = {}
    for chunk in in_chunks(entry_digests):
        rows = connection.execute(_ERASED, {"digests": chunk})
        found.update((row.entry_digest, row.row_digest) for row in rows)
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
