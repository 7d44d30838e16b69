"""
An API key as a request presents it: read, looked up, and turned into the member it is of; hub.

An API key is `cm_<key id>_<secret>`: a prefix that leak scanners can find, an id to look it up and revoke it by, and
256 random bits. The hub keeps HMAC-SHA-256 of the secret: a slow password hash would add nothing to 256 random bits
and would let anybody spend the hub's time.
"""

import hmac
import ipaddress
import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from api.hub.access import repository
from api.hub.access.repository import KeyRow
from api.hub.addresses import Address
from api.hub.errors import NotAuthenticatedError
from api.hub.keys import HubKey
from api.hub.policy import Member, Role
from api.wire.organisations import Scope
from api.wire.statements import OrganisationClass

SCOPE_ROLES = {Scope.UPLOAD: Role.UPLOADING_AGENT, Scope.QUERY: Role.QUERYING_AGENT}
API_KEY = re.compile(r"cm_(?P<key_id>[0-9a-f]{16})_(?P<secret>[0-9a-f]{64})", re.ASCII)


def authenticate(
    connection: Connection, hub_key: HubKey, today: date, presented: str, address: Address | None
) -> Member:
    """
    Return who presents an API key.

    Args:
        connection: an open transaction.
        hub_key: the hub's key.
        today: the day.
        presented: the whole key, as it came.
        address: where it came from; None is not known, and fits no network.

    Raises:
        NotAuthenticatedError: it is malformed, unknown, revoked, expired, from elsewhere, or its organisation is
            suspended; which of them is not told.
    """
    found = API_KEY.fullmatch(presented)
    if found is None:
        raise NotAuthenticatedError
    row = repository.key_of(connection, found["key_id"])
    kept = b"" if row is None else row.secret_mac
    is_right = hmac.compare_digest(kept, secret_mac(hub_key, found["key_id"], found["secret"]))
    if row is None or not is_right or not _is_live(row, today) or not _is_from(row.networks.split(), address):
        raise NotAuthenticatedError
    return Member(
        roles=frozenset(SCOPE_ROLES[Scope(scope)] for scope in row.scopes.split()),
        organisation_class=OrganisationClass(row.organisation_class),
        organisation_id=row.organisation_id,
        project_id=row.project_id,
        actor_id=found["key_id"],
        is_user=False,
    )


def secret_mac(hub_key: HubKey, key_id: str, secret: str) -> bytes:
    """Return what is kept of a secret; bound to its key id."""
    return hmac.digest(hub_key.derive("api-key", key_id), secret.encode(), "sha256")


def _is_live(row: KeyRow, today: date) -> bool:
    """Tell whether a key works at all today."""
    return not row.is_revoked and not row.is_suspended and today < row.expires_on


def _is_from(networks: Sequence[str], address: Address | None) -> bool:
    """Tell whether an address lies in one of the networks, if there are any."""
    if not networks:
        return True
    return address is not None and any(address in ipaddress.ip_network(network) for network in networks)
