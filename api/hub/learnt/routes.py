"""`POST /v1/audit/learnt`."""

from typing import Annotated

from fastapi import APIRouter

from api.hub.auth import Allowed, TheHub
from api.hub.learnt import service
from api.hub.policy import Action, Member
from api.wire.audit.messages import LearntAnswer, LearntRequest

router = APIRouter(prefix="/v1/audit", tags=["audit"])


@router.post("/learnt")
def who_learnt(
    asked: LearntRequest, member: Annotated[Member, Allowed(Action.AUDIT_WHO_LEARNT)], hub: TheHub
) -> LearntAnswer:
    """Return who learnt what of one's own entries and matches; asked by POST, so that no id stands in a URL."""
    return service.learnt(hub, member, asked)
