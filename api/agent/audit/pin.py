"""
What a witness remembers of the log: its key, and the last checkpoint it has verified; on the partner's premises.

The key is taken at its first sight and compared by people afterwards, by telephone or on paper; from then on every
checkpoint must be signed with it and continue the one that is pinned. Both lie in the encrypted vault.
"""

import json
from dataclasses import dataclass

from api.agent.errors import LogError
from api.agent.signing_keys import signing_key
from api.agent.vault.settings import Settings
from api.wire.audit.checkpoint import Checkpoint, open_checkpoint
from api.wire.audit.errors import AuditError, ProofError
from api.wire.audit.notes import Algorithm, Note, SigningKey, VerifierKey
from api.wire.audit.tree import EMPTY_ROOT

_PIN = "audit_pin"
_WITNESS = "audit_witness"
_EVIDENCE = "audit_evidence"
ALARM = (
    "Do not file anything more. `casematch audit checkpoint` prints what you have seen and what you were shown now, "
    "both signed by the hub: tell the other partners and the data-protection officer."
)
OTHER_KEY = (
    "If the hub's operator has announced a new key, compare it by another way than this hub, then run "
    "`casematch audit pin KEY`. If not, do not go on: you may be talking to another hub."
)
_ADVICE = {"log_forked": ALARM, "log_truncated": ALARM, "signature_missing": OTHER_KEY, "log_other": OTHER_KEY}


@dataclass(frozen=True, slots=True)
class Pin:
    """
    What is pinned.

    Attributes:
        log_key: signs the log; its name is the log's origin.
        text: of the last checkpoint that was verified; empty before the first one.
        note: the same with its signatures, as evidence.
    """

    log_key: VerifierKey
    text: str = ""
    note: str = ""

    @property
    def checkpoint(self) -> Checkpoint:
        """The last checkpoint that was verified; an empty log before the first one."""
        return Checkpoint.read(self.text) if self.text else Checkpoint(self.log_key.name, 0, EMPTY_ROOT)


def read_pin(settings: Settings) -> Pin | None:
    """Return what is pinned, or None before the first checkpoint."""
    text = settings.read(_PIN)
    if not text:
        return None
    kept = json.loads(text)
    return Pin(VerifierKey.read(kept["log_key"]), kept["text"], kept["note"])


def write_pin(settings: Settings, pin: Pin) -> None:
    """Pin a key and a checkpoint."""
    settings.write(_PIN, json.dumps({"log_key": pin.log_key.text, "text": pin.text, "note": pin.note}))


def read_evidence(settings: Settings) -> list[str]:
    """Return the two signed checkpoints that contradict each other; empty as long as there are none."""
    text = settings.read(_EVIDENCE)
    return list(json.loads(text)) if text else []


def write_evidence(settings: Settings, *notes: str) -> None:
    """Keep signed checkpoints that contradict each other; what is kept stays."""
    if not settings.read(_EVIDENCE):
        settings.write(_EVIDENCE, json.dumps(notes))


def witness_key(settings: Settings) -> SigningKey:
    """Return the key with which this agent cosigns; made at the first call."""
    return signing_key(settings, _WITNESS, "casematch-agent", Algorithm.COSIGNATURE)


def read_log_key(text: str) -> VerifierKey:
    """
    Read a log's public key.

    Raises:
        LogError: it is none.
    """
    key: VerifierKey | None = None
    try:
        key = VerifierKey.read(text)
    except AuditError:
        key = None
    if key is None or key.algorithm is not Algorithm.NOTE:
        advice = "Copy it whole, as `casematch-hub init` printed it."
        raise LogError("not a log's public key, or a letter is wrong", code="key_malformed", where="key", advice=advice)
    return key


def pin_key(settings: Settings, text: str) -> Pin:
    """
    Pin another key of the same log, as after the operator has announced it; the checkpoint stays pinned.

    Raises:
        LogError: it is no key, or one of another log.
    """
    pin, key = read_pin(settings), read_log_key(text)
    if pin is not None and pin.log_key.name != key.name:
        raise LogError("a key of another log", code="log_other", where="key", advice=OTHER_KEY)
    pinned = Pin(key) if pin is None else Pin(key, pin.text, pin.note)
    write_pin(settings, pinned)
    return pinned


def open_note(note: str, key: VerifierKey) -> Checkpoint:
    """
    Return the checkpoint of a note that is signed with a key.

    Raises:
        LogError: it is not, or no checkpoint at all.
    """
    fault: AuditError | None = None
    try:
        return open_checkpoint(Note.read(note), key)
    except AuditError as error:
        fault = error
    raise log_error(fault)


def log_error(error: AuditError) -> LogError:
    """Return an error of verification as the agent tells it."""
    default = ALARM if isinstance(error, ProofError) else ""
    return LogError(error.reason, code=error.code, where="audit log", advice=_ADVICE.get(error.code, default))
