"""`/v1/matches`: claims, matches and encounters."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.hub.auth import Allowed, TheHub
from api.hub.ids import require_id
from api.hub.matches import service
from api.hub.policy import Action, Member
from api.wire.matches import Claim, ClaimedMatches, Encounters, Match, MatchPage

router = APIRouter(prefix="/v1/matches", tags=["matches"])

Claimant = Annotated[Member, Allowed(Action.MATCHES_CLAIM)]
Reader = Annotated[Member, Allowed(Action.MATCHES_READ)]
Reporter = Annotated[Member, Allowed(Action.ENCOUNTERS_REPORT)]


@router.post("")
def claim_meetings(claim: Claim, member: Claimant, hub: TheHub) -> ClaimedMatches:
    """Say that meetings are of one record of one's own; claims of both sides join to a match."""
    return service.claim(hub, member, claim)


@router.get("")
def list_matches(member: Reader, hub: TheHub, cursor: Annotated[str, Query(max_length=100)] = "") -> MatchPage:
    """Return matches that are new or changed since the cursor; poll again with `next_cursor`."""
    return service.list_changes(hub, member, cursor)


@router.get("/{match_id}")
def read_match(match_id: str, member: Reader, hub: TheHub) -> Match:
    """Return one match of one's own."""
    return service.read(hub, member, require_id(match_id))


@router.put("/{match_id}/encounters")
def report_encounters(match_id: str, encounters: Encounters, member: Reporter, hub: TheHub) -> Match:
    """Replace one's own encounters of a match; with both sides' a verdict follows."""
    return service.report(hub, member, require_id(match_id), encounters)
