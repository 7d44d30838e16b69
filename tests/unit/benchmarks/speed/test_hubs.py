"""Hubs full of people are as large as they say, and their people are met."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from fastapi.testclient import TestClient

from api.hub import operating
from api.hub.app import create_app
from benchmarks.speed import bare, crowd, filled, inserting, load
from benchmarks.speed.filled import FilledHub, filled_hub, sizes


@pytest.fixture(scope="module")
def hub() -> Iterator[FilledHub]:
    """Fill a small hub, with a crowd around its people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filled, "IN_FULL", 8)
        with filled_hub(12) as made:
            yield made


def test_the_crowd_stands_around_the_people_in_full(monkeypatch) -> None:
    """All entries are there under their indexes, in cells as long as sealed ones, and SQLite finds no fault."""
    monkeypatch.setattr(filled, "IN_FULL", 2)
    with filled_hub(12) as made, closing(sqlite3.connect(made.file)) as raw:
        counted = raw.execute("SELECT count(*), count(DISTINCT length(box)) FROM entry").fetchone()
        indexes = raw.execute(
            "SELECT count(*) FROM sqlite_master WHERE tbl_name = 'entry' AND sql LIKE 'CREATE % ON entry %'"
        )
        assert counted == (12 * 45, 1)
        assert indexes.fetchone() == (2,)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_filing_meets_somebody_of_a_full_hub(hub: FilledHub) -> None:
    """A returner is told of, as in service."""
    headers = hub.ask_as(0)
    with operating.opened(hub.settings) as opened, TestClient(create_app(opened)) as client:
        kind = {"Content-Type": load.MEDIA_TYPE, "Content-Encoding": "gzip"}
        body = load.packed(hub.population, load.new_entries(hub.population, 3))
        path = f"/v1/projects/{filled.PROJECT}/entry-batches"
        assert client.post(path, content=body, headers={**headers, **kind}).status_code == 202
        assert client.get("/v1/meetings", headers=headers).json()["meetings"]


def test_the_bare_database_finds_what_the_hub_keeps(hub: FilledHub) -> None:
    """Its look-up finds every entry of a person, and what it inserts is kept and meets nobody."""
    with bare.bare_database(hub) as database:
        (seats,) = bare.seats_of(hub, database, [1])
        assert len(seats) == 45
        rows = bare.unmet_rows(4, 10)
        database.insert(rows)
        assert len(database.look_up("seat_digest", seats)) == 45
        assert sorted(map(tuple, database.look_up("seat_digest", [row[0] for row in rows]))) == rows


def test_bulk_inserts_are_measured_on_both_ways(hub: FilledHub) -> None:
    """Each run of ours stands beside one of the database's own."""
    ours, beside = inserting._seconds(hub, 20)  # noqa: SLF001 - the row above it fills a hub of its own
    assert len(ours) == len(beside) == inserting.RUNS
    assert min(ours + beside) > 0


def test_rows_of_a_crowd_for_a_copy_come_in_order() -> None:
    """Known rows keep their place among strangers."""
    known = [tuple(os.urandom(16) for _ in range(4)) for _ in range(5)]
    rows = [row for piece in crowd.crowded(known, 50, [b"tag"], 1) for row in piece]
    assert len(rows) == 55
    assert rows == sorted(rows)
    assert set(known) <= set(rows)


def test_a_machine_may_be_spared(monkeypatch) -> None:
    """Larger hubs are made as large as allowed, once."""
    assert sizes([10, 100]) == [10, 100]
    monkeypatch.setenv(filled.MOST_PEOPLE, "50")
    assert sizes([10, 100, 1_000]) == [10, 50]
    assert sizes([10, 100, 1_000], lighter=4) == [10, 100, 200]
