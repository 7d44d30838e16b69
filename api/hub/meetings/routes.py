"""`/v1/meetings`: what met, and the holder's decisions."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.hub.auth import Allowed, TheHub
from api.hub.ids import require_id
from api.hub.meetings import service
from api.hub.policy import Action, Member
from api.wire.meetings import Decided, Decisions, Meeting, MeetingPage

router = APIRouter(prefix="/v1/meetings", tags=["meetings"])

Reader = Annotated[Member, Allowed(Action.MEETINGS_READ)]
Decider = Annotated[Member, Allowed(Action.MEETINGS_DECIDE)]


@router.get("")
def list_meetings(member: Reader, hub: TheHub, cursor: Annotated[str, Query(max_length=100)] = "") -> MeetingPage:
    """Return meetings that are new or changed since the cursor; poll again with `next_cursor`."""
    return service.list_changes(hub, member, cursor)


@router.post("/decisions")
def decide_meetings(decisions: Decisions, member: Decider, hub: TheHub) -> Decided:
    """Release and refuse many meetings; each stands or falls alone."""
    return service.decide_many(hub, member, decisions)


@router.post("/{meeting_id}/release")
def release_meeting(meeting_id: str, member: Decider, hub: TheHub) -> Meeting:
    """Let the other side learn that the two entries met."""
    return service.decide(hub, member, require_id(meeting_id), release=True)


@router.post("/{meeting_id}/refuse")
def refuse_meeting(meeting_id: str, member: Decider, hub: TheHub) -> Meeting:
    """Tell the other side nothing, as if nothing were decided."""
    return service.decide(hub, member, require_id(meeting_id), release=False)
