"""
Connections and transactions: one writing transaction for each request that changes anything; hub.

A writing transaction of a project begins with a lock on the project: `BEGIN IMMEDIATE` on SQLite, `SELECT … FOR
UPDATE` of the project's row on PostgreSQL. Two filings of one person at the same moment thus come one after the
other, and the second sees the first. The transaction is committed when the `with` block ends, before any answer
is written; a framework's dependency that commits after the answer would say 201 for a commit that then fails. On
SQLite those that wait share one commit (`group`), and processes take turns (`writer_lock`). Who may wait is bounded
(`turns`), and of PostgreSQL's connections some are left to those who only read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from api.hub.errors import SetupError
from api.hub.metrics import measure_pool
from api.hub.storage.group import GroupCommit
from api.hub.storage.turns import Turns
from api.hub.storage.writer_lock import WriterLock

BUSY_SECONDS = 30  # a filing of 10,000 entries holds the lock for about two
CHECKPOINT_SECONDS = 2  # the log is emptied by the next erasure otherwise
CONNECTIONS = 10  # of one worker: PostgreSQL allows 100 in all by default
MOST_WAITING = 32  # writers of one worker: the last of them waits for about a second
READERS = 2  # connections that writers on PostgreSQL leave alone
WRITER_CACHE_KIB = 65_536  # the inner pages of all indexes of some millions of entries
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an acknowledged filing survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # erased entries are overwritten with zeros
)
_LOCK = text("SELECT 1 FROM project WHERE project_id = :project_id FOR UPDATE")


class Database:
    """
    The hub's database.

    Args:
        url: SQLAlchemy URL, `sqlite+pysqlite:///…` or `postgresql+psycopg://…`.
        connections: open at once at most; on SQLite for reading, with one more to write.
        most_waiting: writers that may wait for their turn.

    Raises:
        SetupError: the URL cannot be used, or its driver is not installed.
    """

    def __init__(self, url: str, connections: int = CONNECTIONS, most_waiting: int = MOST_WAITING) -> None:
        """Prepare the engine; nothing is opened yet."""
        self._engine = _engine(url, connections)
        self._writer = self._engine
        self._turns = Turns(max(1, connections - READERS), most_waiting)
        if self.is_sqlite:
            _prepare_sqlite(self._engine, "BEGIN")
            self._writer = _engine(url, 1)
            _prepare_sqlite(self._writer, "BEGIN IMMEDIATE", f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
            lock = WriterLock(Path(self._engine.url.database or ""), BUSY_SECONDS)
            self._group = GroupCommit(self._writer, most_waiting, lock)

    @property
    def is_sqlite(self) -> bool:
        """Tell which of the two kinds it is."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, project_id: str | None = None) -> Iterator[Connection]:
        """
        Open a transaction that may write; committed when the block ends, rolled back when it raises.

        Args:
            project_id: the project to lock; None for the operator's commands that concern no project.

        Raises:
            UnavailableError: too many are waiting to write, or the commit failed.
        """
        if self.is_sqlite:
            with self._group.writing() as connection:
                yield connection
            return
        self._turns.take()
        try:
            with self._writer.begin() as connection:
                if project_id is not None:
                    connection.execute(_LOCK, {"project_id": project_id})
                yield connection
        finally:
            self._turns.give()

    def forget_old_pages(self) -> None:
        """Bring SQLite's write-ahead log into the file and empty it, if nobody reads just now: nothing erased stays."""
        if not self.is_sqlite:
            return
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_SECONDS * 1000}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            cursor.execute(_PRAGMAS[0])
            cursor.close()
        finally:
            connection.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
        self._writer.dispose()


def _engine(url: str, connections: int) -> Engine:
    """Make an engine that never prints parameters."""
    engine: Engine | None = None
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database not in {None, "", ":memory:"}:
            engine = create_engine(
                parsed,
                hide_parameters=True,
                pool_timeout=BUSY_SECONDS,
                pool_size=connections,
                max_overflow=0,
                pool_use_lifo=True,  # each connection has a cache of its own: few that are warm, not all in turn
            )
        elif parsed.get_backend_name() == "postgresql":
            engine = create_engine(
                parsed,
                hide_parameters=True,
                pool_timeout=BUSY_SECONDS,
                pool_pre_ping=True,
                pool_size=connections,
                max_overflow=0,
                connect_args={"options": f"-c lock_timeout={BUSY_SECONDS}s"},
            )
    except (ArgumentError, ImportError, ValueError):
        engine = None
    if engine is None:
        raise SetupError("the database must be a sqlite+pysqlite or postgresql+psycopg URL", code="database_url")
    event.listen(engine, "checkout", lambda *_: measure_pool(cast("QueuePool", engine.pool).checkedout()))
    return engine


def _prepare_sqlite(engine: Engine, begin: str, *further: str) -> None:
    """
    Set what SQLite keeps per connection, and take the transactions into our own hands.

    Args:
        engine: a new one.
        begin: how transactions begin: a write lock that is taken later than at once can fail midway.
        further: pragmas of this engine alone.
    """

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *further):
            cursor.execute(pragma)
        cursor.close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
