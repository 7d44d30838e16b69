"""Referrals on a match: one side asks the other to take over a service; both sides of the wire."""

from enum import StrEnum

from pydantic import Field

from api.wire.model import Uuid, WireModel
from api.wire.statements import Code, Purpose

OFFER_DAYS = 14  # an offer that nobody answers ends by itself
LONGEST_OFFER_DAYS = 60


class ReferralState(StrEnum):
    """
    Where a referral stands, the same for both sides.

    `offered` → `accepted` or `declined` by the receiver, `revoked` by the referrer, or `expired`; `accepted` →
    `completed` by the receiver, or `revoked` by the referrer; `void` once the match is.
    """

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"
    COMPLETED = "completed"
    EXPIRED = "expired"
    VOID = "void"


class NewReferral(WireModel):
    """
    An offer to the other side of a match; the same again is the same referral while it stands.

    Attributes:
        service: code of what is asked for, such as `shelter` or `legal_aid`; no free text, so no name can slip in.
        days: until the offer ends, unless it is answered.
    """

    match_id: Uuid
    service: Code
    days: int = Field(default=OFFER_DAYS, ge=1, le=LONGEST_OFFER_DAYS)


class Referral(WireModel):
    """
    A referral as one of its sides sees it.

    Attributes:
        is_own: whether the looking side offered.
        expires_on: ISO date on which the offer ends; without meaning once it is answered.
    """

    referral_id: str
    match_id: str
    purpose: Purpose = Field(strict=False)
    is_own: bool
    service: Code
    state: ReferralState = Field(strict=False)
    offered_on: str
    expires_on: str


class ReferralPage(WireModel):
    """Referrals that are new or changed since a cursor, oldest change first; ask again with `next_cursor`."""

    referrals: list[Referral]
    next_cursor: str
    has_more: bool
