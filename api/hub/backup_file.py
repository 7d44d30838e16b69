"""
A backup as one encrypted file: a stream of pieces under a key that follows from the hub's; hub.

ChaCha20-Poly1305 (RFC 8439) in the manner of STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): each piece has its
number and whether it is the last in its nonce, so that none can be left out, moved or cut off unseen. The key is that
of one file alone: it is derived with a random salt, so a nonce never comes twice under one key.
"""

import secrets
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from api.hub.errors import SetupError
from api.hub.keys import HubKey

MAGIC = b"casematch-hub backup 1\n"
PIECE_BYTES = 2**20
SALT_BYTES = 16
_TAG_BYTES = 16
_COUNTER_BYTES = 11


class Content(StrEnum):
    """What a backup is of: one cannot be restored into the other."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


def seal(key: HubKey, content: Content, plain: Iterable[bytes], into: BinaryIO) -> int:
    """
    Encrypt a stream into a file.

    Args:
        key: the hub's.
        content: what it is.
        plain: its bytes, in pieces of any length.
        into: written from where it stands.

    Returns:
        How many bytes were encrypted.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    head = _head(content, salt)
    into.write(head)
    cipher = ChaCha20Poly1305(key.derive("backup", salt.hex()))
    size = 0
    for number, (piece, is_last) in enumerate(_even(plain)):
        into.write(cipher.encrypt(_nonce(number, is_last=is_last), piece, head))
        size += len(piece)
    return size


def read_content(source: BinaryIO) -> tuple[Content, bytes]:
    """
    Read the head of a backup: what it is, and the head's bytes.

    Raises:
        SetupError: it is no backup of a hub.
    """
    magic = source.read(len(MAGIC))
    kind = source.readline(16)
    salt = source.read(SALT_BYTES)
    for content in Content:
        if (magic, kind, len(salt)) == (MAGIC, f"{content}\n".encode(), SALT_BYTES):
            return content, magic + kind + salt
    raise SetupError("this file is no backup of a hub", code="backup_unreadable")


def unseal(key: HubKey, head: bytes, source: BinaryIO) -> Iterator[bytes]:
    """
    Decrypt what follows the head; only when the end is reached is the whole known to be good.

    Raises:
        SetupError: another hub's key, or bytes were changed, or it was cut short.
    """
    cipher = ChaCha20Poly1305(key.derive("backup", head[-SALT_BYTES:].hex()))
    for number, (piece, is_last) in enumerate(
        _even(iter(lambda: source.read(PIECE_BYTES), b""), PIECE_BYTES + _TAG_BYTES)
    ):
        plain: bytes | None = None
        try:
            plain = cipher.decrypt(_nonce(number, is_last=is_last), piece, head)
        except InvalidTag:
            plain = None
        if plain is None:
            raise SetupError("the backup is damaged, or of another hub key", code="backup_false")
        yield plain


def _head(content: Content, salt: bytes) -> bytes:
    """Return what stands before the pieces, and is authenticated with each."""
    return MAGIC + f"{content}\n".encode() + salt


def _nonce(number: int, *, is_last: bool) -> bytes:
    """Return the nonce of a piece."""
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([is_last])


def _even(stream: Iterable[bytes], size: int = PIECE_BYTES) -> Iterator[tuple[bytes, bool]]:
    """Cut a stream into pieces of one size; the last may be shorter or empty, and is marked."""
    waiting = bytearray()
    for part in stream:
        waiting += part
        while len(waiting) > size:
            yield bytes(waiting[:size]), False
            del waiting[:size]
    yield bytes(waiting), True
