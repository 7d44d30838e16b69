"""The write-ahead log is brought into the file beside the requests."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import enumerate as all_threads

import pytest
from sqlalchemy import text

from api.hub.storage import checkpoints
from api.hub.storage.session import Database

PATIENCE_SECONDS = 20.0


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a database's file; the thread looks often."""
    monkeypatch.setattr(checkpoints, "EVERY_SECONDS", 0.01)
    return tmp_path / "hub.sqlite3"


def write(database: Database, statement: str) -> None:
    """Run a statement in a transaction of its own."""
    with database.writing() as connection:
        connection.execute(text(statement))


def in_the_file_alone(file: Path, folder: Path) -> int:
    """Return how many rows the file has without its log."""
    copy = folder / "copy.sqlite3"
    copy.write_bytes(file.read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM thing").fetchone()[0])
        except sqlite3.DatabaseError:  # no such table yet, or pages of two moments
            return 0


def comes_true(seen: Callable[[], bool]) -> bool:
    """Wait until something is seen."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if seen():
            return True
        time.sleep(0.01)
    return False


def test_what_is_committed_comes_into_the_file(file: Path, tmp_path: Path) -> None:
    """Without another commit, and again after the next one."""
    database = Database(f"sqlite+pysqlite:///{file}")
    write(database, "CREATE TABLE thing (number INTEGER)")
    for number in (1, 2):
        write(database, "INSERT INTO thing VALUES (1)")
        assert comes_true(lambda number=number: in_the_file_alone(file, tmp_path) == number)  # type: ignore[misc]
    database.close()


def test_a_reader_is_not_disturbed(file: Path) -> None:
    """What it saw first it sees until it is done, however long the thread has had to write."""
    database = Database(f"sqlite+pysqlite:///{file}")
    write(database, "CREATE TABLE thing (number INTEGER)")
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM thing")).scalar_one() == 0
        for _ in range(20):
            write(database, "INSERT INTO thing VALUES (1)")
            time.sleep(0.01)
        assert reader.execute(text("SELECT count(*) FROM thing")).scalar_one() == 0
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM thing")).scalar_one() == 20
    database.close()


def test_the_thread_ends_with_the_database(file: Path) -> None:
    """And whoever only reads has none."""
    database = Database(f"sqlite+pysqlite:///{file}")
    before = len(all_threads())
    with database.reading() as connection:
        connection.execute(text("SELECT 1"))
    assert len(all_threads()) == before
    write(database, "CREATE TABLE thing (number INTEGER)")
    assert len(all_threads()) == before + 1
    database.close()
    assert len(all_threads()) == before


def test_trouble_with_the_file_does_not_end_it(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next commit comes into the file again."""
    database = Database(f"sqlite+pysqlite:///{file}")
    write(database, "CREATE TABLE thing (number INTEGER)")
    really, failed = checkpoints.Checkpoints._write_back, []  # noqa: SLF001 - the disk's trouble, made here

    def fail(self: checkpoints.Checkpoints) -> None:
        failed.append(self)
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(checkpoints.Checkpoints, "_write_back", fail)
    write(database, "INSERT INTO thing VALUES (1)")
    assert comes_true(lambda: bool(failed))
    monkeypatch.setattr(checkpoints.Checkpoints, "_write_back", really)
    write(database, "INSERT INTO thing VALUES (2)")
    assert comes_true(lambda: in_the_file_alone(file, tmp_path) == 2)
    database.close()
