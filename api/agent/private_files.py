"""
Small files that only their owner may read: linkage secret, vault key, API key; on the partner's premises.

Permissions are checked on the opened file, so nothing can be swapped between the check and the reading. On systems
without POSIX modes (Windows) the check is left to the folder's own rights.
"""

import os
import stat
from pathlib import Path

from api.agent.errors import PrivateFileError

OWNER_ONLY = 0o600
MAXIMUM_BYTES = 4_096  # a key file is far smaller; a wrong path is not read into memory
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def write_private(path: Path, text: str, *, role: str) -> None:
    """
    Write a new file that only its owner can read, and force it to the disk.

    Args:
        path: where; its folder exists.
        text: ASCII and at most `MAXIMUM_BYTES` where `read_private` is to read it again.
        role: what the file is, for errors, such as `linkage secret`.

    Raises:
        PrivateFileError: there is a file already, or the folder cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    descriptor, code = -1, ""
    try:
        descriptor = os.open(path, flags, OWNER_ONLY)
    except FileExistsError:
        code = "file_exists"
    except OSError:
        code = "file_unwritable"
    if code == "file_exists":
        advice = "Choose another name. Overwriting a key makes all that was made with it useless."
        raise PrivateFileError("there is a file already", code=code, where=role, advice=advice)
    if code:
        raise PrivateFileError("cannot be written", code=code, where=role, advice="Check the folder and its rights.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_private(path: Path, *, role: str) -> str:
    """
    Read a file that only its owner can read.

    Args:
        path: the file.
        role: what the file is, for errors.

    Returns:
        Its text, unchanged.

    Raises:
        PrivateFileError: it is absent, not a plain file, too large, not ASCII, or open to others than its owner.
    """
    descriptor = -1
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a named pipe must not hold us up
    except OSError:
        descriptor = -1
    if descriptor < 0:
        raise PrivateFileError("cannot be opened", code="file_absent", where=role, advice="Check its path.")
    try:
        _refuse_open_file(os.fstat(descriptor), role)
        data = os.read(descriptor, MAXIMUM_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > MAXIMUM_BYTES or not data.isascii():
        raise PrivateFileError("not such a file", code="file_format", where=role, advice="Check its path.")
    return data.decode("ascii")


def _refuse_open_file(status: os.stat_result, role: str) -> None:
    """Refuse what is no plain file, or what another user could read or has written."""
    if not stat.S_ISREG(status.st_mode):
        raise PrivateFileError("not a plain file", code="file_format", where=role, advice="Check its path.")
    if os.name != "posix":
        return
    if status.st_mode & _OTHERS or status.st_uid not in (os.geteuid(), 0):
        advice = "Make it yours alone: chmod 600 FILE. If others may have read it, change the secret."
        raise PrivateFileError(
            "others than its owner can read it", code="file_open_to_others", where=role, advice=advice
        )
