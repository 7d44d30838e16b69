"""
Who asks, and whether the policy allows it: the bearer token of a request becomes an actor; hub.

Every route that is not a probe names its action: `Annotated[Member, Allowed(Action.MEETINGS_READ)]`, or
`Annotated[Actor, …]` where people of the hub itself act as well. Absent and forbidden things are the same 404, so that
an organisation cannot feel its way through what others have.
"""

from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.hub.context import Hub
from api.hub.errors import NotAllowedError, NotAuthenticatedError, NotFoundError
from api.hub.organisations import service
from api.hub.policy import Action, Actor, Member, Reach, lines_for, require

_bearer = HTTPBearer(auto_error=False, scheme_name="api_key", description="`cm_<key id>_<secret>`")


def the_hub(request: Request) -> Hub:
    """Return the hub that this application serves."""
    return cast("Hub", request.app.state.hub)


def _actor(
    hub: Annotated[Hub, Depends(the_hub)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Actor:
    """Read the bearer token; a short transaction of its own, so that strangers never hold a project's lock."""
    if credentials is None:
        raise NotAuthenticatedError
    with hub.database.reading() as connection:
        return service.authenticate(connection, hub.key, hub.today(), credentials.credentials)


def Allowed(action: Action) -> Any:  # noqa: N802 - it stands in annotations, as a type does
    """
    Return the dependency of a route: its actor, when the policy allows the action.

    An action that reaches one's own organisation alone gives a `Member`; one that reaches the whole hub gives an
    `Actor`, and so does one that does both.
    """

    def allowed(actor: Annotated[Actor, Depends(_actor)]) -> Actor:
        require(actor, action)
        reaches_hub = any(line.reach is Reach.HUB for line in lines_for(actor, action))
        if not reaches_hub and not isinstance(actor, Member):
            raise NotAllowedError
        return actor

    return Depends(allowed)


TheHub = Annotated[Hub, Depends(the_hub)]


def require_project(actor: Actor, project_id: str) -> None:
    """
    Refuse a project that the key or session is not for.

    Raises:
        NotFoundError: as for a project that is not there.
    """
    if actor.project_id != project_id:
        raise NotFoundError
