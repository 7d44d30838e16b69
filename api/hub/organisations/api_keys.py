"""API keys of organisations: made, rotated, revoked; hub. How one is presented: `api.hub.access.api_keys`."""

import ipaddress
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from api.hub.access.api_keys import API_KEY, SCOPE_ROLES, secret_mac
from api.hub.access.repository import KeyRow, key_of
from api.hub.errors import ConflictError, NotFoundError, UnreadableError
from api.hub.keys import HubKey
from api.hub.organisations import repository
from api.hub.policy import HOMES
from api.wire.organisations import ApiKey, ApiKeys, IssuedKey, KeyRotation, NewApiKey, Scope
from api.wire.problems import Fault
from api.wire.statements import OrganisationClass


def issue_key(
    connection: Connection, hub_key: HubKey, today: date, owner: tuple[str, str], wanted: NewApiKey
) -> IssuedKey:
    """
    Make an API key for an organisation in a project; its text cannot be had again.

    Args:
        connection: an open writing transaction.
        hub_key: the hub's key.
        today: the day.
        owner: project and organisation.
        wanted: scopes, life and networks.

    Raises:
        NotFoundError: the organisation takes no part in the project.
        ConflictError: its class may not have such a scope.
        UnreadableError: something is no network.
    """
    project_id, organisation_id = owner
    found = repository.organisation(connection, organisation_id)
    if found is None or not repository.is_member(connection, project_id, organisation_id):
        raise NotFoundError
    scopes = _scopes(OrganisationClass(found.organisation_class), wanted.scopes)
    key_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    expires_on = today + timedelta(days=wanted.days)
    repository.add_key(
        connection,
        {
            "key_id": key_id,
            "project_id": project_id,
            "organisation_id": organisation_id,
            "secret_mac": secret_mac(hub_key, key_id, secret),
            "scopes": " ".join(sorted(scopes)),
            "created_on": today,
            "expires_on": expires_on,
            "is_revoked": False,
            "networks": " ".join(_networks(wanted.networks)),
        },
    )
    return IssuedKey(key_id=key_id, api_key=f"cm_{key_id}_{secret}", expires_on=expires_on.isoformat())


def rotate_key(
    connection: Connection, hub_key: HubKey, today: date, owner: tuple[str, str], key_id: str, wanted: KeyRotation
) -> IssuedKey:
    """
    Make a key of the same scopes and networks; the old one works on for the overlap, never longer than it would have.

    Raises:
        NotFoundError: the organisation has no such key in the project, or it works no longer.
    """
    old = _own_key(connection, owner, key_id)
    if old.is_revoked or old.expires_on <= today:
        raise NotFoundError
    scopes = [Scope(scope) for scope in old.scopes.split()]
    same = NewApiKey(scopes=scopes, days=wanted.days, networks=old.networks.split())
    made = issue_key(connection, hub_key, today, owner, same)
    repository.end_key_on(connection, key_id, min(old.expires_on, today + timedelta(days=wanted.overlap_days)))
    return made


def revoke_key(connection: Connection, key: str, owner: tuple[str, str] | None = None) -> str:
    """
    Revoke an API key; it stops working with the next request.

    Args:
        connection: an open writing transaction.
        key: its id; from the operator's terminal its whole text will do, which must never stand in a URL.
        owner: project and organisation it must be of; None takes any.

    Returns:
        Its id.

    Raises:
        NotFoundError: there is no such key.
    """
    found = API_KEY.fullmatch(key) if owner is None else None
    key_id = found["key_id"] if found else key
    if owner is not None:
        _own_key(connection, owner, key_id)
    if not repository.revoke_key(connection, key_id):
        raise NotFoundError
    return key_id


def listing(connection: Connection, owner: tuple[str, str]) -> ApiKeys:
    """Return the keys of an organisation in a project, without their secrets."""
    return ApiKeys(api_keys=[_view(row) for row in repository.keys_of(connection, *owner)])


def owner_of(connection: Connection, key_id: str) -> tuple[str, str]:
    """
    Return project and organisation of a key.

    Raises:
        NotFoundError: there is no such key.
    """
    row = key_of(connection, key_id)
    if row is None:
        raise NotFoundError
    return row.project_id, row.organisation_id


def _scopes(kind: OrganisationClass, wanted: Iterable[Scope]) -> set[Scope]:
    """Return the scopes that were asked for, or all that the class may have."""
    possible = {scope for scope in Scope if kind in HOMES[SCOPE_ROLES[scope]]}
    scopes = set(wanted) or possible
    if not scopes or not scopes <= possible:
        faults = [Fault(where="/scopes", code="scope_of_class")]
        raise ConflictError("this class of organisation has no such keys", code="scope_of_class", faults=faults)
    return scopes


def _networks(wanted: Sequence[str]) -> list[str]:
    """Return networks as they are kept."""
    found = []
    for place, text in enumerate(wanted):
        network = _network(text)
        if network is None:
            faults = [Fault(where=f"/networks/{place}", code="unknown_network")]
            raise UnreadableError("not a network", code="unknown_network", faults=faults)
        found.append(network)
    return sorted(set(found))


def _network(text: str) -> str | None:
    """Return a network in its usual writing, or None; host bits are dropped."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return None


def _own_key(connection: Connection, owner: tuple[str, str], key_id: str) -> KeyRow:
    """Return a key of an organisation in a project; another one's is not there."""
    row = key_of(connection, key_id)
    if row is None or (row.project_id, row.organisation_id) != owner:
        raise NotFoundError
    return row


def _view(row: KeyRow) -> ApiKey:
    """Return a key without its secret."""
    return ApiKey(
        key_id=row.key_id,
        scopes=[Scope(scope) for scope in row.scopes.split()],
        networks=row.networks.split(),
        created_on=row.created_on.isoformat(),
        expires_on=row.expires_on.isoformat(),
        is_revoked=row.is_revoked,
    )
