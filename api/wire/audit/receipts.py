"""
The signed receipt of an erasure: which entries, by a digest, and which leaf of the log; both sides of the wire.

    casematch erasure receipt, version 1       a first line that no checkpoint can have
    example.org/log                            the log in which the erasure stands
    4b3bde0c-5b1c-4f6e-9f4e-0f4d4c8f6e0f       receipt id
    2026-11-21                                 day of the erasure
    9f86d081884c7d65…                          digest of the entry ids that were asked to be erased
    2c26b46b68ffc68f…                          hash of the leaf

Whoever asked knows the ids, forgets them and keeps their digest. Nobody else can tell from it which entries these were.
An inclusion proof would tell how much others did before; the hash of the leaf is found in an exported log instead.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from api.wire.audit.errors import MalformedNoteError, SignatureError
from api.wire.audit.notes import Note, SigningKey, VerifierKey, require_signed, sign_note

TITLE = "casematch erasure receipt, version 1"
_BODY = re.compile(
    re.escape(TITLE) + r"\n(?P<log>[!-*,-~]{1,100})\n(?P<receipt_id>[0-9a-f-]{36})\n"
    r"(?P<erased_on>[0-9]{4}-[0-9]{2}-[0-9]{2})\n(?P<digest>[0-9a-f]{64})\n(?P<leaf_hash>[0-9a-f]{64})\n",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class ErasureStatement:
    """
    What the hub signs.

    Attributes:
        log: name of the log.
        digest: as `entries_digest` returns it.
        leaf_hash: of the log's leaf, 64 hex digits.
    """

    log: str
    receipt_id: str
    erased_on: str
    digest: str
    leaf_hash: str

    @property
    def text(self) -> str:
        """The lines that are signed."""
        return f"{TITLE}\n{self.log}\n{self.receipt_id}\n{self.erased_on}\n{self.digest}\n{self.leaf_hash}\n"

    def signed(self, key: SigningKey) -> Note:
        """Sign it as the log it names."""
        return sign_note(self.text, key)


def entries_digest(entry_ids: Iterable[bytes]) -> str:
    """Return the digest of a set of entry ids, 64 hex digits; order and repetition make no difference."""
    joined = b"".join(sorted(set(entry_ids)))
    return hashlib.sha256(TITLE.encode() + b"\n" + joined).hexdigest()


def open_receipt(note: Note, key: VerifierKey) -> ErasureStatement:
    """
    Return the statement of a receipt that a log has signed.

    Raises:
        SignatureError: it is not signed with this key, or names another log.
        MalformedNoteError: it is no receipt.
    """
    require_signed(note, key)
    found = _BODY.fullmatch(note.text)
    if found is None:
        raise MalformedNoteError("not an erasure receipt", code="note_malformed")
    if found["log"] != key.name:
        raise SignatureError("a receipt of another log", code="log_other")
    return ErasureStatement(**found.groupdict())
