"""
A hub of a nation: some people in full, and around them a crowd of entries that nobody asks about.

The entries of the crowd have digests and tags as a filing writes them, and random bytes where it writes sealed
ones: the database cannot tell the two apart, and whoever asks about the people in full never comes upon one. So a
table of 45 million entries is made in minutes, while a look-up in it goes as deep as in a real one.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from api.hub.context import Hub
from api.hub.kept.entry import EntrySeal

ROWS_AT_ONCE = 200_000
FIRST_BYTES = 256
WORD = 8  # bytes
MONTHS = 24  # in which the crowd's entries expire
FIRST_SHARE = 0.7  # of the rows, before the others come between them
CACHE_KIB = 4_000_000  # the inner pages and one index of 45 million entries; taken as it is needed
COLUMNS = ("seat_digest", "entry_digest", "expiry_tag", "box")

Row = tuple[bytes, ...]


def expiry_tags(hub: Hub, project_id: str, first_month: int) -> list[bytes]:
    """Return the tags of the months in which the crowd's entries expire."""
    seal = EntrySeal(hub.key)
    return [seal.expiry_tag(project_id, first_month + month) for month in range(MONTHS)]


def crowded(known: Iterable[Row], strangers: int, tags: list[bytes], seed: int) -> Iterator[list[Row]]:
    """
    Yield the rows of known entries and of the crowd, together in the order of their seats' digests.

    Args:
        known: rows as `COLUMNS` name them, at least one: it tells how long a sealed cell is.
        strangers: how many rows the crowd has.
        tags: of the months in which it expires.
        seed: another one makes another crowd.
    """
    ordered = sorted(known)
    rng = np.random.default_rng(seed)
    slices = max(1, strangers // ROWS_AT_ONCE)
    edges = [round(place * 2**64 / slices) for place in range(slices + 1)]
    start = 0
    for number, (low, high) in enumerate(pairwise(edges)):
        stop = start
        while stop < len(ordered) and int.from_bytes(ordered[stop][0][:WORD], "big") < high:
            stop += 1
        share = strangers * (number + 1) // slices - strangers * number // slices
        crowd = _crowd(rng, share, (low, high), (len(ordered[0][3]), tags))
        yield sorted([*ordered[start:stop], *crowd])
        start = stop


def _crowd(
    rng: np.random.Generator, rows: int, edges: tuple[int, int], cells: tuple[int, list[bytes]]
) -> Iterator[Row]:
    """Return rows of the crowd with seats' digests between two edges, every one of a kind."""
    box, tags = cells
    seat = rng.integers(*edges, size=(rows, 2), dtype=np.uint64)
    seat[:, 1] = rng.integers(2**64, size=rows, dtype=np.uint64)
    seats, digests = seat.astype(">u8").tobytes(), rng.bytes(rows * 2 * WORD)
    boxes, months = rng.bytes(rows * box), rng.integers(len(tags), size=rows).tolist()
    for place, month in enumerate(months):
        at = 2 * WORD * place
        yield (
            seats[at : at + 2 * WORD],
            digests[at : at + 2 * WORD],
            tags[month],
            boxes[box * place : box * (place + 1)],
        )


def crowd_in_sqlite(raw: sqlite3.Connection, strangers: int, tags: Sequence[bytes]) -> None:
    """
    Put a crowd around a SQLite hub's entries, in the order of their seats' digests, and make its indexes anew.

    Three in ten rows come between the others once those and the indexes are made: pages that are written in order are
    full, and each filing would split nearly all that it touches. SQLite draws the rows itself, a quarter of the time of
    handing them to it. Durable only once this is done.

    Args:
        raw: a connection of Python's own driver that commits by itself, with nothing open.
        strangers: how many rows the crowd has.
        tags: of the months in which it expires.
    """
    query = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'entry' AND type = 'index' AND sql IS NOT NULL"
    indexes = dict(raw.execute(query).fetchall())
    (box,) = raw.execute("SELECT length(box) FROM entry LIMIT 1").fetchone()
    for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KIB}", "temp_store = MEMORY"):
        raw.execute(f"PRAGMA {pragma}")
    for name in indexes:
        raw.execute(f"DROP INDEX {name}")
    raw.execute("CREATE TEMP TABLE known AS SELECT * FROM entry")
    raw.execute("CREATE INDEX known_seat ON known (seat_digest)")
    raw.execute("CREATE TEMP TABLE tag (tag BLOB)")
    raw.executemany("INSERT INTO tag VALUES (?)", [(tag,) for tag in tags])
    raw.execute("DELETE FROM entry")
    before = round(strangers * FIRST_SHARE)
    _draw(raw, before, {"months": len(tags), "box": box})
    raw.execute("DELETE FROM known")
    for statement in indexes.values():
        raw.execute(statement)
    _draw(raw, strangers - before, {"months": len(tags), "box": box})
    raw.execute("PRAGMA journal_mode = WAL")
    os.sync()


def _draw(raw: sqlite3.Connection, strangers: int, given: Mapping[str, int]) -> None:
    """Insert so many rows, and those of the table `known`, in the order of their seats' digests."""
    for first in range(FIRST_BYTES):
        rows = strangers * (first + 1) // FIRST_BYTES - strangers * first // FIRST_BYTES
        end = bytes([first + 1]) if first + 1 < FIRST_BYTES else b"\xff" * (2 * WORD + 1)
        raw.execute(_SLICE, {"first": bytes([first]), "end": end, "rows": rows, **given})


_SLICE = """
INSERT INTO entry (seat_digest, entry_digest, expiry_tag, box)
WITH RECURSIVE stranger(number) AS (SELECT 1 WHERE :rows UNION ALL SELECT number + 1 FROM stranger WHERE number < :rows)
SELECT * FROM (
  SELECT CAST(:first || randomblob(15) AS BLOB), randomblob(16),
         (SELECT tag FROM tag WHERE rowid = 1 + stranger.number % :months), randomblob(:box)
  FROM stranger
  UNION ALL
  SELECT seat_digest, entry_digest, expiry_tag, box FROM known
  WHERE seat_digest >= :first AND seat_digest < :end
) ORDER BY 1
"""
