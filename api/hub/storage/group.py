"""
One writer, many waiting: writing transactions of one process share a connection and its commits; hub.

SQLite lets one transaction write at a time, and a commit that survives a power cut takes longer than a filing. So those
that wait when one has done its work go on in the same transaction, each in a savepoint of its own, and all are told
that they are done once the one commit is durable. What one of them undoes is undone up to its savepoint, and what the
first undoes is the transaction; when the commit fails, it fails for all of them. Why so: docs/decisions/0019.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, get_ident

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from api.hub.errors import UnavailableError
from api.hub.storage.turns import Turns
from api.hub.storage.writer_lock import WriterLock

MOST_IN_A_GROUP = 32
GROUP_SECONDS = 0.1  # the first one waits for those after it, so they must not go on for ever


@dataclass(eq=False, slots=True)
class _Group:
    """
    Writers that share a commit.

    Attributes:
        lock: held until its commit.
        writers: how many have done their work, or given it up.
        has_written: whether one of them has anything to keep.
        is_whole: its transaction goes on: nothing was written before whoever gave up, and SQLite has not undone it by
            itself, as it does when a disk is full.
        is_durable: it was committed; to be read once `is_over`.
    """

    connection: Connection
    lock: WriterLock
    started: float = field(default_factory=time.monotonic)
    writers: int = 0
    has_written: bool = False
    is_whole: bool = True
    is_durable: bool = False
    is_over: Event = field(default_factory=Event)

    @property
    def is_open(self) -> bool:
        """Tell whether another one may join."""
        is_young = time.monotonic() - self.started < GROUP_SECONDS
        return self.is_whole and is_young and self.writers < MOST_IN_A_GROUP

    @contextmanager
    def part(self) -> Iterator[None]:
        """
        Undo what is written in the block when it raises.

        Whoever finds nothing written has no need of a savepoint, under which SQLite copies each page before a change.
        """
        if self.has_written:
            with self.connection.begin_nested():
                yield
            return
        try:
            yield
        except BaseException:
            self.is_whole = False
            raise

    def end(self) -> None:
        """Commit what was written, if all of it is still there; undo it otherwise."""
        try:
            if self.has_written and self.is_whole:
                self.connection.commit()
                self.is_durable = True
            self.connection.close()
        except SQLAlchemyError:
            self.connection.invalidate()
        finally:
            self.lock.give()
            self.is_over.set()


class GroupCommit:
    """
    The writers of one database in this process.

    Args:
        engine: begins writing transactions; its connections may be used by one thread after the other.
        most_waiting: how many may wait for their turn.
        lock: between this process and others that serve the same database.
    """

    def __init__(self, engine: Engine, most_waiting: int, lock: WriterLock) -> None:
        """Begin with nobody."""
        self._engine, self._lock = engine, lock
        self._turns = Turns(1, most_waiting)
        self._group: _Group | None = None  # only whoever has the turn looks at it
        self._writer = 0

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """
        Write alone; what was written is durable when the block ends, and undone when it raises.

        Raises:
            UnavailableError: too many are waiting, or it could not be made durable and nothing of it is kept.
        """
        if self._writer == get_ident():
            raise RuntimeError("a writing transaction inside another would wait for itself")
        self._turns.take()
        group = self._joined()
        try:
            with group.part():
                yield group.connection
            group.has_written = True
        finally:
            self._leave(group)

    def _joined(self) -> _Group:
        """Join the group that goes on, or begin one; the turn is given back when that fails."""
        self._writer = get_ident()
        if self._group is not None:
            return self._group
        connection: Connection | None = None
        try:
            self._lock.take()
            connection = self._engine.connect()
            connection.begin()
            self._group = _Group(connection, self._lock)
        except BaseException:
            self._writer = 0
            if connection is not None:
                connection.close()
            self._lock.give()
            self._turns.give()
            raise
        return self._group

    def _leave(self, group: _Group) -> None:
        """Let the next one go on, or commit for all; return when that is done."""
        self._writer = 0
        group.writers += 1
        driver = group.connection.connection.driver_connection
        group.is_whole = group.is_whole and driver is not None and driver.in_transaction
        if group.is_open and self._turns.hand_over():
            group.is_over.wait()
        else:
            self._group = None
            try:
                group.end()
            finally:
                self._turns.give()
        if group.has_written and not group.is_durable:
            raise UnavailableError("the database cannot be used now", code="unavailable")
