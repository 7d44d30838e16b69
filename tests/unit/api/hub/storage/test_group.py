"""Writers on SQLite share commits, and do one another no harm."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from api.hub.errors import UnavailableError
from api.hub.storage import group
from api.hub.storage.session import Database

PATIENCE = 10.0  # seconds until a test gives up


class Writers:
    """A database of one table, and threads that write to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = Database(f"sqlite+pysqlite:///{path}", most_waiting=8)
        self.commits: list[object] = []
        with self.database.writing() as connection:
            connection.execute(text("CREATE TABLE word (word TEXT PRIMARY KEY)"))
        event.listen(self.database._writer, "commit", self.commits.append)  # noqa: SLF001 - to count them
        self.pool = ThreadPoolExecutor(16)

    def write(self, word: str) -> None:
        """Write one word, and see that it is durable at once: another connection finds it."""
        with self.database.writing() as connection:
            connection.execute(text("INSERT INTO word VALUES (:word)"), {"word": word})
        assert word in self.words()

    def fail(self, word: str) -> None:
        """Write one word, and think better of it."""
        with self.database.writing() as connection:
            connection.execute(text("INSERT INTO word VALUES (:word)"), {"word": word})
            raise LookupError

    def words(self) -> set[str]:
        """Return what is on file."""
        connection = sqlite3.connect(self.path)
        found = {row[0] for row in connection.execute("SELECT word FROM word")}
        connection.close()
        return found

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the turn, so that all others wait; the holder is of their group."""
        with self.database.writing():
            yield

    def queued(self, jobs: list[Callable[[], None]]) -> list[Future[None]]:
        """Start jobs, and wait until all of them wait."""
        turns = self.database._group._turns  # noqa: SLF001 - to see that they wait
        done = [self.pool.submit(job) for job in jobs]
        gone = threading.Event()
        for _ in range(int(PATIENCE * 100)):
            if turns._waiting == len(jobs):  # noqa: SLF001 - same
                return done
            gone.wait(0.01)
        pytest.fail("they do not wait")


@pytest.fixture
def writers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writers]:
    """Return writers on a new file, whose groups stay open as long as somebody waits."""
    monkeypatch.setattr(group, "GROUP_SECONDS", PATIENCE)
    made = Writers(tmp_path / "words.sqlite3")
    yield made
    made.pool.shutdown()
    made.database.close()


def test_those_that_wait_share_one_commit(writers: Writers) -> None:
    """Six filings cost what one costs."""
    with writers.held():
        done = writers.queued([lambda word=word: writers.write(word) for word in "abcdef"])  # type: ignore[misc] # mypy cannot see a default
    for each in done:
        each.result(PATIENCE)
    assert writers.words() == set("abcdef")
    assert len(writers.commits) == 1


def test_one_that_fails_spoils_nothing(writers: Writers) -> None:
    """What it wrote is undone, and what the others wrote is kept."""
    with writers.held():
        jobs = [lambda: writers.write("a"), lambda: writers.fail("b"), lambda: writers.write("c")]
        first, second, third = writers.queued(jobs)
    first.result(PATIENCE)
    third.result(PATIENCE)
    assert isinstance(second.exception(PATIENCE), LookupError)
    assert writers.words() == {"a", "c"}


def test_the_first_that_fails_leaves_nothing(writers: Writers) -> None:
    """It has no savepoint to go back to; those that wait write in a transaction of their own."""
    done: list[Future[None]] = []

    def fail() -> None:
        with writers.database.writing() as connection:
            connection.execute(text("INSERT INTO word VALUES ('gone')"))
            done.extend(writers.queued([lambda: writers.write("kept")]))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert [each.result(PATIENCE) for each in done] == [None]
    assert writers.words() == {"kept"}


def test_only_those_that_join_have_a_savepoint(writers: Writers) -> None:
    """Whoever writes first goes without."""
    savepoints: list[object] = []
    event.listen(writers.database._writer, "savepoint", lambda *_: savepoints.append(None))  # noqa: SLF001 - to count them
    with writers.held():
        done = writers.queued([lambda: writers.write("one"), lambda: writers.write("two")])
    assert [each.result(PATIENCE) for each in done] == [None, None]
    assert len(savepoints) == len(done)


def test_a_commit_that_fails_fails_for_all(writers: Writers) -> None:
    """Nobody is told that it is done, nothing is kept, and the next one can write."""

    def full(_connection: Any) -> None:
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk is full"))

    event.listen(writers.database._writer, "commit", full)  # noqa: SLF001 - nothing else makes a commit fail
    with pytest.raises(UnavailableError), writers.held():
        done = writers.queued([lambda: writers.write("a"), lambda: writers.write("b")])
    assert [type(each.exception(PATIENCE)) for each in done] == [UnavailableError] * 2
    event.remove(writers.database._writer, "commit", full)  # noqa: SLF001 - same
    assert writers.words() == set()
    writers.write("c")


def test_a_transaction_that_sqlite_undoes_is_told_to_all(writers: Writers) -> None:
    """A full disk can end it in the middle; whoever had done its work already hears of it."""

    def undone() -> None:
        with writers.database.writing() as connection:
            connection.exec_driver_sql("ROLLBACK")

    with pytest.raises(UnavailableError), writers.held():
        done = writers.queued([lambda: writers.write("a"), undone])
    assert [isinstance(each.exception(PATIENCE), UnavailableError) for each in done] == [True, True]
    assert writers.words() == set()


def test_too_many_are_told_to_come_back(writers: Writers) -> None:
    """The ninth does not wait, and the eight before it are served."""
    with writers.held():
        done = writers.queued([lambda word=word: writers.write(word) for word in "abcdefgh"])  # type: ignore[misc] # mypy cannot see a default
        refused = writers.pool.submit(writers.write, "i").exception(PATIENCE)
        assert isinstance(refused, UnavailableError)
        assert refused.code == "overloaded"
    for each in done:
        each.result(PATIENCE)
    assert writers.words() == set("abcdefgh")


def test_a_writer_inside_a_writer_is_a_mistake(writers: Writers) -> None:
    """It would wait for itself for ever."""
    with writers.held(), pytest.raises(RuntimeError):
        writers.write("a")
    writers.write("b")
