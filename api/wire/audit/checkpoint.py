"""
Checkpoints of a log (c2sp.org/tlog-checkpoint) and the cosignatures of its witnesses (c2sp.org/tlog-cosignature).

Both sides of the wire. A checkpoint says which log, how many leaves, which root; the log signs it. A witness that has
checked that it continues what it saw before adds a cosignature with the time: from then on the log cannot show it, or
anybody who trusts it, another past.
"""

import base64
import re
import struct
from dataclasses import dataclass

from api.wire.audit.errors import MalformedNoteError, SignatureError
from api.wire.audit.notes import Note, NoteSignature, SigningKey, VerifierKey, require_signed, sign_note
from api.wire.audit.tree import HASH_BYTES

_BODY = re.compile(
    r"(?P<origin>[!-*,-~]{1,100})\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n", re.ASCII
)
_TIMED = struct.Struct(">Q64s")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """
    The head of a log.

    Attributes:
        origin: the log's own name, for ever.
        size: number of leaves.
        root: 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed; extension lines are not used."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """
        Read the text of a note that was verified.

        Raises:
            MalformedNoteError: it is no checkpoint.
        """
        found = _BODY.fullmatch(text)
        root = base64.b64decode(found["root"]) if found else b""
        if not found or len(root) != HASH_BYTES or cls(found["origin"], int(found["size"]), root).text != text:
            raise MalformedNoteError("not a checkpoint", code="note_malformed")
        return cls(found["origin"], int(found["size"]), root)

    def signed(self, key: SigningKey) -> Note:
        """Sign it as its log."""
        return sign_note(self.text, key)

    def cosigned(self, key: SigningKey, posix_time: int) -> NoteSignature:
        """Return a witness's cosignature; `posix_time` is in seconds."""
        verifier = key.verifier
        signature = key.sign(_message(self.text, posix_time))
        return NoteSignature(verifier.name, verifier.key_id, _TIMED.pack(posix_time, signature))


def open_checkpoint(note: Note, key: VerifierKey) -> Checkpoint:
    """
    Return the checkpoint of a note that the log has signed.

    Args:
        note: the note.
        key: the log's; its name must be the checkpoint's origin.

    Raises:
        SignatureError: it is not signed with this key, or for another log.
        MalformedNoteError: it is no checkpoint.
    """
    require_signed(note, key)
    checkpoint = Checkpoint.read(note.text)
    if checkpoint.origin != key.name:
        raise SignatureError("a checkpoint of another log", code="log_other")
    return checkpoint


def verify_cosignature(checkpoint: Checkpoint, signature: NoteSignature, key: VerifierKey) -> int:
    """
    Check a witness's cosignature.

    Returns:
        The POSIX time at which it was given, in seconds.

    Raises:
        SignatureError: it is not of this key, or false.
    """
    if not signature.is_of(key) or len(signature.body) != _TIMED.size:
        raise SignatureError("not a cosignature of this witness", code="signature_missing")
    posix_time, body = _TIMED.unpack(signature.body)
    key.verify(_message(checkpoint.text, posix_time), body)
    return int(posix_time)


def _message(text: str, posix_time: int) -> bytes:
    """Return what a witness signs."""
    return f"cosignature/v1\ntime {posix_time}\n{text}".encode()
