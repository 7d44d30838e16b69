"""Acts on organisations and their API keys, each in one transaction with its entry in the audit log; hub."""

from api.hub.audit.acts import Act, Kind
from api.hub.audit.log import append
from api.hub.context import Hub
from api.hub.organisations import api_keys, service
from api.hub.policy import Action, Actor
from api.wire.organisations import IssuedKey, KeyRotation, NewApiKey, NewOrganisation, Organisation

Owner = tuple[str, str]  # project, organisation


def add(hub: Hub, actor: Actor, project_id: str, wanted: NewOrganisation) -> Organisation:
    """
    Let an organisation take part in a project.

    Raises:
        ConflictError: the name is taken.
        UnreadableError: the contact alias gives the name away.
    """
    with hub.database.writing() as connection:
        organisation_id = service.add_organisation(connection, project_id, wanted)
        made = service.read(connection, organisation_id)
        act = Act(Action.ORGANISATIONS_ADD, "added", kind=Kind.ORGANISATION, objects=(organisation_id,))
        append(connection, hub, actor, [act], project_id)
    return made


def set_suspended(hub: Hub, actor: Actor, organisation_id: str, *, is_suspended: bool) -> Organisation:
    """
    Suspend an organisation, or let it go on; the same again changes nothing.

    Raises:
        NotFoundError: there is none.
    """
    decision = "suspended" if is_suspended else "resumed"
    with hub.database.writing() as connection:
        service.set_suspended(connection, organisation_id, is_suspended=is_suspended)
        now = service.read(connection, organisation_id)
        act = Act(Action.ORGANISATIONS_SUSPEND, decision, kind=Kind.ORGANISATION, objects=(organisation_id,))
        append(connection, hub, actor, [act])
    return now


def issue_key(hub: Hub, actor: Actor, owner: Owner, wanted: NewApiKey) -> IssuedKey:
    """Make an API key; see `api_keys.issue_key`."""
    with hub.database.writing() as connection:
        made = api_keys.issue_key(connection, hub.key, hub.today(), owner, wanted)
        act = Act(Action.KEYS_ISSUE, "issued", kind=Kind.KEY, objects=(made.key_id,))
        append(connection, hub, actor, [act], owner[0])
    return made


def rotate_key(hub: Hub, actor: Actor, owner: Owner, key_id: str, wanted: KeyRotation) -> IssuedKey:
    """Replace an API key, with an overlap; see `api_keys.rotate_key`."""
    with hub.database.writing() as connection:
        made = api_keys.rotate_key(connection, hub.key, hub.today(), owner, key_id, wanted)
        act = Act(Action.KEYS_ISSUE, "rotated", kind=Kind.KEY, objects=(key_id, made.key_id))
        append(connection, hub, actor, [act], owner[0])
    return made


def revoke_key(hub: Hub, actor: Actor, key: str, owner: Owner | None = None) -> None:
    """Revoke an API key at once; see `api_keys.revoke_key`."""
    with hub.database.writing() as connection:
        key_id = api_keys.revoke_key(connection, key, owner)
        act = Act(Action.KEYS_REVOKE, "revoked", kind=Kind.KEY, objects=(key_id,))
        append(connection, hub, actor, [act], owner[0] if owner else None)
