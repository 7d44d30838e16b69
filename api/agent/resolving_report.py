"""What commands tell of requests, disclosures and reviews, for the partner's own screen; on the partner's premises."""

from collections.abc import Iterator

from api.agent.render import table
from api.agent.requests import waiting_requests
from api.agent.resolving import SHOWN_OF_ID
from api.agent.session import Session
from api.agent.vault.meetings import CaseMatch
from api.wire.disclosures import Disclosure, DisclosureRequest
from api.wire.reviews import Reviews

_STATES = {
    "awaiting_own_approval": "waits for a second person of yours",
    "pending": "not answered",
    "asked": "asked back",
    "granted": "granted",
    "to_decide": "waits for your decision",
    "awaiting_second_person": "waits for a second person of yours",
    "refused": "refused",
}


def describe_requests(session: Session) -> list[str]:
    """Tell what others ask and wait for, then what became of own requests."""
    cases = {match.match_id: match.case_ref for match in session.vault.meetings.matches()}
    waiting = waiting_requests(session)
    lines: list[str] = []
    if waiting:
        rows = [(each.request_id[:SHOWN_OF_ID], ref, *request_cells(each)) for each, ref in waiting]
        lines += ["Requests (casematch agent decide REQUEST grant | refuse | ask):"]
        lines += [table(("request", "case", "asks for", "asked by", "purpose", "because", "state"), rows), ""]
    own = [each for each in session.vault.requests.all() if each.is_own and each.match_id in cases]
    if own:
        rows = [(cases[each.match_id], each.rung, _state(each), each.expires_on) for each in own]
        lines += ["Your requests:", table(("case", "asks for", "state", "ends on"), rows), ""]
    return lines


def request_cells(asked: DisclosureRequest) -> tuple[str, ...]:
    """Return rung, asker, purpose, reason and state."""
    asker = "you" if asked.is_own else asked.asker_class or "not told"
    return (asked.rung, asker, asked.purpose, asked.reason.replace("_", " "), _state(asked))


def _state(asked: DisclosureRequest) -> str:
    """Tell where a request stands."""
    question = f": {asked.question.replace('_', ' ')}" if asked.question else ""
    return f"{_STATES[asked.state]}{question}"


def review_state(match: CaseMatch) -> str:
    """Tell whether a match has been looked at, in a few words."""
    if match.resolution:
        return f"found {match.resolution.replace('_', ' ')}"
    if match.own_review:
        return f"you: {match.own_review.replace('_', ' ')}"
    return f"due {match.review_due_on}" if match.is_review_due else "-"


def describe_request(asked: DisclosureRequest) -> str:
    """Tell what became of a request that was just made or decided."""
    return f"{asked.rung}: {_state(asked)}, until {asked.expires_on}."


def describe_disclosure(told: Disclosure) -> str:
    """Tell all that the hub tells of the other side."""
    until = f", until {told.expires_on}" if told.expires_on else ""
    lines = list(_told(told)) or ["  nothing beyond the grade that the inbox shows"]
    return "\n".join([f"Up to {told.rung}{until}:", *lines, "It is a lead, not a fact."])


def _told(told: Disclosure) -> Iterator[str]:
    """Yield one line for each thing that is told."""
    if told.organisation_class:
        yield f"  other side      {told.organisation_class}"
    if told.record_age:
        yield f"  its record      {told.record_age.replace('_', ' ')}"
    if told.contact:
        yield f"  turn to         {told.contact.alias}{' (focal point)' if told.contact.is_focal_point else ''}"
    for field in told.agreement or ():
        yield f"  {field.field:<16}{field.agreement}"
    if told.other_reference:
        yield f"  its reference   {told.other_reference}"
    if told.verdict:
        because = ", ".join(told.verdict.reasons).replace("_", " ")
        yield f"  verdict         {told.verdict.verdict.replace('_', ' ')}{f': {because}' if because else ''}"


def describe_reviews(found: Reviews) -> str:
    """Tell what is final of a match, or what is awaited."""
    if found.resolution:
        by = "the linkage desk" if found.is_adjudicated else "both sides"
        return f"Final, by {by}: {found.resolution.replace('_', ' ')}."
    return f"Kept, your review no. {len(found.reviews)}. It is final when the other side agrees; due {found.due_on}."
