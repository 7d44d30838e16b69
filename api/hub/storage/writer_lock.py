"""
Whose turn it is to write, among the processes that serve one SQLite file; hub.

SQLite itself looks again after up to 100 ms when another process writes, and most of a busy hub's time goes by asleep.
The lock is on an empty file beside the database, and ends with the process that holds it.
"""

import fcntl
import os
import time
from pathlib import Path

from api.hub.errors import UnavailableError

LOOK_AGAIN_SECONDS = 0.001


class WriterLock:
    """
    The lock of one database file, held by one process at a time.

    Args:
        database: SQLite's file; the lock's stands beside it, made when it is missing.
        patience: seconds to wait at most.
    """

    def __init__(self, database: Path, patience: float) -> None:
        """Hold nothing yet."""
        self._file = database.with_name(f"{database.name}-writer")
        self._patience = patience
        self._held: int | None = None

    def take(self) -> None:
        """
        Wait for the lock.

        Raises:
            UnavailableError: another process has it for longer than one is patient, or the file cannot be made.
        """
        try:
            file = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            file = None
        if file is None:
            raise UnavailableError("the database cannot be used now", code="unavailable")
        until = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < until:
                    time.sleep(LOOK_AGAIN_SECONDS)
                    continue
                os.close(file)
                raise UnavailableError("the database is busy", code="unavailable") from None
            self._held = file
            return

    def give(self) -> None:
        """Let the next process have it."""
        file, self._held = self._held, None
        if file is not None:
            os.close(file)
