"""`/v1/break-glass`: D3 in imminent danger; asked for, approved and reviewed by people, never by a key."""

from typing import Annotated

from fastapi import APIRouter, status

from api.hub.auth import Allowed, TheHub
from api.hub.break_glass import service
from api.hub.ids import require_id
from api.hub.policy import Action, Actor, Member
from api.wire.break_glass import BreakGlass, BreakGlasses, BreakGlassReview, NewBreakGlass

router = APIRouter(prefix="/v1/break-glass", tags=["break-glass"])

Asker = Annotated[Member, Allowed(Action.BREAK_GLASS_ASK)]
Reader = Annotated[Actor, Allowed(Action.BREAK_GLASS_READ)]
Approver = Annotated[Actor, Allowed(Action.BREAK_GLASS_APPROVE)]
Reviewer = Annotated[Actor, Allowed(Action.BREAK_GLASS_REVIEW)]


@router.post("", status_code=status.HTTP_201_CREATED)
def ask(wanted: NewBreakGlass, member: Asker, hub: TheHub) -> BreakGlass:
    """Ask for D3 of a match because somebody is in imminent danger."""
    return service.ask(hub, member, wanted)


@router.get("")
def list_break_glass(actor: Reader, hub: TheHub) -> BreakGlasses:
    """Return all that wait for approval or review; nothing of the matches."""
    return service.listing(hub, actor)


@router.post("/{break_glass_id}/approvals")
def approve(break_glass_id: str, actor: Approver, hub: TheHub) -> BreakGlass:
    """Approve; two people of different organisations open it for four hours."""
    return service.approve(hub, actor, require_id(break_glass_id))


@router.post("/{break_glass_id}/review")
def review(break_glass_id: str, found: BreakGlassReview, actor: Reviewer, hub: TheHub) -> BreakGlass:
    """Say whether it was justified; due within 72 hours."""
    return service.review(hub, actor, require_id(break_glass_id), found)
