"""
Two entries that met, as one side of them may see it; both sides of the wire.

The side that must decide sees the meeting at once (`to_decide`); the other sees it only when it is `released`, or when
it has to decide as well. Who has decided and waits for the other's decision sees `awaiting_other_side`, for good if
the other refuses: refusal looks like silence.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from api.wire.erasures import EntryId
from api.wire.model import WireModel
from api.wire.problems import Fault
from api.wire.statements import OrganisationClass, Purpose

MAXIMUM_MEETINGS = 1_000  # of one list of decisions, or one claim

GradeCode = Literal["certain", "probable", "possible"]
MeetingId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]


class MeetingState(StrEnum):
    """Where a meeting stands, for the side that looks at it."""

    TO_DECIDE = "to_decide"
    AWAITING_OTHER_SIDE = "awaiting_other_side"
    RELEASED = "released"
    REFUSED = "refused"
    CLAIMED = "claimed"
    VOID = "void"


class RecordAge(StrEnum):
    """How long ago the newest encounter was that a side has reported, as a band."""

    UNDER_6_MONTHS = "under_6_months"
    FROM_6_TO_24_MONTHS = "from_6_to_24_months"
    OVER_24_MONTHS = "over_24_months"


class OtherSide(WireModel):
    """
    What is told of the other side, never its name.

    Attributes:
        organisation_class: None where it is not told: to the police of those who protect, and of a protected record
            until its holder has granted D2.
        record_age: of a match from D2 on, once the other side has reported; None otherwise.
    """

    organisation_class: OrganisationClass | None = Field(strict=False)
    purpose: Purpose = Field(strict=False)
    record_age: RecordAge | None = Field(default=None, strict=False)


class Meeting(WireModel):
    """
    A meeting from one side.

    Attributes:
        entry_id: the looking side's own entry.
        grade: absolute; it does not depend on what else met.
    """

    meeting_id: MeetingId
    project_id: str
    entry_id: EntryId
    grade: GradeCode
    state: MeetingState = Field(strict=False)
    other: OtherSide


class MeetingPage(WireModel):
    """Meetings that are new or changed since the cursor; poll again with `next_cursor`. No totals: they leak."""

    meetings: list[Meeting]
    next_cursor: str
    has_more: bool


class Decisions(WireModel):
    """Many decisions at once, as an agent takes them; each meeting stands or falls alone."""

    release: list[MeetingId] = Field(default_factory=list, max_length=MAXIMUM_MEETINGS)
    refuse: list[MeetingId] = Field(default_factory=list, max_length=MAXIMUM_MEETINGS)


class Decided(WireModel):
    """
    The answer to `Decisions`.

    Attributes:
        meetings: those decided, as they stand now.
        faults: one for each that could not be decided so, by JSON pointer into the request.
    """

    meetings: list[Meeting]
    faults: list[Fault]
