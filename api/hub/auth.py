"""
Who asks, and whether the policy allows it: the bearer token of a request becomes an actor; hub.

Every route that is not a probe names its action: `Annotated[Member, Allowed(Action.MEETINGS_READ)]`, or
`Annotated[Actor, …]` where people of the hub itself act as well. Absent and forbidden things are the same 404, so that
an organisation cannot feel its way through what others have.
"""

from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.hub.access import api_keys, sessions
from api.hub.access.sessions import SESSION_TOKEN
from api.hub.addresses import client_address
from api.hub.context import Hub
from api.hub.errors import NotAllowedError, NotAuthenticatedError, NotFoundError
from api.hub.policy import Action, Actor, Member, Reach, lines_for, require

_bearer = HTTPBearer(
    auto_error=False, scheme_name="api_key", description="API key `cm_<id>_<secret>`, or session `cs_<id>_<secret>`"
)


async def the_hub(request: Request) -> Hub:
    """Return the hub that this application serves; no thread is needed for that."""
    return cast("Hub", request.app.state.hub)


def _actor(
    request: Request,
    hub: Annotated[Hub, Depends(the_hub)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Actor:
    """Read the bearer token; a short transaction of its own, so that strangers never hold a project's lock."""
    if credentials is None:
        raise NotAuthenticatedError
    address = client_address(request, hub.settings.trusted_networks)
    with hub.database.reading() as connection:
        if SESSION_TOKEN.fullmatch(credentials.credentials):
            return sessions.authenticate(connection, hub.key, hub.now(), credentials.credentials)
        return api_keys.authenticate(connection, hub.key, hub.today(), credentials.credentials, address)


def Allowed(action: Action) -> Any:  # noqa: N802 - it stands in annotations, as a type does
    """
    Return the dependency of a route: its actor, when the policy allows the action.

    An action that reaches one's own organisation alone gives a `Member`; one that reaches the whole hub gives an
    `Actor`, and so does one that does both.
    """

    async def allowed(actor: Annotated[Actor, Depends(_actor)]) -> Actor:
        require(actor, action)
        reaches_hub = any(line.reach is Reach.HUB for line in lines_for(actor, action))
        if not reaches_hub and not isinstance(actor, Member):
            raise NotAllowedError
        return actor

    return Depends(allowed)


TheHub = Annotated[Hub, Depends(the_hub)]


def require_owner(actor: Actor, action: Action, project_id: str, organisation_id: str) -> tuple[str, str]:
    """
    Return the owner that a path names, when the actor may act on its things.

    Raises:
        NotFoundError: another organisation's, or of another project, and the actor does not reach the whole hub.
    """
    require(actor, action, owner=organisation_id)
    if isinstance(actor, Member):
        require_project(actor, project_id)
    return project_id, organisation_id


def require_project(actor: Actor, project_id: str) -> None:
    """
    Refuse a project that the key or session is not for.

    Raises:
        NotFoundError: as for a project that is not there.
    """
    if actor.project_id != project_id:
        raise NotFoundError
