"""What one side of a match is told of the other beyond D1, and how it is asked for; both sides of the wire."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from api.wire.meetings import RecordAge
from api.wire.model import WireModel
from api.wire.statements import Code, OrganisationClass, Purpose
from api.wire.verdicts import VerdictView

REQUEST_DAYS = 30  # a request that nobody grants ends by itself, refused or not
GRANT_DAYS = 90
LONGEST_GRANT_DAYS = 180

AskedRung = Literal["D2", "D3", "D4"]
Question = Literal["reason", "lawful_basis", "urgency", "relation_to_person"]


class Agreement(StrEnum):
    """How one field of the two records compares."""

    AGREE = "agree"
    CLOSE = "close"
    DIFFER = "differ"
    MISSING = "missing"


class FieldAgreement(WireModel):
    """The agreement of one field of the linkage schema."""

    field: str
    agreement: Agreement = Field(strict=False)


class NewDisclosureRequest(WireModel):
    """
    A request to be told more of a match; the same again is the same request.

    Attributes:
        rung: how much; asking for D4 is also to accept it for one's own record.
        reason: short code of the asker's own list; no free text, so no name can slip in.
        lawful_basis: needed of the police.
    """

    rung: AskedRung
    reason: Code
    lawful_basis: Code | None = None


class RequestState(StrEnum):
    """
    Where a request stands, for the side that looks.

    The asker sees `awaiting_own_approval`, `pending`, `asked`, `granted`; a refusal stays `pending` for it until the
    request ends. The holder sees `to_decide`, `awaiting_second_person`, `asked`, `granted`, `refused`.
    """

    AWAITING_OWN_APPROVAL = "awaiting_own_approval"
    PENDING = "pending"
    ASKED = "asked"
    GRANTED = "granted"
    TO_DECIDE = "to_decide"
    AWAITING_SECOND_PERSON = "awaiting_second_person"
    REFUSED = "refused"


class DisclosureRequest(WireModel):
    """
    A request from one side.

    Attributes:
        is_own: whether the looking side asked.
        asker_class: told to the holder, who has to decide; None to the police of those who protect.
        question: what the holder wants to know first, when the state is `asked`.
        expires_on: ISO date; the request, or once it is granted the grant, is over on that day.
    """

    request_id: str
    match_id: str
    purpose: Purpose = Field(strict=False)
    is_own: bool
    rung: AskedRung
    reason: Code
    lawful_basis: Code | None
    asker_class: OrganisationClass | None = Field(strict=False)
    state: RequestState = Field(strict=False)
    question: Question | None
    expires_on: str


class DisclosureRequests(WireModel):
    """All requests of one's own organisation and to it that are not over, oldest first; at most 500."""

    requests: list[DisclosureRequest]


class DisclosureDecision(WireModel):
    """
    What a person or an agent of the holder says to a request.

    Attributes:
        decision: `grant`; `refuse`, which the asker is never told; or `ask`, with a question.
        question: for `ask`, and only then.
        days: how long a grant lasts.
    """

    decision: Literal["grant", "refuse", "ask"]
    question: Question | None = None
    days: int = Field(default=GRANT_DAYS, ge=1, le=LONGEST_GRANT_DAYS)


class Contact(WireModel):
    """
    Whom to turn to.

    Attributes:
        alias: a contact desk, never the name or place of an organisation.
        mailbox: where sealed messages to it go.
        is_focal_point: whether it is the project's linkage desk in place of the holder, as for the police.
    """

    alias: Annotated[str, Field(max_length=80)]
    mailbox: str
    is_focal_point: bool


class Disclosure(WireModel):
    """
    All that the looking side may be told of a match now; what its rung does not reach is None.

    Attributes:
        organisation_class: from D2 on.
        record_age: from D2 on, once the other side has reported.
        contact: from D3 on; for the police the focal point, from D1 on.
        agreement: from D3 on; None when an entry is gone. The police is not told.
        other_reference: from D4 on: the other side's random reference of its case.
        verdict: from D4 on, once both sides have reported.
        expires_on: ISO date on which the rung ends; empty at D1.
    """

    match_id: str
    rung: Literal["D1", "D2", "D3", "D4"]
    organisation_class: OrganisationClass | None = Field(strict=False)
    record_age: RecordAge | None = Field(strict=False)
    contact: Contact | None
    agreement: list[FieldAgreement] | None
    other_reference: str | None
    verdict: VerdictView | None
    expires_on: str
