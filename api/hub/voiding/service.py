"""Referrals on a match become void with it, and messages are deleted; hub."""

from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.organisations import repository as organisations
from api.hub.voiding import repository
from api.hub.webhooks.service import announce
from api.wire.webhooks import EventType


def end_with(connection: Connection, hub: Hub, match_id: str) -> None:
    """
    End what hangs on a match that has become void.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the day.
        match_id: the match.
    """
    repository.drop_messages(connection, match_id)
    for row in repository.live_referrals(connection, match_id):
        repository.void_referral(connection, row.referral_id, hub.today())
        for organisation_id in (row.referrer_id, row.receiver_id):
            change = organisations.take_changes(connection, row.project_id, organisation_id, 1)
            repository.set_change(connection, row.referral_id, organisation_id, change)
            announce(connection, hub, (row.project_id, organisation_id), EventType.REFERRAL_CHANGED, row.referral_id)
