"""The table of grants."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks

GrantRow = Row[str, str, int, date, int | None]


def add_grant(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new grant."""
    connection.execute(insert(models.disclosure_grant), [row])


def grants_of(connection: Connection, match_ids: Sequence[str], today: date) -> list[GrantRow]:
    """Return match, holder, rung, last day and last second of the grants that are not over by day."""
    table = models.disclosure_grant.c
    found: list[GrantRow] = []
    for chunk in in_chunks(match_ids):
        query = select(table.match_id, table.holder_id, table.rung, table.expires_on, table.expires_at)
        found.extend(connection.execute(query.where(table.match_id.in_(chunk), table.expires_on > today)))
    return found


def drop_grants(connection: Connection, match_id: str) -> None:
    """Delete all grants of a match."""
    table = models.disclosure_grant
    connection.execute(delete(table).where(table.c.match_id == match_id))
