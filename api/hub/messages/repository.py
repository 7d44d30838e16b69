"""The tables of sealing keys and of sealed messages."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from api.hub.storage import models

Owner = tuple[str, str]  # project and organisation
KeyRow = Row[str, int, str]
MessageRow = Row[str, str, int, bytes, date, str]


def sealing_key(connection: Connection, owner: Owner) -> KeyRow | None:
    """Return identity, number and note of an organisation's sealing key."""
    table = models.sealing_key.c
    query = select(table.identity, table.number, table.note)
    return connection.execute(
        query.where(table.project_id == owner[0], table.organisation_id == owner[1])
    ).one_or_none()


def set_sealing_key(connection: Connection, owner: Owner, values: Mapping[str, Any]) -> None:
    """Put a sealing key in place of an organisation's earlier one."""
    table = models.sealing_key
    here = (table.c.project_id == owner[0], table.c.organisation_id == owner[1])
    if connection.execute(update(table).where(*here).values(**values)).rowcount == 0:
        row = {"project_id": owner[0], "organisation_id": owner[1], **values}
        connection.execute(insert(table), [row])


def message(connection: Connection, sender_id: str, message_id: str) -> Row[str, bytes, date] | None:
    """Return match, box and end of a message of a sender."""
    table = models.sealed_message.c
    query = select(table.match_id, table.box, table.expires_on)
    return connection.execute(query.where(table.sender_id == sender_id, table.message_id == message_id)).one_or_none()


def add_message(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a message until it is acknowledged or expires."""
    connection.execute(insert(models.sealed_message), [row])


def count_waiting(connection: Connection, match_id: str, sender_id: str) -> int:
    """Return how many messages of one side of a match wait."""
    table = models.sealed_message.c
    query = select(func.count()).where(table.match_id == match_id, table.sender_id == sender_id)
    return int(connection.execute(query).scalar_one())


def waiting(connection: Connection, owner: Owner, today: date, limit: int) -> list[MessageRow]:
    """Return messages that wait for an organisation, with the purpose of their match; in no order of arrival."""
    table, match = models.sealed_message.c, models.match.c
    query = (
        select(table.message_id, table.match_id, table.key_number, table.box, table.expires_on, match.purpose)
        .join_from(models.sealed_message, models.match, match.match_id == table.match_id)
        .where(table.recipient_id == owner[1], table.project_id == owner[0], table.expires_on > today)
        .order_by(table.message_id)
    )
    return list(connection.execute(query.limit(limit)))


def acknowledge(connection: Connection, owner: Owner, message_ids: Sequence[str]) -> int:
    """Delete messages that an organisation has opened; returns how many were there."""
    table = models.sealed_message
    mine = (table.c.recipient_id == owner[1], table.c.project_id == owner[0])
    return connection.execute(delete(table).where(*mine, table.c.message_id.in_(list(message_ids)))).rowcount


def drop_expired(connection: Connection, project_id: str, today: date) -> int:
    """Delete the messages of a project that are over; returns how many."""
    table = models.sealed_message
    over = (table.c.project_id == project_id, table.c.expires_on <= today)
    return connection.execute(delete(table).where(*over)).rowcount
