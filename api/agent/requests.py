"""Disclosure requests of both sides, kept as the hub tells them; on the partner's premises."""

from collections.abc import Sequence

from api.agent.client import HubClient
from api.agent.session import Session
from api.wire.disclosures import DisclosureRequest, RequestState


def poll_requests(session: Session, client: HubClient) -> int:
    """Keep the requests of both sides as the hub tells them now; returns how many wait for a person here."""
    requests = client.disclosure_requests()
    with session.vault.transaction():
        session.vault.requests.replace(requests)
    return len(waiting_requests(session))


def waiting_requests(session: Session) -> Sequence[tuple[DisclosureRequest, str]]:
    """Return what waits for a person here, with its case: requests of others, own ones that need a second person."""
    cases = {match.match_id: match.case_ref for match in session.vault.meetings.matches()}
    wanted = (RequestState.TO_DECIDE, RequestState.AWAITING_SECOND_PERSON, RequestState.AWAITING_OWN_APPROVAL)
    return [
        (each, cases[each.match_id])
        for each in session.vault.requests.all()
        if each.state in wanted and each.match_id in cases
    ]
