"""Break-glass: D3 for four hours without the holder's consent, in imminent danger; both sides of the wire."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from api.wire.model import WireModel

OPEN_HOURS = 4
REVIEW_HOURS = 72

Danger = Literal["life_at_risk", "violence_under_way", "about_to_be_moved", "child_missing"]


class NewBreakGlass(WireModel):
    """Somebody is in imminent danger: what kind, and which match may help."""

    match_id: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
    danger: Danger


class BreakGlassState(StrEnum):
    """Where it stands: two people of different organisations have to approve, and it is over four hours later."""

    AWAITING_APPROVALS = "awaiting_approvals"
    OPEN = "open"
    OVER = "over"


class BreakGlass(WireModel):
    """
    A break-glass, as its asker, approvers and the data-protection officer see it; nothing of the match.

    Attributes:
        approvals: how many people have approved.
        finding: of the review that follows; None until then.
        review_due_on: ISO date; empty until it was opened.
    """

    break_glass_id: str
    danger: Danger
    state: BreakGlassState = Field(strict=False)
    approvals: int
    asked_on: str
    finding: Literal["justified", "not_justified"] | None
    review_due_on: str


class BreakGlasses(WireModel):
    """All that wait for approval or review, oldest first."""

    break_glasses: list[BreakGlass]


class BreakGlassReview(WireModel):
    """What the data-protection officer found afterwards."""

    finding: Literal["justified", "not_justified"]
