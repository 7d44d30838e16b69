"""
What people do about a match: ask to be told more, decide on the other side's requests, say what they found.

On the partner's premises. A match or a request is named by the partner's case, or by the beginning of its id as the
inbox shows it; what consent withholds from a class is not granted to it, whoever decides.
"""

from api.agent.client import HubClient
from api.agent.errors import UnknownCaseError, WithheldError
from api.agent.requests import poll_requests, waiting_requests
from api.agent.session import Session
from api.agent.sync import withholds
from api.agent.vault.meetings import CaseMatch
from api.wire.disclosures import (
    Disclosure,
    DisclosureDecision,
    DisclosureRequest,
    NewDisclosureRequest,
)
from api.wire.reviews import NewReview, Reviews

SHOWN_OF_ID = 8  # characters; enough to tell a partner's own matches apart


def match_of(session: Session, case_ref: str, match_id: str = "") -> CaseMatch:
    """
    Return the match of a case.

    Args:
        session: the agent.
        case_ref: the partner's own reference.
        match_id: beginning of the match's id; may be left out where the case has one match.

    Raises:
        UnknownCaseError: the case has no such match, or several and none is named.
    """
    found = [
        match
        for match in session.vault.meetings.matches()
        if match.case_ref == case_ref and match.match_id.startswith(match_id) and match.state != "void"
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        advice = "See `casematch agent inbox`; run `casematch agent sync` first."
        raise UnknownCaseError("no such match", code="no_match", where="case", advice=advice)
    advice = f"Name one with --match: {', '.join(match.match_id[:SHOWN_OF_ID] for match in found)}."
    raise UnknownCaseError("it has several matches", code="several_matches", where="case", advice=advice)


def request(client: HubClient, match: CaseMatch, wanted: NewDisclosureRequest) -> DisclosureRequest:
    """Ask to be told more of a match; the same again is the same request."""
    return client.ask_for_disclosure(match.match_id, wanted)


def disclosed(client: HubClient, match: CaseMatch) -> Disclosure:
    """Return all that may be told of the other side of a match now."""
    return client.disclosure(match.match_id)


def decide(session: Session, client: HubClient, request_id: str, decision: DisclosureDecision) -> DisclosureRequest:
    """
    Grant, refuse or ask back.

    Args:
        session: the agent.
        client: of its hub.
        request_id: its beginning, as the inbox shows it.
        decision: what to say.

    Raises:
        UnknownCaseError: no such request waits, or several begin so.
        WithheldError: consent keeps the case from the asker, or perhaps from it.
    """
    found = [(each, ref) for each, ref in waiting_requests(session) if each.request_id.startswith(request_id)]
    if len(found) != 1 or not request_id:
        advice = "See `casematch agent inbox`; run `casematch agent sync` first."
        raise UnknownCaseError("no such request waits", code="no_request", where="request", advice=advice)
    ((chosen, case_ref),) = found
    if decision.decision == "grant" and not chosen.is_own and withholds(session, case_ref, chosen.asker_class or ""):
        advice = "Ask the person, then `casematch agent consent give CASE` without this class. Or refuse it."
        raise WithheldError("consent keeps it from the asker", code="withheld", where="case", advice=advice)
    answer = client.decide_request(chosen.request_id, decision)
    poll_requests(session, client)
    return answer


def review(client: HubClient, match: CaseMatch, found: NewReview) -> Reviews:
    """Say what was found beside one's own record."""
    return client.review(match.match_id, found)
