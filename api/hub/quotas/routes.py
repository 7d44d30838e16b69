"""`/v1/quota`, and bulk filings of an organisation."""

from typing import Annotated

from fastapi import APIRouter

from api.hub.auth import Allowed, TheHub, require_owner
from api.hub.ids import require_id
from api.hub.policy import Action, Actor, Member
from api.hub.quotas import service
from api.wire.limits import BulkFiling, Quota

router = APIRouter(tags=["quotas"])

Reader = Annotated[Member, Allowed(Action.QUOTAS_READ)]
Raiser = Annotated[Actor, Allowed(Action.QUOTAS_RAISE)]


@router.get("/v1/quota")
def read_quota(member: Reader, hub: TheHub) -> Quota:
    """Return how many people are left today for one's key and organisation."""
    return service.read(hub, member)


@router.put("/v1/projects/{project_id}/organisations/{organisation_id}/bulk-filing")
def raise_quota(project_id: str, organisation_id: str, wanted: BulkFiling, actor: Raiser, hub: TheHub) -> Quota:
    """Allow an organisation to file many people beyond its daily quota."""
    owner = require_owner(actor, Action.QUOTAS_RAISE, project_id, require_id(organisation_id))
    return service.raise_quota(hub, actor, owner, wanted)
