"""A match: meetings that both agents claim for a record of theirs; both sides of the wire."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from api.wire.meetings import GradeCode, MeetingId, OtherSide
from api.wire.model import WireModel

Reference = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
QuarterText = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}Q[1-4]$")]


class Claim(WireModel):
    """
    Meetings that are all of one record of the claiming side.

    Attributes:
        reference: random, kept for that record's later claims; it is not derived from anything.
    """

    meeting_ids: list[MeetingId] = Field(min_length=1, max_length=1_000)
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


class MatchState(StrEnum):
    """Where a match stands, for the side that looks: whether its own encounters are missing, or the other's."""

    AWAITING_OTHER_SIDE = "awaiting_other_side"
    AWAITING_ENCOUNTERS = "awaiting_encounters"
    JUDGED = "judged"
    VOID = "void"


class VerdictView(WireModel):
    """The episode verdict and its reasons, as codes of docs/glossary.md."""

    verdict: Literal["same_episode", "possible_re_trafficking", "attempt", "undetermined"]
    reasons: list[str]


class Match(WireModel):
    """
    A match from one side.

    Attributes:
        reference: the looking side's own reference.
        cluster_id: shared by all matches held to be of one person; stable as the cluster grows.
        verdict: only once both sides have claimed and reported encounters.
    """

    match_id: str
    project_id: str
    cluster_id: str
    reference: Reference
    other: OtherSide
    grade: GradeCode
    state: MatchState = Field(strict=False)
    verdict: VerdictView | None = None


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
