"""The tables of disclosure requests and of who has approved them; whom to turn to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, exists, insert, or_, select, update

from api.hub.storage import models
from api.wire.statements import OrganisationClass

RequestRow = Row[str, str, str, str, int, str, str | None, str, str | None, int, date, str, str, bool, bool]
ApprovalRow = Row[str, str, bool]


def add_request(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new request."""
    connection.execute(insert(models.disclosure_request), [row])


def change_request(connection: Connection, request_id: str, **values: Any) -> None:
    """Change columns of a request."""
    table = models.disclosure_request
    connection.execute(update(table).where(table.c.request_id == request_id).values(**values))


def request(connection: Connection, project_id: str, request_id: str, today: date) -> RequestRow | None:
    """Return a request that is not over."""
    table = models.disclosure_request.c
    here = (table.request_id == request_id, table.project_id == project_id, table.expires_on > today)
    return connection.execute(_requests().where(*here)).one_or_none()


def live_request(connection: Connection, match_id: str, asker_id: str, rung: int, today: date) -> RequestRow | None:
    """Return the request of a side of a match for a rung that is not over."""
    table = models.disclosure_request.c
    here = (table.match_id == match_id, table.asker_id == asker_id, table.rung == rung, table.expires_on > today)
    return connection.execute(_requests().where(*here)).first()


def requests_of(
    connection: Connection, project_id: str, organisation_id: str, today: date, limit: int
) -> list[RequestRow]:
    """Return requests of an organisation and to it that are not over, oldest first."""
    table = models.disclosure_request.c
    mine = or_(table.asker_id == organisation_id, table.holder_id == organisation_id)
    query = _requests().where(table.project_id == project_id, table.expires_on > today, mine)
    return list(connection.execute(query.order_by(table.asked_on, table.request_id).limit(limit)))


def _requests() -> Any:
    """Select a request, the purpose of its match, its asker's class and place, and whether the holder half agrees."""
    table, match, organisation = models.disclosure_request.c, models.match.c, models.organisation.c
    approval = models.request_approval.c
    agreed = (approval.request_id == table.request_id, approval.organisation_id == table.holder_id)
    return (
        select(
            table.request_id,
            table.match_id,
            table.asker_id,
            table.holder_id,
            table.rung,
            table.reason,
            table.lawful_basis,
            table.state,
            table.question,
            table.days,
            table.expires_on,
            match.purpose,
            organisation.organisation_class.label("asker_class"),
            organisation.is_location_sensitive.label("asker_is_sensitive"),
            exists().where(*agreed).label("is_half_agreed"),
        )
        .join_from(models.disclosure_request, models.match, match.match_id == table.match_id)
        .join(models.organisation, organisation.organisation_id == table.asker_id)
    )


def add_approval(
    connection: Connection, request_id: str, organisation_id: str, actor_id: str, *, is_user: bool
) -> None:
    """Keep that somebody has approved a request; the same again changes nothing."""
    table = models.request_approval
    here = (table.c.request_id == request_id, table.c.actor_id == actor_id)
    if connection.execute(select(table.c.actor_id).where(*here)).first() is None:
        row = {
            "request_id": request_id,
            "actor_id": actor_id,
            "organisation_id": organisation_id,
            "is_user": is_user,
        }
        connection.execute(insert(table), [row])


def approvals(connection: Connection, request_id: str, organisation_id: str) -> list[ApprovalRow]:
    """Return who of an organisation has approved a request."""
    table = models.request_approval.c
    query = select(table.request_id, table.actor_id, table.is_user)
    return list(
        connection.execute(query.where(table.request_id == request_id, table.organisation_id == organisation_id))
    )


def focal_point(connection: Connection, project_id: str) -> tuple[str, str] | None:
    """Return id and contact alias of a project's linkage desk, which is its focal point; None when it has none."""
    organisation, membership = models.organisation.c, models.membership.c
    query = (
        select(organisation.organisation_id, organisation.contact_alias)
        .join_from(models.organisation, models.membership, membership.organisation_id == organisation.organisation_id)
        .where(
            membership.project_id == project_id,
            organisation.organisation_class == OrganisationClass.LINKAGE_DESK.value,
            ~organisation.is_suspended,
        )
        .order_by(organisation.organisation_id)
    )
    row = connection.execute(query).first()
    return None if row is None else (row.organisation_id, row.contact_alias)
