"""
Sealing keys and sealed messages between agents; both sides of the wire.

The hub holds boxes of a few fixed sizes and the keys that agents publish. A sealing key is an X25519 key in a signed
note under the agent's identity, an Ed25519 key that the other side pins at its first sight:

    casematch sealing key/1
    nepal                                           project
    2                                               counts its keys; a hub cannot show an earlier one as new
    Q2FzZW1hdGNoIHNlYWxpbmcga2V5IGV4YW1wbGUhISE=    base64 of 32 bytes

    — casematch-mailbox/3f9a… Az3grlgtzPICa5OS8npV…
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from api.wire.audit.errors import MalformedNoteError
from api.wire.audit.notes import KEY_BYTES, LONGEST_NOTE, Algorithm, Note, SigningKey, VerifierKey, require_signed
from api.wire.audit.notes import sign_note as _sign
from api.wire.model import Uuid, WireModel

MESSAGE_DAYS = 30  # a message that nobody fetches is deleted
BOX_BYTES = (1_024, 4_096, 16_384, 65_536)  # a box tells no more of its message's length
LARGEST_BOX = BOX_BYTES[-1]
MOST_WAITING = 50  # messages of one side on one match
MESSAGES_PER_PAGE = 20  # 1.8 MB at most
MOST_ACKNOWLEDGED = 100
_HEAD = "casematch sealing key/1"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)

Base64 = Annotated[str, Field(max_length=4 * (LARGEST_BOX + 2) // 3 + 4)]


class SealingKey(WireModel):
    """
    A published sealing key; nothing of it is verified yet.

    Attributes:
        identity: the agent's public key, as notes write it.
        note: the sealing key, signed with it.
    """

    identity: str = Field(max_length=200)
    note: str = Field(max_length=LONGEST_NOTE)


class NewSealedMessage(WireModel):
    """
    A message to the other side of a match; the same id again is the same message.

    Attributes:
        message_id: random, chosen by the sender's agent, and bound into the box.
        key_number: which of the recipient's keys it is sealed to.
        box: base64; its length is one of `BOX_BYTES`.
    """

    message_id: Uuid
    key_number: int = Field(ge=1, le=999_999_999)
    box: Base64 = Field(repr=False)


class SealedMessage(WireModel):
    """A message that waits for its recipient; who sent it is the other side of the match, and stands in the box."""

    message_id: str
    match_id: str
    key_number: int
    box: Base64 = Field(repr=False)
    expires_on: str


class SentMessage(WireModel):
    """What the sender is told: until when the hub keeps it. Whether it was fetched, it is not told."""

    message_id: str
    expires_on: str


class SealedMessages(WireModel):
    """Messages that wait, in no order; acknowledge them, and ask again while there are more."""

    messages: list[SealedMessage]
    has_more: bool


class Acknowledgement(WireModel):
    """Messages that were opened, or cannot be: the hub deletes them."""

    message_ids: list[Uuid] = Field(min_length=1, max_length=MOST_ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """
    A sealing key whose signature is good.

    Attributes:
        number: counts the keys of an agent, from 1.
        public: X25519, 32 bytes.
    """

    identity: VerifierKey
    number: int
    public: bytes


def sign_sealing_key(identity: SigningKey, project_id: str, number: int, public: bytes) -> SealingKey:
    """Return a sealing key, signed by its agent's identity."""
    text = f"{_HEAD}\n{project_id}\n{number}\n{base64.b64encode(public).decode()}\n"
    return SealingKey(identity=identity.verifier.text, note=str(_sign(text, identity)))


def open_sealing_key(published: SealingKey, project_id: str) -> OpenedKey:
    """
    Return a sealing key after its signature is verified under the identity beside it.

    Raises:
        MalformedNoteError: it is none, or one of another project.
        SignatureError: it is not signed with that identity.
    """
    identity, note = VerifierKey.read(published.identity), Note.read(published.note)
    require_signed(note, identity)
    head, project, number, key, *rest = [*note.text.split("\n"), "", "", "", ""]
    public = _decoded(key)
    is_whole = (head, project, rest[:1]) == (_HEAD, project_id, [""]) and not any(rest)
    is_plain = _NUMBER.fullmatch(number) is not None and len(public) == KEY_BYTES
    if not is_whole or not is_plain or identity.algorithm is not Algorithm.NOTE:
        raise MalformedNoteError("not a sealing key of this project", code="sealing_key_malformed")
    return OpenedKey(identity, int(number), public)


def read_box(text: str) -> bytes:
    """Return the bytes of a box; empty when it is none."""
    raw = _decoded(text)
    return raw if len(raw) in BOX_BYTES else b""


def write_box(raw: bytes) -> str:
    """Return a box as it crosses the wire."""
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    """Decode base64; empty when it is none."""
    raw = b""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    return raw
