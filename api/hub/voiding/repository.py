"""The tables of what hangs on a match, as far as it ends with it."""

from datetime import date

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from api.hub.storage import models
from api.wire.referrals import ReferralState

VOID = "void"  # the move of api.hub.referrals.states, which stands above matches


def live_referrals(connection: Connection, match_id: str) -> list[Row[str, str, str, str]]:
    """Return id, project and both sides of the referrals of a match that are not over."""
    table = models.referral.c
    query = select(table.referral_id, table.project_id, table.referrer_id, table.receiver_id)
    states = [ReferralState.OFFERED.value, ReferralState.ACCEPTED.value]
    return list(connection.execute(query.where(table.match_id == match_id, table.state.in_(states))))


def void_referral(connection: Connection, referral_id: str, happened_on: date) -> None:
    """Append that a referral is void, and write the state that follows."""
    event, table = models.referral_event, models.referral
    count = connection.execute(select(func.count()).where(event.c.referral_id == referral_id)).scalar_one()
    row = {"referral_id": referral_id, "number": count + 1, "move": VOID, "happened_on": happened_on}
    connection.execute(insert(event), [row])
    connection.execute(update(table).where(table.c.referral_id == referral_id).values(state=ReferralState.VOID.value))


def set_change(connection: Connection, referral_id: str, organisation_id: str, change: int) -> None:
    """Note the change number under which an organisation will see a referral anew."""
    table = models.referral_side
    here = (table.c.referral_id == referral_id, table.c.organisation_id == organisation_id)
    connection.execute(update(table).where(*here).values(change=change))


def drop_messages(connection: Connection, match_id: str) -> None:
    """Delete all messages of a match."""
    table = models.sealed_message
    connection.execute(delete(table).where(table.c.match_id == match_id))
