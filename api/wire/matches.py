"""A match: meetings that both agents claim for a record of theirs; both sides of the wire."""

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from api.wire.meetings import MAXIMUM_MEETINGS, GradeCode, MeetingId, OtherSide
from api.wire.model import WireModel
from api.wire.reviews import Resolution, ReviewAnswer
from api.wire.verdicts import VerdictView

Reference = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
QuarterText = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}Q[1-4]$")]


class Claim(WireModel):
    """
    Meetings that are all of one record of the claiming side.

    Attributes:
        reference: random, kept for that record's later claims; it is not derived from anything.
    """

    meeting_ids: list[MeetingId] = Field(min_length=1, max_length=MAXIMUM_MEETINGS)
    reference: Reference


class EncounterReport(WireModel):
    """One contact of the person with the reporting side, in quarters."""

    quarter: QuarterText
    kind: Literal["interception", "rescue", "admission", "police_case", "helpline"]
    status: Literal["possible", "actual", "not"]
    exit_quarter: QuarterText | None = None


class Encounters(WireModel):
    """All encounters of the reporting side; it replaces what that side reported before."""

    encounters: list[EncounterReport] = Field(max_length=100)


RungName = Literal["D1", "D2", "D3", "D4"]

NO_ADVERSE_ACTION: Final = "no_adverse_action_before_review_and_notice"


class MatchState(StrEnum):
    """
    Where a match stands, for the side that looks: whether its own encounters are missing, or something of the other's.

    `awaiting_other_side` says the same of a side that has not reported and of one that has not accepted D4.
    """

    AWAITING_OTHER_SIDE = "awaiting_other_side"
    AWAITING_ENCOUNTERS = "awaiting_encounters"
    JUDGED = "judged"
    VOID = "void"


class PoliceAnswer(StrEnum):
    """What the police is told of a match in place of the other side; `no` is a reviewed match, never an absence."""

    YES = "yes"
    NO = "no"
    INSUFFICIENT = "insufficient"


class BrokenGlass(WireModel):
    """What the holder is told at once when D3 was opened without its consent."""

    break_glass_id: str
    danger: str
    opened_on: str


class Match(WireModel):
    """
    A match from one side.

    Attributes:
        reference: the looking side's own reference.
        cluster_id: shared by those of the looking side's own matches that have its reference or the other side's record
            in common. Matches of third parties play no part in it, and the other side is shown another id. It stays as
            the cluster grows. Empty while the match stands apart, because the looking side's reviews found records that
            it would join not to be one person; the police is told none.
        was_parted_before: reviews found the looking side's record not to be one person with another record of the same
            organisation. That may be another person, or the same record under a new reference: look before granting.
        rung: how much the looking side may be told now; `GET /v1/matches/{id}/disclosure` tells it.
        verdict: only once both sides have reported encounters, and both accept D4.
        answer: for the police alone.
        notice: stands on every match.
        own_review: the looking side's last answer.
        resolution: once it is final; the other side's answer is not told before.
        review_due_on: ISO date by which both sides shall have reviewed.
        broken_glass: that the other side was told D3 in an emergency, and why.
    """

    match_id: str
    project_id: str
    cluster_id: str
    reference: Reference
    other: OtherSide
    grade: GradeCode
    state: MatchState = Field(strict=False)
    was_parted_before: bool = False
    rung: RungName = "D1"
    verdict: VerdictView | None = None
    answer: PoliceAnswer | None = Field(default=None, strict=False)
    notice: Literal["no_adverse_action_before_review_and_notice"] = NO_ADVERSE_ACTION
    own_review: ReviewAnswer | None = None
    resolution: Resolution | None = None
    review_due_on: str = ""
    broken_glass: list[BrokenGlass] = Field(default_factory=list)


class ClaimedMatches(WireModel):
    """
    The answer to a claim: the matches of its reference as they stand now.

    It is empty until another side has claimed one of the same meetings; later ones come with the list of matches.
    """

    matches: list[Match]


class MatchPage(WireModel):
    """Matches that are new or changed since the cursor."""

    matches: list[Match]
    next_cursor: str
    has_more: bool
