"""Reviews of a match by people of both sides, and by the linkage desk; both sides of the wire."""

from typing import Literal

from pydantic import Field

from api.wire.disclosures import FieldAgreement
from api.wire.model import WireModel
from api.wire.statements import Purpose

REVIEW_DAYS = 10  # from the day on which both sides had claimed
MOST_REASONS = 5

ReviewAnswer = Literal["same", "not_same", "unsure"]
Resolution = Literal["same", "not_same"]
Disposition = Literal[
    "continuity_of_care", "duplicate_closed", "new_episode_recorded", "referred", "person_informed", "no_action"
]
InvalidReason = Literal[
    "another_person",
    "relative",
    "namesake",
    "shared_identifier",
    "wrong_entry",
    "details_differ",
    "person_says_no",
]


class NewReview(WireModel):
    """
    What somebody found who looked at a match beside the own record.

    Attributes:
        answer: left out when a conflict of interest is declared, and only then.
        disposition: what was done; for `same`.
        invalid_reasons: why not; at least one for `not_same`.
        has_conflict: the reviewer is personally concerned: somebody else of the organisation has to review.
    """

    answer: ReviewAnswer | None = None
    disposition: Disposition | None = None
    invalid_reasons: list[InvalidReason] = Field(default_factory=list, max_length=MOST_REASONS)
    has_conflict: bool = False


class Review(WireModel):
    """One review of the looking side; they are only ever appended."""

    number: int
    answer: ReviewAnswer | None
    disposition: Disposition | None
    invalid_reasons: list[InvalidReason]
    has_conflict: bool
    given_on: str


class Reviews(WireModel):
    """
    The looking side's reviews of a match, oldest first, and what is final.

    Attributes:
        resolution: None until both sides agree or the desk has decided.
        is_adjudicated: whether the desk decided.
    """

    match_id: str
    reviews: list[Review]
    resolution: Resolution | None
    is_adjudicated: bool
    due_on: str


class SideAnswer(WireModel):
    """What one side of a match answered, for the desk; which side it is, the desk is not told."""

    answer: ReviewAnswer | None
    disposition: Disposition | None
    invalid_reasons: list[InvalidReason]


class OpenCase(WireModel):
    """A match that waits for the linkage desk: grade and agreement of fields, and nobody's identity."""

    match_id: str
    purpose: Purpose = Field(strict=False)
    grade: Literal["certain", "probable", "possible"]
    agreement: list[FieldAgreement]
    answers: list[SideAnswer]
    due_on: str
    is_overdue: bool


class OpenCases(WireModel):
    """Matches whose sides disagree or are overdue, those due first; at most 100."""

    cases: list[OpenCase]


class Adjudication(WireModel):
    """The desk's decision; it is final."""

    answer: Resolution
    invalid_reasons: list[InvalidReason] = Field(default_factory=list, max_length=MOST_REASONS)


class Adjudicated(WireModel):
    """What is final of a match now."""

    match_id: str
    resolution: Resolution


class BadlyResolved(WireModel):
    """One thing to look after: what is wrong with it, and since when."""

    kind: Literal["overdue", "disagreement", "conflict_only", "same_but_possible", "break_glass_unreviewed"]
    thing_id: str
    due_on: str


class ResolutionReport(WireModel):
    """
    How matches of a project are resolved; no identity, no organisation.

    Attributes:
        listed: at most 500, those due first.
    """

    project_id: str
    open_matches: int
    overdue: int
    final_same: int
    final_not_same: int
    adjudicated: int
    listed: list[BadlyResolved]
