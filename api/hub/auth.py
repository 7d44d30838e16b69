"""
Who asks: the API key of a request becomes a member of a project; hub.

Absent and forbidden are the same 404, so that an organisation cannot feel its way through what others have.
"""

from collections.abc import Callable
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.hub.context import Hub
from api.hub.errors import MissingScopeError, NotAuthenticatedError, NotFoundError
from api.hub.organisations import service
from api.hub.organisations.service import Member, Scope

_bearer = HTTPBearer(auto_error=False, scheme_name="api_key", description="`cm_<key id>_<secret>`")


def the_hub(request: Request) -> Hub:
    """Return the hub that this application serves."""
    return cast("Hub", request.app.state.hub)


def _member(
    hub: Annotated[Hub, Depends(the_hub)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Member:
    """Read the API key; a short transaction of its own, so that strangers never hold a project's lock."""
    if credentials is None:
        raise NotAuthenticatedError
    with hub.database.reading() as connection:
        return service.authenticate(connection, hub.key, hub.today(), credentials.credentials)


def _with_scope(scope: Scope) -> Callable[[Member], Member]:
    """Return a dependency that asks for a scope."""

    def require_scope(member: Annotated[Member, Depends(_member)]) -> Member:
        if scope not in member.scopes:
            raise MissingScopeError
        return member

    return require_scope


TheHub = Annotated[Hub, Depends(the_hub)]
Anyone = Annotated[Member, Depends(_member)]
Uploader = Annotated[Member, Depends(_with_scope(Scope.UPLOAD))]
Querier = Annotated[Member, Depends(_with_scope(Scope.QUERY))]


def require_project(member: Member, project_id: str) -> None:
    """
    Refuse a project that the key is not for.

    Raises:
        NotFoundError: as for a project that is not there.
    """
    if member.project_id != project_id:
        raise NotFoundError
