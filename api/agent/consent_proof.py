"""
Proof that the hub has erased what ended: its signed receipt, and the leaf of the audit log; on the partner's premises.

The receipt names the entries by a digest that this agent computed itself before it forgot them, and the leaf by its
hash. Where in the log it stands the hub does not tell: places tell how much others did. An exported log, checked up to
the root that the hub has signed, proves that the leaf is in it.
"""

from dataclasses import dataclass
from pathlib import Path

from api.agent.audit.download import check_file, leaf_hashes
from api.agent.audit.pin import log_error, read_pin
from api.agent.errors import LogError, UnknownCaseError
from api.agent.session import Session
from api.agent.vault.endings import Ending, KeptReceipt
from api.wire.audit.errors import AuditError
from api.wire.audit.notes import Note, VerifierKey
from api.wire.audit.receipts import ErasureStatement, open_receipt


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What is proved of the end of a case.

    Attributes:
        statement: what the hub has signed; None while it waits, and where nothing had ever left.
        is_in_log: whether its leaf stands in the log that was given; None when none was.
    """

    ending: Ending
    statement: ErasureStatement | None
    is_in_log: bool | None


def prove(session: Session, case_ref: str, log: Path | None) -> list[Proof]:
    """
    Verify the receipts of a case's ends, oldest first.

    Raises:
        UnknownCaseError: the case never ended.
        LogError: a receipt is not signed with the pinned key, or not for these entries; the log is not what it was.
    """
    endings = session.vault.endings.all(case_ref)
    if not endings:
        advice = "See `casematch agent consent show CASE`."
        raise UnknownCaseError("nothing of it has ended", code="never_ended", where="case 1", advice=advice)
    pin = read_pin(session.vault.settings)
    if pin is None:
        advice = "Run `casematch agent sync` once: it takes the hub's log key, and people compare it."
        raise LogError("the hub's log key is not known yet", code="log_unpinned", where="audit log", advice=advice)
    leaves = frozenset[str]()
    if log is not None:
        check_file(log, pin)
        leaves = leaf_hashes(log)
    return [_proof(session, ending, pin.log_key, None if log is None else leaves) for ending in endings]


def require_receipt(receipt: KeptReceipt, key: VerifierKey) -> ErasureStatement:
    """
    Return what a receipt states.

    Raises:
        LogError: it is not signed with the key, or is for other entries.
    """
    fault: AuditError | None = None
    statement: ErasureStatement | None = None
    try:
        statement = open_receipt(Note.read(receipt.note), key)
    except AuditError as error:
        fault = error
    if fault is not None:
        raise log_error(fault)
    if statement is None or (statement.receipt_id, statement.digest) != (receipt.receipt_id, receipt.digest):
        raise LogError("the receipt is for other entries", code="receipt_differs", where="receipt")
    return statement


def _proof(session: Session, ending: Ending, key: VerifierKey, leaves: frozenset[str] | None) -> Proof:
    """Verify one receipt, if there is one."""
    if not ending.receipt_id:
        return Proof(ending, None, None)
    statement = require_receipt(session.vault.endings.receipt(ending.receipt_id), key)
    return Proof(ending, statement, None if leaves is None else statement.leaf_hash in leaves)
