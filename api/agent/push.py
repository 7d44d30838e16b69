"""
Sending what waits to the hub, so that each entry is there once whatever happens in between; on the partner's premises.

A batch is written down before it is sent and acknowledged after; a kill between the two makes the next push send the
same rows again, which the hub knows by their ids. Two pushes at once send some rows twice, with the same outcome.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.agent.case_tag import case_tag
from api.agent.client import HubClient
from api.agent.consent_end import end_expired, erase_ended, today
from api.agent.errors import HubRefusalError
from api.agent.progress import Progress
from api.agent.session import Session
from api.wire.batches import MAXIMUM_ENTRIES, pack_batch
from api.wire.erasures import MAXIMUM_IDS
from api.wire.statements import Purpose, Statement
from matcher.encoding import envelope_of

_ANOTHER_STATEMENT = frozenset({"statement_incomplete", "not_approved"})


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: entries that the hub has acknowledged, in batches, and entries it has erased."""

    entries: int
    batches: int
    erased: int


@dataclass(frozen=True, slots=True)
class PoliceStatement:
    """
    What the police states of a filing beside purpose and reason.

    Attributes:
        case_number: as the police writes it; only its keyed tag leaves.
        lawful_basis: code of the basis.
        approval_id: of the supervisor's approval at the hub.
    """

    case_number: str = field(repr=False)
    lawful_basis: str
    approval_id: str


def push(
    session: Session,
    client: HubClient,
    progress: Progress,
    *,
    reason: str,
    police: PoliceStatement | None = None,
    batch_entries: int = MAXIMUM_ENTRIES,
    case_refs: Sequence[str] | None = None,
) -> Pushed:
    """
    Send all waiting entries, and have withdrawn ones erased; those of ended cases before anything else.

    Args:
        session: the agent.
        client: of its hub.
        progress: called with a step's name, how much is done, and how much there is.
        reason: code of the statement, such as `intake`.
        police: what the police states beside it; None for everybody else.
        batch_entries: greatest number of entries in a new batch, 1 to 10,000.
        case_refs: cases whose entries are sent, beside batches that are open already; None sends all that waits.

    Raises:
        HubUnreachableError: no answer; what is not acknowledged is sent again by the next push.
        HubRefusalError: the hub refused a batch; it stays in the outbox, or its entries wait for another statement.
    """
    end_expired(session, today())
    erased = erase_ended(session, client)
    outbox = session.vault.outbox
    statement = Statement(purpose=Purpose(session.settings.purpose), reason=reason, **_stated(session, police))
    waiting = outbox.counts().waiting
    sent = batches = 0
    for batch_id in outbox.open_batches(envelope_of(session.schema), statement, batch_entries, case_refs):
        batch = outbox.batch(batch_id)
        receipt = ""
        if batch.rows:
            body = pack_batch(batch.envelope, batch.statement, batch.rows)
            receipt = _file(session, client, batch_id, body)
            batches += 1
        outbox.acknowledge(batch, receipt)
        sent += len(batch.rows)
        progress("Sending", sent, waiting)
    return Pushed(sent, batches, erased + _erase(session, client))


def _file(session: Session, client: HubClient, batch_id: int, body: bytes) -> str:
    """File a batch, and return the receipt's id; a statement that is refused must not hold up its entries for ever."""
    try:
        return client.file_batch(session.project.project_id, body).receipt_id
    except HubRefusalError as refusal:
        if refusal.code in _ANOTHER_STATEMENT:
            session.vault.outbox.set_refused(batch_id)
        raise


def _stated(session: Session, police: PoliceStatement | None) -> dict[str, str]:
    """Return the police's part of a statement."""
    if police is None:
        return {}
    tag = case_tag(session.secret(), session.project.project_id, police.case_number)
    return {"case_tag": tag, "lawful_basis": police.lawful_basis, "approval_id": police.approval_id}


def _erase(session: Session, client: HubClient) -> int:
    """Have the entries erased that changed cases no longer have, and forget them."""
    erased = 0
    while entry_ids := session.vault.outbox.withdrawn(MAXIMUM_IDS):
        client.erase(session.project.project_id, entry_ids)
        session.vault.outbox.forget(entry_ids)
        erased += len(entry_ids)
    return erased
