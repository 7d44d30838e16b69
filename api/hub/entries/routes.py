"""`/v1/projects/{project_id}/entry-batches` and `…/erasures`."""

from typing import Annotated, Any

from fastapi import APIRouter, status

from api.hub.auth import Allowed, TheHub, require_project
from api.hub.bodies import BatchBody
from api.hub.entries import service
from api.hub.policy import Action, Member
from api.wire.batches import MEDIA_TYPE, Receipt
from api.wire.erasures import ErasureReceipt, ErasureRequest

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["entries"])

Filer = Annotated[Member, Allowed(Action.ENTRIES_FILE)]
Eraser = Annotated[Member, Allowed(Action.ENTRIES_ERASE)]

_BATCH: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A batch as `api.wire.batches` packs it; `Content-Encoding: gzip` is understood.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/entry-batches", status_code=status.HTTP_202_ACCEPTED, openapi_extra=_BATCH)
def file_entries(project_id: str, member: Filer, body: BatchBody, hub: TheHub) -> Receipt:
    """File entries; the answer is the same but for its id, whether or not anything met."""
    require_project(member, project_id)
    return service.file(hub, member, body.plain())


@router.post("/erasures")
def erase_entries(project_id: str, request: ErasureRequest, member: Eraser, hub: TheHub) -> ErasureReceipt:
    """Erase own entries, the meetings they stand in, and the matches that stood on those alone."""
    require_project(member, project_id)
    return service.erase(hub, member, request)
