"""The tables of API keys and sessions, as they are looked up for every request."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from api.hub.storage import models

KeyRow = Row[str, str, str, str, bytes, str, date, date, bool, str, bool]
SessionRow = Row[str, str | None, bytes, int, str, str | None, bool, str | None, bool | None]

_key, _organisation, _session, _user = (
    table.c for table in (models.api_key, models.organisation, models.user_session, models.user_account)
)
# made once: to build a statement takes longer than to look a key up
API_KEYS: Select[*tuple[Any, ...]] = select(
    _key.key_id,
    _key.project_id,
    _key.organisation_id,
    _organisation.organisation_class,
    _key.secret_mac,
    _key.scopes,
    _key.created_on,
    _key.expires_on,
    _key.is_revoked,
    _key.networks,
    _organisation.is_suspended,
).join_from(models.api_key, models.organisation, _key.organisation_id == _organisation.organisation_id)
_API_KEY = API_KEYS.where(_key.key_id == bindparam("of_key"))
_SESSION = (
    select(
        _session.user_id,
        _session.project_id,
        _session.secret_mac,
        _session.expires_at,
        _user.roles,
        _user.organisation_id,
        _user.is_ended,
        _organisation.organisation_class,
        _organisation.is_suspended,
    )
    .join_from(models.user_session, models.user_account, _session.user_id == _user.user_id)
    .outerjoin(models.organisation, _user.organisation_id == _organisation.organisation_id)
    .where(_session.session_id == bindparam("of_session"))
)


def key_of(connection: Connection, key_id: str) -> KeyRow | None:
    """Return an API key with the class and suspension of its organisation."""
    return connection.execute(_API_KEY, {"of_key": key_id}).one_or_none()


def session_of(connection: Connection, session_id: str) -> SessionRow | None:
    """Return user, project, secret's digest and expiry of a session, and roles and organisation of its user."""
    return connection.execute(_SESSION, {"of_session": session_id}).one_or_none()
