"""The tables of emergencies and of who has approved them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from api.hub.storage import models

GlassRow = Row[str, str, str, str, str, str, str, int, int | None, str | None, int]


def add(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep that somebody asks."""
    connection.execute(insert(models.break_glass), [{"opened_at": None, "finding": None, **row}])


def change(connection: Connection, break_glass_id: str, **values: Any) -> None:
    """Change columns of an emergency."""
    table = models.break_glass
    connection.execute(update(table).where(table.c.break_glass_id == break_glass_id).values(**values))


def glass(connection: Connection, break_glass_id: str) -> GlassRow | None:
    """Return an emergency."""
    return connection.execute(_glasses().where(models.break_glass.c.break_glass_id == break_glass_id)).one_or_none()


def last_of(connection: Connection, match_id: str, asker_id: str) -> GlassRow | None:
    """Return the last emergency of a side of a match."""
    table = models.break_glass.c
    mine = _glasses().where(table.match_id == match_id, table.asker_id == asker_id)
    return connection.execute(mine.order_by(table.asked_at.desc(), table.break_glass_id)).first()


def unfinished(connection: Connection, project_id: str, asked_since: int) -> list[GlassRow]:
    """
    Return emergencies that wait for approval or for their review, oldest first.

    Args:
        connection: an open transaction.
        project_id: empty for those of all projects.
        asked_since: second up to which one that was asked for and not opened is over.
    """
    table = models.break_glass.c
    waits = (table.opened_at.is_not(None) | (table.asked_at > asked_since)) & table.finding.is_(None)
    here = table.project_id == project_id if project_id else table.project_id != ""
    return list(connection.execute(_glasses().where(waits, here).order_by(table.asked_at, table.break_glass_id)))


def add_approval(connection: Connection, break_glass_id: str, organisation_id: str, actor_id: str) -> None:
    """Keep that somebody has approved."""
    row = {"break_glass_id": break_glass_id, "organisation_id": organisation_id, "actor_id": actor_id}
    connection.execute(insert(models.break_glass_approval), [row])


def approvers(connection: Connection, break_glass_id: str) -> list[Row[str, str]]:
    """Return organisation and person of all approvals."""
    table = models.break_glass_approval.c
    query = select(table.organisation_id, table.actor_id).where(table.break_glass_id == break_glass_id)
    return list(connection.execute(query))


def _glasses() -> Any:
    """Select the columns of emergencies, and how many approvals each has."""
    table, approval = models.break_glass.c, models.break_glass_approval.c
    count = select(func.count()).where(approval.break_glass_id == table.break_glass_id).scalar_subquery()
    return select(
        table.break_glass_id,
        table.match_id,
        table.project_id,
        table.asker_id,
        table.holder_id,
        table.actor_id,
        table.danger,
        table.asked_at,
        table.opened_at,
        table.finding,
        count.label("approvals"),
    )
