"""Who learnt what of a case: asked of the hub by the case's entries and matches; on the partner's premises."""

from collections.abc import Sequence

from api.agent.client import HubClient
from api.agent.errors import UnknownCaseError
from api.agent.session import Session
from api.wire.audit.messages import Learning, LearntRequest


def ask(session: Session, client: HubClient, case_ref: str) -> Sequence[Learning]:
    """
    Return who was told of a case's meetings and matches, oldest first.

    Raises:
        UnknownCaseError: there is no such case.
        HubUnreachableError: no answer.
        HubRefusalError: the hub will not tell.
    """
    vault = session.vault
    if case_ref not in vault.cases.all():
        raise UnknownCaseError("no such case", code="unknown_case", where="case 1", advice="Check its reference.")
    matches = [match.match_id for match in vault.meetings.matches() if match.case_ref == case_ref]
    entries = [entry_id.hex() for entry_id in vault.outbox.entries_of(case_ref)]
    return client.learnt(LearntRequest(entry_ids=entries, match_ids=matches)).learnings
