"""
A person's session as a request presents it: read, looked up, and turned into an actor; hub.

A session token is `cs_<session id>_<secret>`, 256 random bits of which the hub keeps HMAC-SHA-256. It ends by itself
after `SESSION_HOURS`, and at once by logging out, or when the account or its organisation is stopped.
"""

import hmac
import re

from sqlalchemy import Connection

from api.hub.access import repository
from api.hub.access.repository import SessionRow
from api.hub.errors import NotAuthenticatedError
from api.hub.keys import HubKey
from api.hub.policy import Actor, Member, Role
from api.wire.statements import OrganisationClass

SESSION_HOURS = 8  # a working day; there is no renewal
SESSION_TOKEN = re.compile(r"cs_(?P<session_id>[0-9a-f]{16})_(?P<secret>[0-9a-f]{64})", re.ASCII)


def authenticate(connection: Connection, hub_key: HubKey, now: int, presented: str) -> Actor:
    """
    Return who presents a session token.

    Args:
        connection: an open transaction.
        hub_key: the hub's key.
        now: seconds since 1970.
        presented: the whole token, as it came.

    Raises:
        NotAuthenticatedError: it is malformed, unknown or over, or the account or its organisation is stopped; which
            of them is not told.
    """
    found = SESSION_TOKEN.fullmatch(presented)
    if found is None:
        raise NotAuthenticatedError
    row = repository.session_of(connection, found["session_id"])
    kept = b"" if row is None else row.secret_mac
    is_right = hmac.compare_digest(kept, secret_mac(hub_key, found["session_id"], found["secret"]))
    if row is None or not is_right or row.is_ended or row.is_suspended or now >= row.expires_at:
        raise NotAuthenticatedError
    return _actor(row)


def secret_mac(hub_key: HubKey, session_id: str, secret: str) -> bytes:
    """Return what is kept of a session's secret; bound to its id."""
    return hmac.digest(hub_key.derive("session", session_id), secret.encode(), "sha256")


def _actor(row: SessionRow) -> Actor:
    """Return who a session is of: a member of an organisation in a project, or one of the hub's own people."""
    roles = frozenset(Role(role) for role in row.roles.split())
    if row.organisation_id is None:
        return Actor(roles, None, "", "", row.user_id, is_user=True)
    kind = OrganisationClass(row.organisation_class)
    return Member(roles, kind, row.organisation_id, row.project_id or "", row.user_id, is_user=True)
