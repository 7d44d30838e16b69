"""
The end of a case at the hub: consent that was ended, is over or was never given, or a row that is gone from its source.

On the partner's premises. What is to be erased is written down first and sent at once where the hub can be reached;
where not, it is the first thing that the next push or sync does. The hub's receipts are kept; see `consent_proof`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from api.agent.client import HubClient
from api.agent.consent import Consent, Ended, is_stricter
from api.agent.session import Session
from api.agent.vault.endings import KeptReceipt
from api.wire.audit.receipts import entries_digest
from api.wire.erasures import MAXIMUM_IDS


def today() -> date:
    """Return the day by which consent is counted."""
    return datetime.now(UTC).date()


def end_cases(session: Session, ended: Mapping[str, Ended], day: date) -> int:
    """
    End cases here: their consent for the agent's purpose, their entries on the way; inside a transaction.

    Args:
        session: the agent.
        ended: why, by case reference; cases without entries are ended too.
        day: today.

    Returns:
        How many entries the hub has to erase.
    """
    vault, purpose = session.vault, session.settings.purpose
    known = vault.consents.newest(purpose)
    over = {ref: replace(known[ref], ended=why) for ref, why in ended.items() if ref in known}
    vault.consents.write(purpose, {ref: each for ref, each in over.items() if known[ref].ended is None}, day)
    before = vault.outbox.counts().withdrawn
    for why in set(ended.values()):
        case_refs = [ref for ref, each in ended.items() if each is why]
        vault.outbox.withdraw(case_refs)
        vault.endings.begin(case_refs, purpose, why, day)
    return vault.outbox.counts().withdrawn - before


def end_expired(session: Session, day: date) -> list[str]:
    """End the cases whose consent was given and is over; return their references."""
    vault = session.vault
    known = vault.consents.newest(session.settings.purpose)
    over = [ref for ref, consent in known.items() if consent.ended is None and consent.is_over(day)]
    if over:
        with vault.transaction():
            end_cases(session, dict.fromkeys(over, Ended.EXPIRED), day)
    return over


def erase_ended(session: Session, client: HubClient) -> int:
    """
    Have the hub erase what has ended, keep its receipts, and forget the cases; return the number of entries.

    Raises:
        HubUnreachableError: no answer; what is not answered is sent again first the next time.
        HubRefusalError: the hub refused.
    """
    vault, erased = session.vault, 0
    while waiting := vault.endings.waiting(MAXIMUM_IDS):
        entry_ids = sorted({entry_id for each in waiting.values() for entry_id in each})
        receipt = client.erase(session.project.project_id, entry_ids)
        kept = KeptReceipt(receipt.receipt_id, len(entry_ids), entries_digest(entry_ids), receipt.note)
        with vault.transaction():
            vault.endings.finish(list(waiting), kept, entry_ids)
        erased += len(entry_ids)
    if erased:
        vault.endings.forget_old_pages()
    return erased


def give(session: Session, case_refs: Sequence[str], consent: Consent, day: date) -> list[str]:
    """
    Write consent down for cases; return those whose file has to be imported (again) before anything is filed.

    Where it is stricter than what was known, the entries made under the other are taken back at once.
    """
    vault, purpose = session.vault, session.settings.purpose
    known, cases = vault.consents.newest(purpose), vault.cases.all()
    stale = [ref for ref in case_refs if ref in cases and (ref not in known or known[ref].stated != consent.stated)]
    with vault.transaction():
        vault.consents.write(purpose, dict.fromkeys(case_refs, consent), day)
        vault.outbox.withdraw(ref for ref in stale if ref in known and is_stricter(consent.stated, known[ref].stated))
        vault.cases.encode_anew(stale)
    return [ref for ref in case_refs if ref in stale or ref not in cases]
