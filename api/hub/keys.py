"""
The hub's own key: 32 random bytes outside the database, and what is derived from it; hub.

Tokens are stored under a keyed digest, so that a stolen database gives no dictionary even to somebody who also holds
a partner's linkage secret. Derivation is HMAC-SHA-256 of a label that names the use, one block of HKDF-Expand
(RFC 5869) over a key that is already uniform.
"""

import hashlib
import hmac
import os
import secrets
import stat
from functools import lru_cache
from pathlib import Path

from api.hub.errors import SetupError

HUB_KEY_BYTES = 32
DIGEST_BYTES = 16  # 2**64 tokens before two share a digest by chance
DERIVED_KEYS = 512  # kept in memory, as the key they follow from is
_LABEL = b"casematch-hub/1/"


class HubKey:
    """The hub's key; it never shows itself."""

    def __init__(self, key: bytes) -> None:
        """
        Hold a key.

        Args:
            key: 32 uniformly random bytes.

        Raises:
            SetupError: it has another length.
        """
        if len(key) != HUB_KEY_BYTES:
            raise SetupError("the hub's key file must hold 32 bytes", code="hub_key_size")
        self._key = key
        self._derived = lru_cache(DERIVED_KEYS)(self._derive)

    def __repr__(self) -> str:
        """Show nothing."""
        return "HubKey()"

    def derive(self, use: str, *context: str) -> bytes:
        """Return the 32-byte key for one use; `context` narrows it, for instance to a project."""
        return self._derived(use, *context)

    def _derive(self, use: str, *context: str) -> bytes:
        """Derive a key anew."""
        message = _LABEL + b"".join(len(part).to_bytes(4, "big") + part for part in map(str.encode, (use, *context)))
        return hmac.digest(self._key, message, "sha256")

    @property
    def commitment(self) -> bytes:
        """A digest that the database keeps, so that a wrong key file is noticed."""
        return self.derive("commitment")


def keyed_digest(key: bytes, data: bytes) -> bytes:
    """Return 16 bytes of HMAC-SHA-256."""
    mac = _keyed(key).copy()
    mac.update(data)
    return mac.digest()[:DIGEST_BYTES]


@lru_cache(DERIVED_KEYS)
def _keyed(key: bytes) -> hmac.HMAC:
    """Return what begins every digest under a key: a filing makes some hundred under each of a few."""
    return hmac.new(key, digestmod=hashlib.sha256)


def create_key_file(path: Path) -> HubKey:
    """
    Make a new key in a file that only its owner may read.

    Raises:
        SetupError: the file exists already, or cannot be written.
    """
    key = secrets.token_bytes(HUB_KEY_BYTES)
    written = False
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        written = True
    except OSError:
        written = False
    if not written:
        raise SetupError("the hub's key file exists already or cannot be written", code="hub_key_not_written")
    return HubKey(key)


def read_key_file(path: Path) -> HubKey:
    """
    Read the hub's key.

    Raises:
        SetupError: the file is missing, unreadable, open to other users, or of the wrong size.
    """
    key = b""
    mode = 0
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = file.read(HUB_KEY_BYTES + 1)
    except OSError:
        key = b""
    if not key:
        raise SetupError("there is no readable hub key file; `casematch-hub init` makes one", code="hub_key_missing")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SetupError("the hub's key file must be its owner's alone: chmod 600", code="hub_key_open")
    return HubKey(key)
