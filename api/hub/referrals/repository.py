"""The tables of referrals, their events, and the changes that their sides see."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from api.hub.referrals.states import Move
from api.hub.storage import models
from api.wire.referrals import ReferralState

ReferralRow = Row[str, str, str, str, str, str, str, date, date, str]


def add_referral(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new referral, and that both its sides have still to see it."""
    connection.execute(insert(models.referral), [row])
    sides = [
        {
            "referral_id": row["referral_id"],
            "organisation_id": row[side],
            "project_id": row["project_id"],
            "change": 0,
        }
        for side in ("referrer_id", "receiver_id")
    ]
    connection.execute(insert(models.referral_side), sides)


def add_event(connection: Connection, referral_id: str, move: Move, happened_on: date) -> None:
    """Append an event to a referral."""
    table = models.referral_event
    count = connection.execute(select(func.count()).where(table.c.referral_id == referral_id)).scalar_one()
    row = {"referral_id": referral_id, "number": count + 1, "move": move.value, "happened_on": happened_on}
    connection.execute(insert(table), [row])


def moves_of(connection: Connection, referral_id: str) -> list[Move]:
    """Return the events of a referral, in order."""
    table = models.referral_event.c
    query = select(table.move).where(table.referral_id == referral_id).order_by(table.number)
    return [Move(move) for move in connection.execute(query).scalars()]


def set_state(connection: Connection, referral_id: str, state: ReferralState) -> None:
    """Write what follows from a referral's events."""
    table = models.referral
    connection.execute(update(table).where(table.c.referral_id == referral_id).values(state=state.value))


def set_change(connection: Connection, referral_id: str, organisation_id: str, change: int) -> None:
    """Note the change number under which an organisation will see a referral anew."""
    table = models.referral_side
    here = (table.c.referral_id == referral_id, table.c.organisation_id == organisation_id)
    connection.execute(update(table).where(*here).values(change=change))


def referral(connection: Connection, project_id: str, organisation_id: str, referral_id: str) -> ReferralRow | None:
    """Return a referral of which an organisation is a side."""
    query = _seen_by(project_id, organisation_id).where(models.referral.c.referral_id == referral_id)
    return connection.execute(query).one_or_none()


def standing(connection: Connection, match_id: str, referrer_id: str, service: str) -> str | None:
    """Return the id of the offer of a service on a match that stands, or was accepted and is not over."""
    table = models.referral.c
    query = select(table.referral_id).where(
        table.match_id == match_id,
        table.referrer_id == referrer_id,
        table.service == service,
        table.state.in_([ReferralState.OFFERED.value, ReferralState.ACCEPTED.value]),
    )
    return connection.execute(query).scalars().first()


def changed(
    connection: Connection, project_id: str, organisation_id: str, after: int, limit: int
) -> list[Row[*tuple[Any, ...]]]:
    """Return an organisation's referrals that changed after a number, in the order of change."""
    side = models.referral_side.c
    query = _seen_by(project_id, organisation_id).add_columns(side.change).where(side.change > after)
    return list(connection.execute(query.order_by(side.change).limit(limit)))


def overdue(connection: Connection, project_id: str, today: date) -> list[ReferralRow]:
    """Return the offers of a project whose time is over."""
    table = models.referral.c
    query = _referrals().where(
        table.project_id == project_id, table.state == ReferralState.OFFERED.value, table.expires_on <= today
    )
    return list(connection.execute(query.order_by(table.referral_id)))


def _seen_by(project_id: str, organisation_id: str) -> Select[Any]:
    """Select the referrals of which an organisation is a side."""
    side = models.referral_side.c
    joined = _referrals().join(models.referral_side, side.referral_id == models.referral.c.referral_id)
    return joined.where(side.organisation_id == organisation_id, side.project_id == project_id)


def _referrals() -> Select[Any]:
    """Select referrals with the purpose of their match."""
    table, match = models.referral.c, models.match.c
    return select(
        table.referral_id,
        table.match_id,
        table.project_id,
        table.referrer_id,
        table.receiver_id,
        table.service,
        table.state,
        table.offered_on,
        table.expires_on,
        match.purpose,
    ).join_from(models.referral, models.match, match.match_id == table.match_id)
