"""
What the hub's database costs by itself: an indexed look-up and a durable insert, by its own driver, in the hub's table.

The rows have the size of a filing's, with random bytes in every cell, so that no filing ever
comes upon them.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol

from api.hub import operating
from api.hub.kept.entry import EntrySeal
from benchmarks.speed import postgres
from benchmarks.speed.crowd import COLUMNS, Row
from benchmarks.speed.filled import FilledHub

CELL = 16  # bytes of a digest and a tag
CACHE_KIB = 65_536  # as the hub's writer has
_NAMES = ", ".join(COLUMNS)


class Bare(Protocol):
    """A database by itself."""

    def look_up(self, column: str, cells: Sequence[bytes]) -> list[Any]:
        """Return the rows that have one of the cells in a column."""

    def insert(self, rows: Sequence[Row]) -> None:
        """Keep rows, durably."""


@contextmanager
def bare_database(hub: FilledHub) -> Iterator[Bare]:
    """Open a hub's database without the hub."""
    if hub.settings.database:
        import psycopg  # noqa: PLC0415 - an extra that only PostgreSQL needs

        with psycopg.connect(postgres.plain_url(hub.settings.database)) as connection:
            yield _Postgres(connection)
        return
    with closing(sqlite3.connect(hub.file, isolation_level=None)) as connection:
        for pragma in ("synchronous = FULL", "secure_delete = ON", f"cache_size = -{CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        yield _Sqlite(connection)


def seats_of(hub: FilledHub, bare: Bare, persons: Sequence[int]) -> list[list[bytes]]:
    """Return the seats of some people's entries, people in full, as the hub keeps them."""
    with operating.opened(hub.settings) as opened:
        seal = EntrySeal(opened.key)
    names = [[seal.digest(row.entry.entry_id) for row in hub.population.person(person)] for person in persons]
    return [[bytes(row[0]) for row in bare.look_up("entry_digest", digests)] for digests in names]


def unmet_rows(number: int, box: int) -> list[Row]:
    """Return rows that nobody meets, in the order of their seats' digests; `box` is the length of a sealed cell."""
    return sorted((*(os.urandom(CELL) for _ in range(3)), os.urandom(box)) for _ in range(number))


class _Sqlite:
    """SQLite by Python's own driver."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep the connection."""
        self._connection = connection

    def look_up(self, column: str, cells: Sequence[bytes]) -> list[Any]:
        """See `Bare`."""
        places = ", ".join("?" * len(cells))
        query = f"SELECT {_NAMES} FROM entry WHERE {column} IN ({places})"  # noqa: S608 - our own names
        return self._connection.execute(query, cells).fetchall()

    def insert(self, rows: Sequence[Row]) -> None:
        """See `Bare`."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(f"INSERT INTO entry ({_NAMES}) VALUES (?, ?, ?, ?)", rows)  # noqa: S608 - as above
        self._connection.execute("COMMIT")


class _Postgres:
    """PostgreSQL by psycopg."""

    def __init__(self, connection: Any) -> None:
        """Keep the connection."""
        self._connection = connection

    def look_up(self, column: str, cells: Sequence[bytes]) -> list[Any]:
        """See `Bare`."""
        query = f"SELECT {_NAMES} FROM entry WHERE {column} = ANY(%s)"  # noqa: S608 - as above
        found: list[Any] = self._connection.execute(query, [list(cells)], binary=True).fetchall()
        return found

    def insert(self, rows: Sequence[Row]) -> None:
        """See `Bare`."""
        statement = f"COPY entry ({_NAMES}) FROM STDIN (FORMAT BINARY)"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(["bytea"] * len(COLUMNS))
            for row in rows:
                copy.write_row(row)
        self._connection.commit()
