"""
Whole copies of a database, as a stream of bytes: SQLite's online backup, and PostgreSQL's pg_dump; hub.

Both are of one moment and need no pause of the hub. Passwords go to PostgreSQL's programs by environment, never as
arguments, which every user of a machine can see.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import URL, make_url

from api.hub.errors import SetupError

PIECE_BYTES = 2**20
_SIDE_FILES = ("-wal", "-shm", "-journal")  # SQLite would play an old one into the database that is restored
_DUMP = ("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
_RESTORE = ("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")


def copy_of(url: str) -> Iterator[bytes]:
    """
    Yield a copy of a database.

    Raises:
        SetupError: it cannot be copied; what was yielded is of no use then.
    """
    parsed = make_url(url)
    return _sqlite_copy(Path(parsed.database or "")) if _is_sqlite(parsed) else _dump(parsed)


def put_back(url: str, copy: Iterable[bytes]) -> None:
    """
    Make a database of a copy; when the copy ends with an error, nothing is left of it.

    Raises:
        SetupError: there is a database with tables already, or it cannot be made.
    """
    parsed = make_url(url)
    if _is_sqlite(parsed):
        _put_file(Path(parsed.database or ""), copy)
    else:
        _restore(parsed, copy)


def _is_sqlite(url: URL) -> bool:
    """Tell the kind of database."""
    return url.get_backend_name() == "sqlite"


def _sqlite_copy(path: Path) -> Iterator[bytes]:
    """Copy a SQLite file beside itself by the online backup, and yield that."""
    with TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder:
        copied = Path(folder) / "copy"
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copied)) as target,
        ):
            source.backup(target)
        with copied.open("rb") as file:
            yield from iter(lambda: file.read(PIECE_BYTES), b"")


def _put_file(path: Path, copy: Iterable[bytes]) -> None:
    """Write a SQLite file, look whether it is whole, and only then give it its name."""
    leftovers = (path.with_name(path.name + ending) for ending in _SIDE_FILES)
    if path.exists() or any(leftover.exists() for leftover in leftovers):
        raise SetupError("there is a database already; restore into an empty folder", code="restore_not_empty")
    with TemporaryDirectory(prefix=".restore-", dir=path.parent) as folder:
        copied = Path(folder) / "copy"
        with copied.open("wb") as file:
            for piece in copy:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        with closing(sqlite3.connect(copied)) as connection:
            is_whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not is_whole:
            raise SetupError("the copy in the backup is no whole database", code="backup_false")
        copied.rename(path)


def _dump(url: URL) -> Iterator[bytes]:
    """Yield what pg_dump writes."""
    process = _start(_DUMP, url, stdout=subprocess.PIPE)
    if process.stdout is not None:
        with process.stdout as dumped:
            while piece := dumped.read(PIECE_BYTES):
                yield piece
    if process.wait():
        raise SetupError("pg_dump could not copy the database; is it as new as the server?", code="database_unusable")


def _restore(url: URL, copy: Iterable[bytes]) -> None:
    """Give pg_restore the copy, in a file: a stream that breaks off must not reach the database."""
    with TemporaryDirectory(prefix="casematch-restore-") as folder:
        copied = Path(folder) / "copy"
        with copied.open("wb") as file:
            for piece in copy:
                file.write(piece)
        process = _start((*_RESTORE, "--dbname", url.database or "", str(copied)), url, stdout=subprocess.DEVNULL)
        if process.wait():
            raise SetupError("pg_restore could not restore; the database must be empty", code="restore_not_empty")


def _start(command: tuple[str, ...], url: URL, *, stdout: int) -> subprocess.Popen[bytes]:
    """Start one of PostgreSQL's programs, which says what it says to nobody: it quotes."""
    program = shutil.which(command[0])
    if program is None:
        raise SetupError(f"{command[0]} is not installed", code="program_missing")
    settings = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode"),
        "PGSSLROOTCERT": url.query.get("sslrootcert"),
    }
    environment = os.environ | {name: str(value) for name, value in settings.items() if value}
    return subprocess.Popen([program, *command[1:]], env=environment, stdout=stdout, stderr=subprocess.DEVNULL)  # noqa: S603 - a program of PostgreSQL's, with arguments of ours
