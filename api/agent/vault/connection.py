"""
An encrypted SQLite connection; on the partner's premises.

SQLite3 Multiple Ciphers encrypts every page of the file and of its write-ahead log (ChaCha20-Poly1305). Temporary
tables stay in memory, so nothing is written in the clear. SQLCipher would do as well, but has no wheel for apsw.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from api.agent.errors import VaultError

BUSY_MILLISECONDS = 30_000  # another command of the same agent may be at work
_OWNER_ONLY = 0o600
_TEMP_STORE_MEMORY = 2
_SYNCHRONOUS_FULL = 2  # a committed state survives a power cut, in WAL too


def connect(path: Path, key: bytes) -> apsw.Connection:
    """
    Open or create an encrypted database.

    Args:
        path: the file.
        key: 32 bytes.

    Raises:
        VaultError: the key does not fit, or the file cannot be opened.
    """
    connection: apsw.Connection | None = None
    code = ""
    try:
        connection = _open(path, key)
    except apsw.NotADBError:
        code = "vault_key_wrong"
    except (apsw.Error, OSError):
        code = "vault_unreadable"
    if connection is None:
        reason = "the key does not fit" if code == "vault_key_wrong" else "cannot be opened"
        raise VaultError(reason, code=code, where="vault", advice="Check the folder, its rights and its key.")
    return connection


def _open(path: Path, key: bytes) -> apsw.Connection:
    """Open, unlock and touch the database, so that a wrong key shows at once."""
    path.touch(mode=_OWNER_ONLY)  # before SQLite makes it under the umask; its log takes the same mode
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_MILLISECONDS)
    connection.pragma("hexkey", key.hex())
    prepare(connection)
    return connection


def prepare(connection: apsw.Connection) -> None:
    """Set what holds for every connection, once it is unlocked; the first read shows a wrong key."""
    connection.pragma("temp_store", _TEMP_STORE_MEMORY)
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", _SYNCHRONOUS_FULL)
    connection.pragma("secure_delete", True)  # noqa: FBT003 - apsw takes the value by position; zeros what is forgotten
    connection.pragma("foreign_keys", True)  # noqa: FBT003 - same


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """Run what follows whole or not at all; waits its turn behind another writer from the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
