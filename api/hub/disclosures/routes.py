"""`/v1/matches/{id}/disclosure…` and `/v1/disclosure-requests`: being told more of a match, and deciding on it."""

from typing import Annotated

from fastapi import APIRouter, status

from api.hub.auth import Allowed, TheHub
from api.hub.disclosures import service, telling
from api.hub.ids import require_id
from api.hub.policy import Action, Member
from api.wire.disclosures import (
    Disclosure,
    DisclosureDecision,
    DisclosureRequest,
    DisclosureRequests,
    NewDisclosureRequest,
)

router = APIRouter(prefix="/v1", tags=["disclosures"])

Reader = Annotated[Member, Allowed(Action.DISCLOSURES_READ)]
Asker = Annotated[Member, Allowed(Action.DISCLOSURES_REQUEST)]
Decider = Annotated[Member, Allowed(Action.DISCLOSURES_DECIDE)]


@router.get("/matches/{match_id}/disclosure")
def read_disclosure(match_id: str, member: Reader, hub: TheHub) -> Disclosure:
    """Return all that one may be told of the other side of a match now."""
    return telling.tell(hub, member, require_id(match_id))


@router.post("/matches/{match_id}/disclosure-requests", status_code=status.HTTP_201_CREATED)
def ask_for_disclosure(match_id: str, wanted: NewDisclosureRequest, member: Asker, hub: TheHub) -> DisclosureRequest:
    """Ask to be told more of a match."""
    return service.ask(hub, member, require_id(match_id), wanted)


@router.get("/disclosure-requests")
def list_requests(member: Reader, hub: TheHub) -> DisclosureRequests:
    """Return one's own requests, and those that wait for one's own decision."""
    return service.listing(hub, member)


@router.post("/disclosure-requests/{request_id}/decisions")
def decide_request(request_id: str, decision: DisclosureDecision, member: Decider, hub: TheHub) -> DisclosureRequest:
    """Grant, refuse or ask back; a protected record needs two people for D3 and D4."""
    return service.decide(hub, member, require_id(request_id), decision)
