"""
The key that signs the log's checkpoints: 32 random bytes in a file beside the hub's key, outside the database; hub.

It is a key of its own, and not derived from the hub's: it can be replaced while every token stays under the old hub
key. Its name is the log's origin, which does follow from the hub's key, and so outlives a change of this one.
"""

import os
import secrets
import stat
from pathlib import Path

from api.hub.errors import SetupError
from api.hub.keys import HubKey
from api.wire.audit.notes import KEY_BYTES, Algorithm, SigningKey

_ORIGIN_BYTES = 8


def origin_of(hub_key: HubKey) -> str:
    """Return the name of a hub's log, for ever the same."""
    return f"casematch-hub/{hub_key.derive('audit-origin')[:_ORIGIN_BYTES].hex()}"


def make_log_key(hub_key: HubKey, seed: bytes) -> SigningKey:
    """Return the key of a seed, under the log's name."""
    return SigningKey(origin_of(hub_key), Algorithm.NOTE, seed)


def create_log_key_file(path: Path) -> None:
    """
    Make a new key in a file that only its owner may read.

    Raises:
        SetupError: the file exists already, or cannot be written.
    """
    is_written = False
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        is_written = True
    except OSError:
        is_written = False
    if not is_written:
        raise SetupError("the log's key file exists already or cannot be written", code="log_key_not_written")


def read_log_key_file(path: Path, hub_key: HubKey) -> SigningKey:
    """
    Read the key that signs the log.

    Raises:
        SetupError: the file is missing, unreadable, open to other users, or of the wrong size.
    """
    seed, mode = b"", 0
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            seed = file.read(KEY_BYTES + 1)
    except OSError:
        seed = b""
    if not seed:
        raise SetupError("there is no readable key file of the log", code="log_key_missing")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SetupError("the log's key file must be its owner's alone: chmod 600", code="log_key_open")
    if len(seed) != KEY_BYTES:
        raise SetupError("the log's key file must hold 32 bytes", code="log_key_size")
    return make_log_key(hub_key, seed)


def replace_log_key_file(path: Path) -> None:
    """
    Make a new key in the place of the old one, whose file is kept beside it.

    Raises:
        SetupError: there is no old key, or files cannot be written.
    """
    is_moved = False
    try:
        path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}.old"))
        is_moved = True
    except OSError:
        is_moved = False
    if not is_moved:
        raise SetupError("there is no key file of the log to replace", code="log_key_missing")
    create_log_key_file(path)
