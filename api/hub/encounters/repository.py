"""The table of encounters."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks


def replace_encounters(
    connection: Connection, match_id: str, organisation_id: str, encounters: Iterable[Mapping[str, Any]]
) -> None:
    """Put an organisation's encounters in place of those it reported before."""
    table = models.encounter
    here = (table.c.match_id == match_id, table.c.organisation_id == organisation_id)
    connection.execute(delete(table).where(*here))
    rows = [
        {"match_id": match_id, "organisation_id": organisation_id, "number": number, **encounter}
        for number, encounter in enumerate(encounters)
    ]
    if rows:
        connection.execute(insert(table), rows)


def drop_encounters(connection: Connection, match_id: str) -> None:
    """Delete all encounters of a match."""
    connection.execute(delete(models.encounter).where(models.encounter.c.match_id == match_id))


def encounters_of(
    connection: Connection, match_ids: Sequence[str]
) -> dict[str, list[Row[str, str, int, str, str, int | None]]]:
    """Return the encounters of both sides, by match."""
    table = models.encounter.c
    found: dict[str, list[Row[str, str, int, str, str, int | None]]] = {}
    for chunk in in_chunks(match_ids):
        query = select(
            table.match_id, table.organisation_id, table.quarter, table.kind, table.status, table.exit_quarter
        )
        for row in connection.execute(query.where(table.match_id.in_(chunk))):
            found.setdefault(row.match_id, []).append(row)
    return found
