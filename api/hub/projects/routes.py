"""`GET /v1/projects/{project_id}`."""

from fastapi import APIRouter

from api.hub.auth import Anyone, TheHub, require_project
from api.hub.projects import service
from api.wire.projects import Project

router = APIRouter(tags=["projects"])


@router.get("/v1/projects/{project_id}")
def read_project(project_id: str, member: Anyone, hub: TheHub) -> Project:
    """Return what an agent needs to encode for a project: schema, key epochs, purposes, thresholds; no key."""
    require_project(member, project_id)
    return service.view(hub, project_id)
