"""
Signed notes (c2sp.org/signed-note): a short text, a blank line, one line for each signature; both sides of the wire.

    example.org/log                            text, of lines
    8
    XcnaeacGWamtVZy3Ad7Zoqudgjqy9JYM/jcP/vRgQyg=

    — example.org/log Az3grlgtzPICa5OS8npV…    name, base64 of key id and signature

A key is known by its name and by four bytes of a digest; it is written as `name+id+base64`. Signatures of other keys
are passed over, so that witnesses can add theirs; one of a known key must be good.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from api.wire.audit.errors import MalformedNoteError, SignatureError

KEY_BYTES = 32
LONGEST_NOTE = 32_768  # characters: a checkpoint with 200 signatures
_ID_BYTES = 4
_DASH = "\u2014"
_NAME = re.compile(r"[!-*,-~]{1,100}", re.ASCII)  # no space, no plus
_KEY = re.compile(r"(?P<name>[!-*,-~]{1,100})\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/=]{1,100})", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_SIGNATURE = re.compile(_DASH + r" (?P<name>[^ +]+) (?P<body>[A-Za-z0-9+/]+={0,2})")


class Algorithm(IntEnum):
    """What a key signs, and how: the first byte of its text."""

    NOTE = 1  # Ed25519 over the text
    COSIGNATURE = 4  # Ed25519 over a time and the text: cosignature/v1


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key, under its name."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell this key from others of its name."""
        head = f"{self.name}\n".encode() + bytes([self.algorithm])
        return hashlib.sha256(head + self.public).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """The key as it is written down and compared."""
        body = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{body}"

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """
        Read a key that was written down.

        Raises:
            MalformedNoteError: it is none, or its id is not its own.
        """
        found = _KEY.fullmatch(text)
        raw = _unpacked(found["key"]) if found else b""
        if not found or len(raw) != KEY_BYTES + 1 or raw[0] not in set(Algorithm):
            raise MalformedNoteError("not a public key of a log or a witness", code="key_malformed")
        key = cls(found["name"], Algorithm(raw[0]), raw[1:])
        if key.key_id.hex() != found["id"]:
            raise MalformedNoteError("the key does not fit its own id: a letter is wrong", code="key_malformed")
        return key

    def verify(self, message: bytes, signature: bytes) -> None:
        """
        Check a signature.

        Raises:
            SignatureError: it is false.
        """
        is_good = False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
            is_good = True
        except (InvalidSignature, ValueError):
            is_good = False
        if not is_good:
            raise SignatureError("a signature is false", code="signature_false")


class SigningKey:
    """
    A key that signs; it never shows itself.

    Args:
        name: printable ASCII without space and plus, at most 100 characters.
        algorithm: what it signs.
        seed: 32 uniformly random bytes.
    """

    def __init__(self, name: str, algorithm: Algorithm, seed: bytes) -> None:
        """Load the key."""
        if _NAME.fullmatch(name) is None or len(seed) != KEY_BYTES:
            raise MalformedNoteError("not a name and seed of a signing key", code="key_malformed")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, algorithm, self._private.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        """Show nothing."""
        return "SigningKey()"

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self._private.sign(message)


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: whose, and what stands behind the key id."""

    name: str
    key_id: bytes
    body: bytes

    @property
    def line(self) -> str:
        """The line as it stands below a note, with its end."""
        return f"{_DASH} {self.name} {base64.b64encode(self.key_id + self.body).decode()}\n"

    def is_of(self, key: VerifierKey) -> bool:
        """Tell whether it says to be of a key; that it is good is for the key to say."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and its signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        """Return the note as it crosses the wire."""
        return f"{self.text}\n{''.join(each.line for each in self.signatures)}"

    @classmethod
    def read(cls, note: str) -> "Note":
        """
        Take a note apart; nothing is verified yet.

        Raises:
            MalformedNoteError: it is none.
        """
        text, gap, lines = note.rpartition("\n\n")
        is_plain = len(note) <= LONGEST_NOTE and not _CONTROL.search(note)
        if not gap or not is_plain or not lines.endswith("\n"):
            raise MalformedNoteError("not a signed note", code="note_malformed")
        return cls(f"{text}\n", tuple(map(read_signature, lines[:-1].split("\n"))))

    def signed_also(self, signatures: Iterable[NoteSignature]) -> "Note":
        """Return the note with further signatures."""
        return Note(self.text, (*self.signatures, *signatures))


def sign_note(text: str, key: SigningKey) -> Note:
    """Sign a text that ends in a newline."""
    verifier = key.verifier
    return Note(text, (NoteSignature(verifier.name, verifier.key_id, key.sign(text.encode())),))


def require_signed(note: Note, key: VerifierKey) -> None:
    """
    Check that a note is signed by a key.

    Raises:
        SignatureError: there is no signature of this key, or a false one.
    """
    found = [each for each in note.signatures if each.is_of(key)]
    if not found:
        raise SignatureError("not signed with the key that is known here", code="signature_missing")
    for each in found:
        key.verify(note.text.encode(), each.body)


def read_signature(line: str) -> NoteSignature:
    """
    Read one signature line, without its end.

    Raises:
        MalformedNoteError: it is none.
    """
    found = _SIGNATURE.fullmatch(line)
    raw = _unpacked(found["body"]) if found else b""
    if not found or len(raw) <= _ID_BYTES:
        raise MalformedNoteError("a line is no signature", code="note_malformed")
    return NoteSignature(found["name"], raw[:_ID_BYTES], raw[_ID_BYTES:])


def _unpacked(text: str) -> bytes:
    """Decode base64 that is written in the one right way; empty when it is not."""
    raw = b""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    return raw if base64.b64encode(raw).decode() == text else b""
