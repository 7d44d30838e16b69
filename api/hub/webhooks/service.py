"""
An organisation's webhook, its secret, and what waits to be delivered to it; hub. Why so: docs/decisions/0015.

What is to be told is written in the transaction in which it happens, so that nothing is lost and nothing is told that
was undone; `delivery` sends it. A secret is derived from the hub's key: a copy of the database signs nothing.
"""

import secrets
import uuid

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act
from api.hub.context import Hub
from api.hub.errors import NotFoundError
from api.hub.keys import HubKey
from api.hub.policy import Action, Member
from api.hub.webhooks import repository
from api.hub.webhooks.destinations import require_allowed
from api.hub.webhooks.repository import Owner
from api.wire.webhooks import OVERLAP_SECONDS, EventType, IssuedWebhook, NewWebhook, Webhook, write_secret

SALT_BYTES = 16


def set_webhook(hub: Hub, member: Member, wanted: NewWebhook) -> IssuedWebhook:
    """
    Set where an organisation is told; any earlier webhook, and what waits for it, is forgotten.

    Raises:
        UnreadableError: the URL is not one that the hub delivers to.
        UnavailableError: it cannot be written down.
    """
    require_allowed(wanted.url, hub.settings)
    salt = secrets.token_bytes(SALT_BYTES)
    with hub.database.writing() as connection:
        repository.drop_webhook(connection, _owner(member))
        values = {"url": wanted.url, "salt": salt, "old_salt": None, "old_until": 0}
        repository.set_webhook(connection, _owner(member), values)
        log.append(connection, hub, member, [Act(Action.WEBHOOK_SET, "set")])
    return IssuedWebhook(url=wanted.url, secret=write_secret(secret_of(hub.key, _owner(member), salt)))


def rotate(hub: Hub, member: Member) -> IssuedWebhook:
    """
    Replace a webhook's secret; deliveries are signed with both for a day.

    Raises:
        NotFoundError: there is no webhook.
        UnavailableError: it cannot be written down.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    with hub.database.writing() as connection:
        row = repository.webhook(connection, _owner(member))
        if row is None:
            raise NotFoundError
        values = {"salt": salt, "old_salt": row.salt, "old_until": hub.now() + OVERLAP_SECONDS}
        repository.set_webhook(connection, _owner(member), values)
        log.append(connection, hub, member, [Act(Action.WEBHOOK_SET, "rotated")])
    return IssuedWebhook(url=row.url, secret=write_secret(secret_of(hub.key, _owner(member), salt)))


def read(hub: Hub, member: Member) -> Webhook:
    """
    Return an organisation's webhook, without its secret.

    Raises:
        NotFoundError: there is none.
    """
    with hub.database.reading() as connection:
        row = repository.webhook(connection, _owner(member))
    if row is None:
        raise NotFoundError
    return Webhook(url=row.url)


def remove(hub: Hub, member: Member) -> None:
    """
    Tell an organisation nothing any more; doing so again changes nothing.

    Raises:
        UnavailableError: it cannot be written down.
    """
    with hub.database.writing() as connection:
        repository.drop_webhook(connection, _owner(member))
        log.append(connection, hub, member, [Act(Action.WEBHOOK_SET, "removed")])


def announce(connection: Connection, hub: Hub, owner: Owner, event_type: EventType, thing_id: str) -> None:
    """
    Let a delivery wait, if the organisation wants any; one that waits for the same thing is enough.

    Args:
        connection: the open writing transaction of what happened.
        hub: gives the time.
        owner: project and organisation to be told.
        event_type: what happened.
        thing_id: to what.
    """
    if repository.webhook(connection, owner) is None:
        return
    if repository.is_waiting(connection, owner, event_type.value, thing_id):
        return
    row = {
        "event_id": str(uuid.uuid4()),
        "project_id": owner[0],
        "organisation_id": owner[1],
        "type": event_type.value,
        "thing_id": thing_id,
        "attempts": 0,
        "due_at": hub.now(),
    }
    repository.add_event(connection, row)


def secret_of(key: HubKey, owner: Owner, salt: bytes) -> bytes:
    """Return the 32 bytes of a webhook's secret."""
    return key.derive("webhook", *owner, salt.hex())


def _owner(member: Member) -> Owner:
    """Return project and organisation of who asks."""
    return member.project_id, member.organisation_id
