"""The tables of API keys and sessions, as they are looked up for every request."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from api.hub.storage import models

KeyRow = Row[str, str, str, str, bytes, str, date, date, bool, str, bool]
SessionRow = Row[str, str | None, bytes, int, str, str | None, bool, str | None, bool | None]


def key_of(connection: Connection, key_id: str) -> KeyRow | None:
    """Return an API key with the class and suspension of its organisation."""
    return connection.execute(api_keys().where(models.api_key.c.key_id == key_id)).one_or_none()


def session_of(connection: Connection, session_id: str) -> SessionRow | None:
    """Return user, project, secret's digest and expiry of a session, and roles and organisation of its user."""
    session, user, organisation = models.user_session.c, models.user_account.c, models.organisation.c
    query = (
        select(
            session.user_id,
            session.project_id,
            session.secret_mac,
            session.expires_at,
            user.roles,
            user.organisation_id,
            user.is_ended,
            organisation.organisation_class,
            organisation.is_suspended,
        )
        .join_from(models.user_session, models.user_account, session.user_id == user.user_id)
        .outerjoin(models.organisation, user.organisation_id == organisation.organisation_id)
        .where(session.session_id == session_id)
    )
    return connection.execute(query).one_or_none()


def api_keys() -> Any:
    """Select a key's columns, and the class and suspension of its organisation."""
    key, organisation = models.api_key.c, models.organisation.c
    return select(
        key.key_id,
        key.project_id,
        key.organisation_id,
        organisation.organisation_class,
        key.secret_mac,
        key.scopes,
        key.created_on,
        key.expires_on,
        key.is_revoked,
        key.networks,
        organisation.is_suspended,
    ).join_from(models.api_key, models.organisation, key.organisation_id == organisation.organisation_id)
