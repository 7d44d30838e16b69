"""`GET /v1/projects/{project_id}`."""

from typing import Annotated

from fastapi import APIRouter

from api.hub.auth import Allowed, TheHub, require_project
from api.hub.policy import Action, Member
from api.hub.projects import service
from api.wire.projects import Project

router = APIRouter(tags=["projects"])

Reader = Annotated[Member, Allowed(Action.PROJECT_READ)]


@router.get("/v1/projects/{project_id}")
def read_project(project_id: str, member: Reader, hub: TheHub) -> Project:
    """Return what an agent needs to encode for a project: schema, key epochs, purposes, thresholds; no key."""
    require_project(member, project_id)
    return service.view(hub, project_id)
