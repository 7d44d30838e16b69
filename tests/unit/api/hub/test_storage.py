"""Tables and migrations agree; look-ups use an index; transactions hold or leave no trace."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from api.hub.errors import SetupError
from api.hub.storage.chunks import IN_CHUNK, in_chunks
from api.hub.storage.migrate import differences, is_newest
from api.hub.storage.models import metadata
from api.hub.storage.session import Database


def test_models_and_migrations_agree(database_url: str) -> None:
    """A model without its migration is noticed here."""
    database = Database(database_url)
    with database.reading() as connection:
        assert (is_newest(connection), differences(connection)) == (True, [])
        connection.execute(text("ALTER TABLE entry ADD COLUMN name VARCHAR(40)"))
        assert differences(connection) != []
    database.close()


def test_an_empty_database_is_not_newest(tmp_path: Any) -> None:
    """Serving needs the migrations."""
    database = Database(f"sqlite+pysqlite:///{tmp_path}/empty.sqlite3")
    with database.reading() as connection:
        assert not is_newest(connection)
    database.close()


def test_no_table_links_the_entries_of_one_filing() -> None:
    """There is no batch, and nothing finer than a day of arrival."""
    assert not [name for name in metadata.tables if "batch" in name]
    times = [column for table in metadata.tables.values() for column in table.c if "TIME" in str(column.type).upper()]
    assert times == []


def test_tokens_are_looked_up_by_index(world: Any) -> None:
    """The plan of the look-up names the key, which begins with the seat, and scans no table of entries."""
    query = "SELECT box FROM entry WHERE seat_digest IN (:one, :two)"
    explain = "EXPLAIN QUERY PLAN" if world.hub.database.is_sqlite else "EXPLAIN"
    with world.hub.database.reading() as connection:
        if not world.hub.database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = " ".join(str(row) for row in connection.execute(text(f"{explain} {query}"), {"one": b"1", "two": b"2"}))
    assert ("PRIMARY KEY (seat_digest=?)" if world.hub.database.is_sqlite else "entry_part_0_pkey") in plan
    assert "SCAN" not in plan.replace("Bitmap Index Scan", "").replace("Bitmap Heap Scan", "")


def test_a_failed_transaction_leaves_nothing(world: Any) -> None:
    """What is written before an error is not there after it."""

    def fail() -> None:
        with world.hub.database.writing("nepal") as connection:
            connection.execute(text("INSERT INTO cluster VALUES ('x', 'nepal', 1, NULL)"))
            connection.execute(text("INSERT INTO cluster VALUES ('y', 'nepal', 1, NULL)"))

    with pytest.raises(IntegrityError):
        fail()
    assert world.rows("SELECT count(*) FROM cluster") == [(0,)]


def test_foreign_keys_are_enforced(world: Any) -> None:
    """On SQLite they have to be switched on."""

    def orphan() -> None:
        with world.hub.database.writing() as connection:
            connection.execute(text("INSERT INTO cluster VALUES ('x', 'nowhere', 1, NULL)"))

    with pytest.raises(IntegrityError):
        orphan()


def test_database_errors_do_not_quote_parameters(world: Any) -> None:
    """SQLAlchemy would print them."""
    with world.hub.database.reading() as connection, pytest.raises(StatementError) as caught:
        connection.execute(text("SELECT :name FROM nowhere"), {"name": "Sunita Devi"})
    assert "Sunita" not in str(caught.value)


def test_sqlite_is_durable_and_forgets(sqlite_world: Any) -> None:
    """Write-ahead log, full sync, zeroed deletions, patience."""
    with sqlite_world.hub.database.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite+pysqlite://", "sqlite+nodriver:///x"])
def test_a_url_that_cannot_be_used_is_refused_without_being_quoted(url: str) -> None:
    """It may hold a password."""
    with pytest.raises(SetupError) as caught:
        Database(url)
    assert caught.value.code == "database_url"


@pytest.mark.parametrize("count", [0, 1, IN_CHUNK, IN_CHUNK + 1])
def test_chunks_hold_every_value_once(count: int) -> None:
    """In order, none too long."""
    chunks = list(in_chunks(range(count)))
    assert [value for chunk in chunks for value in chunk] == list(range(count))
    assert all(1 <= len(chunk) <= IN_CHUNK for chunk in chunks)
