"""A disclosure request as each side sees it; hub."""

from enum import StrEnum
from typing import get_args

from api.hub.disclosures.repository import RequestRow
from api.hub.places import hides_class, place_of
from api.hub.policy import Member
from api.wire.disclosures import AskedRung, DisclosureRequest, Question, RequestState
from api.wire.statements import Purpose

RUNG_NAMES: dict[int, AskedRung] = dict(enumerate(get_args(AskedRung), start=2))
_QUESTIONS: dict[str, Question] = {question: question for question in get_args(Question)}


class Stored(StrEnum):
    """Where a request stands, as it is kept."""

    OWN_APPROVAL = "own_approval"
    TO_DECIDE = "to_decide"
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


_FOR_ASKER = {
    Stored.OWN_APPROVAL: RequestState.AWAITING_OWN_APPROVAL,
    Stored.TO_DECIDE: RequestState.PENDING,
    Stored.ASKED: RequestState.ASKED,
    Stored.GRANTED: RequestState.GRANTED,
    Stored.REFUSED: RequestState.PENDING,
}
_FOR_HOLDER = {
    Stored.TO_DECIDE: RequestState.TO_DECIDE,
    Stored.ASKED: RequestState.ASKED,
    Stored.GRANTED: RequestState.GRANTED,
    Stored.REFUSED: RequestState.REFUSED,
}


def view(member: Member, row: RequestRow) -> DisclosureRequest:
    """Return a request as the side that looks may see it."""
    is_own = row.asker_id == member.organisation_id
    asker = place_of(row.asker_class, row.asker_is_sensitive)
    is_told = not is_own and not hides_class(member.organisation_class, asker)
    return DisclosureRequest(
        request_id=row.request_id,
        match_id=row.match_id,
        purpose=Purpose(row.purpose),
        is_own=is_own,
        rung=RUNG_NAMES[row.rung],
        reason=row.reason,
        lawful_basis=row.lawful_basis,
        asker_class=asker.organisation_class if is_told else None,
        state=_for_asker(row) if is_own else _for_holder(row),
        question=_QUESTIONS.get(row.question or ""),
        expires_on=row.expires_on.isoformat(),
    )


def _for_asker(row: RequestRow) -> RequestState:
    """Say where a request stands for the side that asked; a refusal looks like silence, after a question as well."""
    state = Stored(row.state)
    return RequestState.ASKED if state is Stored.REFUSED and row.question else _FOR_ASKER[state]


def _for_holder(row: RequestRow) -> RequestState:
    """Say where a request stands for the side that decides."""
    state = Stored(row.state)
    is_half_agreed = state is Stored.TO_DECIDE and row.is_half_agreed
    return RequestState.AWAITING_SECOND_PERSON if is_half_agreed else _FOR_HOLDER[state]
