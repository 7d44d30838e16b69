"""
Who brings SQLite's write-ahead log into the file: a thread beside the requests; hub.

SQLite itself does it within a commit, once the log has grown to so many pages, and whoever files just then waits for
what eight others have written. A thread that looks once a second takes that from them, and keeps out of the way of all
who read and write. Within a commit it happens only when the thread has fallen far behind.
"""

import sqlite3
from contextlib import suppress
from threading import Event, Lock, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

EVERY_SECONDS = 1.0
MOST_PAGES = 10_000  # 40 MB, after which a commit does it by itself


class Checkpoints:
    """
    The thread of one database in this process; it begins with the first commit.

    Args:
        engine: opens connections to the file.
    """

    def __init__(self, engine: Engine) -> None:
        """Begin with nothing to do."""
        self._engine = engine
        self._is_due, self._is_over, self._lock = Event(), Event(), Lock()
        self._thread: Thread | None = None

    def want(self) -> None:
        """Say that something was committed."""
        self._is_due.set()
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="checkpoints", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._is_over.set()
        self._is_due.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        """Wait for commits, and a while for more of them, and write what they left into the file."""
        while True:
            self._is_due.wait()
            if self._is_over.wait(EVERY_SECONDS):
                return
            self._is_due.clear()
            with suppress(SQLAlchemyError, sqlite3.Error):  # whoever writes next meets the same trouble, and tells
                self._write_back()

    def _write_back(self) -> None:
        """Write as much of the log into the file as nobody reads or writes just now."""
        connection = self._engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        finally:
            connection.close()
