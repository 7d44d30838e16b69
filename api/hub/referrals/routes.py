"""`/v1/referrals`: offers on a match, and what both sides make of them."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from api.hub.auth import Allowed, TheHub
from api.hub.ids import require_id
from api.hub.policy import Action, Member
from api.hub.referrals import service
from api.hub.referrals.states import Move
from api.wire.referrals import NewReferral, Referral, ReferralPage

router = APIRouter(prefix="/v1/referrals", tags=["referrals"])

Reader = Annotated[Member, Allowed(Action.REFERRALS_READ)]
Referrer = Annotated[Member, Allowed(Action.REFERRALS_OFFER)]
Revoker = Annotated[Member, Allowed(Action.REFERRALS_REVOKE)]
Receiver = Annotated[Member, Allowed(Action.REFERRALS_ANSWER)]


@router.post("", status_code=status.HTTP_201_CREATED)
def offer_referral(wanted: NewReferral, member: Referrer, hub: TheHub) -> Referral:
    """Offer a referral to the other side of a match; it is then told one's own contact desk."""
    return service.offer(hub, member, wanted)


@router.get("")
def list_referrals(member: Reader, hub: TheHub, cursor: Annotated[str, Query(max_length=100)] = "") -> ReferralPage:
    """Return referrals that are new or changed since the cursor; poll again with `next_cursor`."""
    return service.list_changes(hub, member, cursor)


@router.post("/{referral_id}/accept")
def accept_referral(referral_id: str, member: Receiver, hub: TheHub) -> Referral:
    """Take an offer; for its receiver."""
    return service.move(hub, member, require_id(referral_id), Move.ACCEPT)


@router.post("/{referral_id}/decline")
def decline_referral(referral_id: str, member: Receiver, hub: TheHub) -> Referral:
    """Turn an offer down; for its receiver."""
    return service.move(hub, member, require_id(referral_id), Move.DECLINE)


@router.post("/{referral_id}/complete")
def complete_referral(referral_id: str, member: Receiver, hub: TheHub) -> Referral:
    """Say that what was asked for is done; for its receiver."""
    return service.move(hub, member, require_id(referral_id), Move.COMPLETE)


@router.post("/{referral_id}/revoke")
def revoke_referral(referral_id: str, member: Revoker, hub: TheHub) -> Referral:
    """Take an offer back, also after it was accepted; for the side that offered."""
    return service.move(hub, member, require_id(referral_id), Move.REVOKE)
