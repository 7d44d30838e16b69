"""The table of reviews, and what of matches it takes to see which are not resolved."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks

ReviewRow = Row[str, str, str, str | None, str | None, str, bool, bool, date]
MatchRow = Row[str, str, bytes, str, bool, date]


def add_review(connection: Connection, match_id: str, row: Mapping[str, Any]) -> None:
    """Append a review to a match; there is no way to change one."""
    table = models.review
    last = connection.execute(select(func.max(table.c.number)).where(table.c.match_id == match_id)).scalar() or 0
    connection.execute(insert(table), [{"match_id": match_id, "number": last + 1, **row}])


def reviews_of(connection: Connection, match_ids: Sequence[str]) -> list[ReviewRow]:
    """Return the reviews of matches, in the order in which they were given."""
    table = models.review.c
    found: list[ReviewRow] = []
    for chunk in in_chunks(match_ids):
        query = select(
            table.match_id,
            table.organisation_id,
            table.actor_id,
            table.answer,
            table.disposition,
            table.invalid_reasons,
            table.has_conflict,
            table.is_desk,
            table.given_on,
        )
        found.extend(connection.execute(query.where(table.match_id.in_(chunk)).order_by(table.match_id, table.number)))
    return found


def live_matches(connection: Connection, project_id: str) -> list[MatchRow]:
    """Return id, purpose, sealed grade, resolution, adjudication and first day of a project's matches, oldest first."""
    match, begun = models.match.c, models.match_event.c
    query = (
        select(
            match.match_id,
            match.purpose,
            match.grade_box,
            match.resolution,
            match.is_adjudicated,
            begun.happened_on.label("made_on"),
        )
        .join_from(models.match, models.match_event, and_(begun.match_id == match.match_id, begun.number == 1))
        .where(match.project_id == project_id, match.is_void.is_(False))
        .order_by(begun.happened_on, match.match_id)
    )
    return list(connection.execute(query))


def unreviewed_glasses(connection: Connection, project_id: str) -> list[Row[str, int]]:
    """Return id and second of every emergency that was opened and that nobody has looked into afterwards."""
    table = models.break_glass.c
    query = select(table.break_glass_id, table.opened_at).where(
        table.project_id == project_id, table.opened_at.is_not(None), table.finding.is_(None)
    )
    return list(connection.execute(query.order_by(table.opened_at)))
