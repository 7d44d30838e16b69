"""The tables of webhooks and of what waits to be delivered to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from api.hub.storage import models

Owner = tuple[str, str]  # project and organisation
WebhookRow = Row[str, bytes, bytes | None, int]
WaitingRow = Row[str, str, str, str, str, int, str, bytes, bytes | None, int]


def webhook(connection: Connection, owner: Owner) -> WebhookRow | None:
    """Return url, salts and the second in which the old salt ends."""
    table = models.webhook.c
    query = select(table.url, table.salt, table.old_salt, table.old_until).where(*_of(models.webhook, owner))
    return connection.execute(query).one_or_none()


def set_webhook(connection: Connection, owner: Owner, values: Mapping[str, Any]) -> None:
    """Put a webhook in place of an organisation's earlier one."""
    table = models.webhook
    if connection.execute(update(table).where(*_of(table, owner)).values(**values)).rowcount == 0:
        row = {"project_id": owner[0], "organisation_id": owner[1], **values}
        connection.execute(insert(table), [row])


def drop_webhook(connection: Connection, owner: Owner) -> None:
    """Forget a webhook, and what waits for it."""
    for table in (models.webhook_event, models.webhook):
        connection.execute(delete(table).where(*_of(table, owner)))


def add_event(connection: Connection, row: Mapping[str, Any]) -> None:
    """Let a delivery wait."""
    connection.execute(insert(models.webhook_event), [row])


def is_waiting(connection: Connection, owner: Owner, event_type: str, thing_id: str) -> bool:
    """Tell whether the same waits already and was never tried."""
    table = models.webhook_event
    same = (table.c.type == event_type, table.c.thing_id == thing_id, table.c.attempts == 0)
    return connection.execute(select(table.c.event_id).where(*_of(table, owner), *same)).first() is not None


def due(connection: Connection, now: int, limit: int) -> list[WaitingRow]:
    """Return what is to be delivered now, longest due first, with its webhook; of a suspended organisation nothing."""
    event, hook, organisation = models.webhook_event.c, models.webhook.c, models.organisation.c
    here = and_(hook.project_id == event.project_id, hook.organisation_id == event.organisation_id)
    query = (
        select(
            event.event_id,
            event.project_id,
            event.organisation_id,
            event.type,
            event.thing_id,
            event.attempts,
            hook.url,
            hook.salt,
            hook.old_salt,
            hook.old_until,
        )
        .join_from(models.webhook_event, models.webhook, here)
        .join(models.organisation, organisation.organisation_id == event.organisation_id)
        .where(event.due_at <= now, organisation.is_suspended.is_(False))
        .order_by(event.due_at, event.event_id)
    )
    return list(connection.execute(query.limit(limit)))


def take(connection: Connection, event_id: str, attempts: int, due_at: int) -> bool:
    """Count an attempt before it is made; False when another worker has taken it."""
    table = models.webhook_event
    here = (table.c.event_id == event_id, table.c.attempts == attempts)
    done = connection.execute(update(table).where(*here).values(attempts=attempts + 1, due_at=due_at))
    return done.rowcount == 1


def drop_events(connection: Connection, event_ids: Sequence[str]) -> None:
    """Forget deliveries that are made, or given up."""
    table = models.webhook_event
    connection.execute(delete(table).where(table.c.event_id.in_(list(event_ids))))


def _of(table: Any, owner: Owner) -> tuple[Any, Any]:
    """Narrow a table to one organisation in one project."""
    return (table.c.project_id == owner[0], table.c.organisation_id == owner[1])
