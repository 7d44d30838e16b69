"""Many rows at once are the rows that were given, on both kinds of database."""

import secrets
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from api.hub.errors import UnavailableError
from api.hub.storage import models
from api.hub.storage.bulk import insert_cells
from api.hub.storage.session import Database

COLUMNS = ("seat_digest", "entry_digest", "expiry_tag", "box")


def rows_of(count: int) -> list[tuple[bytes, ...]]:
    """Return rows of random cells of several lengths, one of them full of zeros."""
    rows = [tuple(secrets.token_bytes(length) for length in (16, 16, 16, 1 + number)) for number in range(count)]
    return [*rows, (bytes(16), bytes(16), bytes(16), bytes(300))]


def test_what_is_inserted_is_on_file(database_url: str) -> None:
    """Byte for byte; nothing happens without rows."""
    database, rows = Database(database_url), rows_of(500)
    with database.writing() as connection:
        insert_cells(connection, models.entry, COLUMNS, rows)
        insert_cells(connection, models.entry, COLUMNS, [])
    with database.reading() as connection:
        found = connection.execute(select(*(models.entry.c[name] for name in COLUMNS)))
        assert sorted(tuple(map(bytes, row)) for row in found) == sorted(rows)
    database.close()


def test_an_entry_stands_in_one_seat_alone(database_url: str) -> None:
    """A row with the digest of another is refused, whatever its seat; the error quotes neither."""
    database = Database(database_url)
    one, *_ = rows_of(1)
    with pytest.raises((UnavailableError, IntegrityError)) as caught, database.writing() as connection:
        insert_cells(connection, models.entry, COLUMNS, [one, (bytes(15) + b"s", *one[1:])])
    assert not any(cell.hex() in str(caught.value) for cell in one)
    database.close()


def test_two_of_one_digest_are_refused_and_none_is_kept(database_url: str) -> None:
    """The transaction ends, and the error quotes nothing of the rows."""
    database, rows = Database(database_url), rows_of(3)

    def file_twice() -> None:
        with database.writing() as connection:
            insert_cells(connection, models.entry, COLUMNS, [*rows, rows[0]])

    with pytest.raises((UnavailableError, IntegrityError)) as caught:
        file_twice()
    told: Any = str(caught.value)
    assert rows[0][0].hex() not in told
    assert repr(rows[0][0]) not in told
    with database.reading() as connection:
        assert connection.execute(select(models.entry.c.seat_digest)).all() == []
    database.close()
