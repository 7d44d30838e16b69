"""
Sealed messages between two agents: signed, padded, and sealed so that the hub cannot read them; partner's side.

HPKE in base mode (RFC 9180; X25519, HKDF-SHA256, ChaCha20-Poly1305) hides a message from all but its recipient; an
Ed25519 signature inside says who wrote it. Both are bound to project, match, message, sender and recipient, so that
nothing can be passed on, repeated elsewhere or answered in another's name. HPKE's authenticated mode would spare the
signature, but whoever steals the recipient's key could then forge messages to it; the library does not offer it either.

    box        = HPKE( signature 64 | length 4 | written_at 8 | text | zeros )
    signature  = Ed25519( label | context | written_at | text )
"""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from api.agent.errors import MessageError
from api.wire.audit.errors import SignatureError
from api.wire.audit.notes import SigningKey, VerifierKey
from api.wire.sealed import BOX_BYTES, LARGEST_BOX

OVERHEAD_BYTES = 32 + 16  # of HPKE: the encapsulated key, and the tag
_HEAD_BYTES = 64 + 4
_TIME_BYTES = 8
LONGEST_TEXT_BYTES = LARGEST_BOX - OVERHEAD_BYTES - _HEAD_BYTES - _TIME_BYTES
_LABEL = b"casematch sealed message/1\n"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, slots=True)
class Way:
    """From whom to whom, and about which match; what a box is bound to."""

    project_id: str
    match_id: str
    message_id: str
    sender: VerifierKey
    recipient: VerifierKey

    @property
    def context(self) -> bytes:
        """All of it, each part after its length."""
        ids = (self.project_id, self.match_id, self.message_id)
        parts = (*map(str.encode, ids), self.sender.public, self.recipient.public)
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@dataclass(frozen=True, slots=True)
class Written:
    """A message as its sender wrote it; `written_at` in seconds since 1970, by the sender's clock."""

    text: str = field(repr=False)
    written_at: int


def new_sealing_key() -> bytes:
    """Return a new private sealing key, 32 bytes."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_sealing_key(private: bytes) -> bytes:
    """Return its public half, 32 bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(written: Written, way: Way, sender: SigningKey, sealing_key: bytes) -> bytes:
    """
    Return the box of a message; its length is the least of `BOX_BYTES` that holds it.

    Args:
        written: the text may have `LONGEST_TEXT_BYTES` in UTF-8.
        way: from whom to whom.
        sender: the identity of `way.sender`.
        sealing_key: the recipient's, 32 bytes.

    Raises:
        MessageError: the text is too long.
    """
    body = written.written_at.to_bytes(_TIME_BYTES, "big") + written.text.encode()
    sizes = [size for size in BOX_BYTES if len(body) <= size - OVERHEAD_BYTES - _HEAD_BYTES]
    if not sizes:
        advice = f"At most {LONGEST_TEXT_BYTES:,} bytes; send it in parts."
        raise MessageError("the message is too long", code="message_too_long", where="message", advice=advice)
    signature = sender.sign(_LABEL + way.context + body)
    plain = (signature + len(body).to_bytes(4, "big") + body).ljust(sizes[0] - OVERHEAD_BYTES, b"\0")
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(sealing_key), info=_LABEL + way.context)


def open_box(box: bytes, way: Way, private: bytes) -> Written:
    """
    Return the message of a box.

    Args:
        box: as it came.
        way: from whom to whom, as the recipient knows it.
        private: the recipient's sealing key that the box was sealed to.

    Raises:
        MessageError: it is not sealed to this key and way, or not signed by the sender.
    """
    plain: bytes | None = None
    try:
        plain = _SUITE.decrypt(box, X25519PrivateKey.from_private_bytes(private), info=_LABEL + way.context)
    except InvalidTag:
        plain = None
    if plain is None:
        raise MessageError("not sealed for this agent and match", code="message_unopened", where="message")
    size = int.from_bytes(plain[64:_HEAD_BYTES], "big")
    body, padding = plain[_HEAD_BYTES : _HEAD_BYTES + size], plain[_HEAD_BYTES + size :]
    is_signed = True
    try:
        way.sender.verify(_LABEL + way.context + body, plain[:64])
    except SignatureError:
        is_signed = False
    if not is_signed or any(padding) or len(body) < _TIME_BYTES:
        raise MessageError("not written by the other side", code="message_forged", where="message")
    text = body[_TIME_BYTES:].decode("utf-8", errors="replace")
    return Written(text, int.from_bytes(body[:_TIME_BYTES], "big"))
