"""`/v1/organisations` for the hub's people; `…/api-keys` for them and for an organisation's own data manager."""

from typing import Annotated

from fastapi import APIRouter, status

from api.hub.auth import Allowed, TheHub, require_owner
from api.hub.ids import require_id
from api.hub.organisations import administration, api_keys, service
from api.hub.policy import Action, Actor
from api.hub.projects import service as projects
from api.wire.organisations import (
    ApiKeys,
    IssuedKey,
    KeyRotation,
    NewApiKey,
    NewOrganisation,
    Organisation,
    Organisations,
)

router = APIRouter(tags=["organisations"])

Reader = Annotated[Actor, Allowed(Action.ORGANISATIONS_READ)]
Adder = Annotated[Actor, Allowed(Action.ORGANISATIONS_ADD)]
Suspender = Annotated[Actor, Allowed(Action.ORGANISATIONS_SUSPEND)]
KeyReader = Annotated[Actor, Allowed(Action.KEYS_READ)]
KeyIssuer = Annotated[Actor, Allowed(Action.KEYS_ISSUE)]
KeyRevoker = Annotated[Actor, Allowed(Action.KEYS_REVOKE)]
_OWN = "/v1/projects/{project_id}/organisations/{organisation_id}/api-keys"


@router.get("/v1/organisations")
def list_organisations(_actor: Reader, hub: TheHub) -> Organisations:
    """Return all organisations of the hub."""
    with hub.database.reading() as connection:
        return service.listing(connection)


@router.post("/v1/projects/{project_id}/organisations", status_code=status.HTTP_201_CREATED)
def add_organisation(project_id: str, wanted: NewOrganisation, actor: Adder, hub: TheHub) -> Organisation:
    """Let an organisation take part in a project."""
    projects.require_project(hub, project_id)
    return administration.add(hub, actor, project_id, wanted)


@router.post("/v1/organisations/{organisation_id}/suspend")
def suspend_organisation(organisation_id: str, actor: Suspender, hub: TheHub) -> Organisation:
    """Suspend an organisation: its keys and sessions end, its entries meet nobody."""
    return administration.set_suspended(hub, actor, require_id(organisation_id), is_suspended=True)


@router.post("/v1/organisations/{organisation_id}/resume")
def resume_organisation(organisation_id: str, actor: Suspender, hub: TheHub) -> Organisation:
    """Let a suspended organisation go on."""
    return administration.set_suspended(hub, actor, require_id(organisation_id), is_suspended=False)


@router.get(_OWN)
def list_keys(project_id: str, organisation_id: str, actor: KeyReader, hub: TheHub) -> ApiKeys:
    """Return the API keys of an organisation in a project, without their secrets."""
    owner = require_owner(actor, Action.KEYS_READ, project_id, require_id(organisation_id))
    with hub.database.reading() as connection:
        return api_keys.listing(connection, owner)


@router.post(_OWN, status_code=status.HTTP_201_CREATED)
def issue_key(project_id: str, organisation_id: str, wanted: NewApiKey, actor: KeyIssuer, hub: TheHub) -> IssuedKey:
    """Make an API key; it is shown this once."""
    owner = require_owner(actor, Action.KEYS_ISSUE, project_id, require_id(organisation_id))
    return administration.issue_key(hub, actor, owner, wanted)


@router.post(_OWN + "/{key_id}/rotate", status_code=status.HTTP_201_CREATED)
def rotate_key(
    project_id: str, organisation_id: str, key_id: str, wanted: KeyRotation, actor: KeyIssuer, hub: TheHub
) -> IssuedKey:
    """Make a key of the same scopes and networks; the old one works on for a while."""
    owner = require_owner(actor, Action.KEYS_ISSUE, project_id, require_id(organisation_id))
    return administration.rotate_key(hub, actor, owner, key_id, wanted)


@router.post(_OWN + "/{key_id}/revoke", status_code=status.HTTP_204_NO_CONTENT)
def revoke_key(project_id: str, organisation_id: str, key_id: str, actor: KeyRevoker, hub: TheHub) -> None:
    """Revoke a key; it stops working with the next request."""
    owner = require_owner(actor, Action.KEYS_REVOKE, project_id, require_id(organisation_id))
    administration.revoke_key(hub, actor, key_id, owner)
