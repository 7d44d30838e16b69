"""
Every sync, the agent looks at the hub's log as a witness: is all that was there before still there, in its order?

On the partner's premises. Only then it cosigns the checkpoint, and the hub can never again show another past to
anybody who knows of this cosignature. A log that was changed, cut or forked stops the sync, and both signed
checkpoints are kept as evidence.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from api.agent.audit.pin import (
    Pin,
    log_error,
    open_note,
    read_log_key,
    read_pin,
    witness_key,
    write_evidence,
    write_pin,
)
from api.agent.client import HubClient
from api.agent.errors import HubRefusalError, LogError
from api.agent.session import Session
from api.wire.audit.checkpoint import Checkpoint
from api.wire.audit.errors import ProofError
from api.wire.audit.messages import Cosignature
from api.wire.audit.notes import Note, SigningKey
from api.wire.audit.tree import verify_consistency


@dataclass(frozen=True, slots=True)
class Watched:
    """
    What a witness saw.

    Attributes:
        log_key: the log's key as it is written down.
        is_first: whether key and checkpoint were pinned just now, so that people should compare the key.
        size: of the log.
        grown: by how many entries since the last time.
        cosignatures: below the checkpoint, this agent's among them.
    """

    log_key: str
    is_first: bool
    size: int
    grown: int
    cosignatures: int


def watch(session: Session, client: HubClient, now: Callable[[], float] = time.time) -> Watched:
    """
    Verify the hub's checkpoint against the pinned one, pin it, and cosign it.

    Raises:
        LogError: it is not signed with the pinned key, or the log is not what it was.
        HubUnreachableError: no answer.
        HubRefusalError: the hub cannot show its log.
    """
    settings = session.vault.settings
    shown, before = client.checkpoint(), read_pin(settings)
    pin = before or Pin(read_log_key(shown.log_key))
    checkpoint = open_note(shown.note, pin.log_key)
    try:
        require_continued(client, pin.checkpoint, checkpoint)
    except LogError:
        with session.vault.transaction():
            write_evidence(settings, pin.note, shown.note)
        raise
    with session.vault.transaction():
        write_pin(settings, Pin(pin.log_key, checkpoint.text, shown.note))
        key = witness_key(settings)
    others = _cosign(client, checkpoint, Note.read(shown.note), key, int(now()))
    grown = checkpoint.size - pin.checkpoint.size
    return Watched(pin.log_key.text, before is None, checkpoint.size, grown, others + 1)


def require_continued(client: HubClient, old: Checkpoint, new: Checkpoint) -> None:
    """
    Refuse a log that does not begin as the pinned one.

    Args:
        client: of the hub that must prove it.
        old: what was pinned.
        new: what is shown now, signed.

    Raises:
        LogError: the log was changed, cut or forked.
    """
    hashes: list[bytes] = []
    if 0 < old.size < new.size:
        hashes = _proof(client, old, new)
    fault: ProofError | None = None
    try:
        verify_consistency(old.size, new.size, hashes, old.root, new.root)
    except ProofError as error:
        fault = error
    if fault is not None:
        raise log_error(fault)


def _proof(client: HubClient, old: Checkpoint, new: Checkpoint) -> list[bytes]:
    """Fetch the proof; a hub that does not know what it has signed has lost it, or shows another log."""
    try:
        return [bytes.fromhex(text) for text in client.consistency(old.size, new.size).hashes]
    except HubRefusalError as refusal:
        if refusal.status != HTTPStatus.NOT_FOUND:
            raise
    raise log_error(ProofError("the hub does not know a checkpoint that it has signed", code="log_forked"))


def _cosign(client: HubClient, checkpoint: Checkpoint, note: Note, key: SigningKey, posix_time: int) -> int:
    """Cosign unless it is done; returns the number of other cosignatures."""
    own = [each for each in note.signatures if each.is_of(key.verifier)]
    if not own:
        line = checkpoint.cosigned(key, posix_time).line.rstrip("\n")
        client.cosign(Cosignature(size=checkpoint.size, witness_key=key.verifier.text, signature=line))
    return len(note.signatures) - 1 - len(own)
