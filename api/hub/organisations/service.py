"""
Organisations join a project, set standing rules and hold API keys; hub.

An API key is `cm_<key id>_<secret>`: a prefix that leak scanners can find, an id to look it up and revoke it by, and
256 random bits. The hub keeps HMAC-SHA-256 of the secret: a slow password hash would add nothing to 256 random bits
and would let anybody spend the hub's time.
"""

import hmac
import re
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from api.hub.errors import NotAuthenticatedError, SetupError
from api.hub.keys import HubKey
from api.hub.organisations import repository
from api.hub.organisations.repository import Rule
from api.hub.policy import Member, Role
from api.wire.statements import OrganisationClass

MAXIMUM_KEY_DAYS = 365  # twelve months; a key nobody renews goes out of use on its own
_API_KEY = re.compile(r"cm_(?P<key_id>[0-9a-f]{16})_(?P<secret>[0-9a-f]{64})", re.ASCII)


class Scope(StrEnum):
    """What an API key may do: file and erase entries, or read and decide what came of it."""

    UPLOAD = "upload"
    QUERY = "query"


SCOPE_ROLES = {Scope.UPLOAD: Role.UPLOADING_AGENT, Scope.QUERY: Role.QUERYING_AGENT}


@dataclass(frozen=True, slots=True)
class NewKey:
    """An API key as it is shown, once."""

    key_id: str
    text: str
    expires_on: date


def add_organisation(
    connection: Connection, project_id: str, name: str, kind: OrganisationClass, rules: Iterable[Rule]
) -> str:
    """
    Add an organisation to a project, with its standing release rules.

    Args:
        connection: an open writing transaction.
        project_id: the project.
        name: for the operator alone; it is never told to another organisation.
        kind: its class, which others are told.
        rules: classes and purposes to which it releases without a hand.

    Returns:
        Its id.

    Raises:
        SetupError: the name is taken.
    """
    if repository.organisation_named(connection, name) is not None:
        raise SetupError("there is an organisation of that name already", code="organisation_exists")
    organisation_id = str(uuid.uuid4())
    repository.add_organisation(connection, organisation_id, name, kind)
    repository.add_membership(connection, project_id, organisation_id)
    repository.add_rules(connection, project_id, organisation_id, rules)
    return organisation_id


def issue_key(
    connection: Connection,
    hub_key: HubKey,
    today: date,
    *,
    project_id: str,
    organisation: str,
    scopes: Iterable[Scope],
    days: int,
) -> NewKey:
    """
    Make an API key for an organisation in a project; its text cannot be had again.

    Args:
        connection: an open writing transaction.
        hub_key: the hub's key.
        today: the day.
        project_id: the project it is for.
        organisation: the organisation's name.
        scopes: what it may do.
        days: days until it expires, 1 to `MAXIMUM_KEY_DAYS`.

    Raises:
        SetupError: no such organisation in the project, or an expiry out of range.
    """
    found = repository.organisation_named(connection, organisation)
    if found is None or not repository.is_member(connection, project_id, found.organisation_id):
        raise SetupError("no organisation of that name takes part in the project", code="unknown_organisation")
    if not 1 <= days <= MAXIMUM_KEY_DAYS:
        raise SetupError(f"a key lives 1 to {MAXIMUM_KEY_DAYS} days", code="key_expiry")
    key_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    expires_on = today + timedelta(days=days)
    repository.add_key(
        connection,
        key_id,
        _secret_mac(hub_key, key_id, secret),
        project_id=project_id,
        organisation_id=found.organisation_id,
        scopes=set(scopes),
        created_on=today,
        expires_on=expires_on,
    )
    return NewKey(key_id, f"cm_{key_id}_{secret}", expires_on)


def revoke_key(connection: Connection, key: str) -> None:
    """
    Revoke an API key at once; `key` is its id or its whole text.

    Raises:
        SetupError: there is no such key.
    """
    found = _API_KEY.fullmatch(key)
    if not repository.revoke_key(connection, found["key_id"] if found else key):
        raise SetupError("there is no such API key", code="unknown_api_key")


def authenticate(connection: Connection, hub_key: HubKey, today: date, presented: str) -> Member:
    """
    Return who presents an API key.

    Raises:
        NotAuthenticatedError: it is malformed, unknown, revoked or expired; which of them is not told.
    """
    found = _API_KEY.fullmatch(presented)
    if found is None:
        raise NotAuthenticatedError
    row = repository.key_of(connection, found["key_id"])
    kept = b"" if row is None else row.secret_mac
    is_right = hmac.compare_digest(kept, _secret_mac(hub_key, found["key_id"], found["secret"]))
    if row is None or not is_right or row.is_revoked or today >= row.expires_on:
        raise NotAuthenticatedError
    return Member(
        project_id=row.project_id,
        organisation_id=row.organisation_id,
        organisation_class=OrganisationClass(row.organisation_class),
        roles=frozenset(SCOPE_ROLES[Scope(scope)] for scope in row.scopes.split()),
        actor_id=found["key_id"],
        is_user=False,
    )


def _secret_mac(hub_key: HubKey, key_id: str, secret: str) -> bytes:
    """Return what is kept of a secret; bound to its key id."""
    return hmac.digest(hub_key.derive("api-key", key_id), secret.encode(), "sha256")
