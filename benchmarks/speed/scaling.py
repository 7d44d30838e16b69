"""
Rows of growth: what a filing costs in hubs of more and more people, and what looking its tokens up costs by itself.

Look-ups go to a table of seats alone, ordered as the hub's index on seats is, so that sizes beyond a hub that fits on
the disk can be measured. An exponent of 0 means that size does not matter, 1 that twice the people cost twice as much.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from api.hub.kept.repository import FIRST_SEATS
from benchmarks.speed.clock import RUNS
from benchmarks.speed.filing import FILINGS, spent
from benchmarks.speed.filled import filled_hub, sizes
from benchmarks.speed.population import ENTRIES_A_PERSON
from benchmarks.speed.row import Profile, Row, median, row_of
from benchmarks.speed.serving import served_hub

FILED: dict[Profile, tuple[int, ...]] = {"ci": (), "full": (10_000, 100_000, 1_000_000)}
LOOKED_UP: dict[Profile, tuple[int, ...]] = {"ci": (1_000, 10_000), "full": (10_000, 100_000, 1_000_000, 10_000_000)}
SEATS = ENTRIES_A_PERSON * FIRST_SEATS  # that a filing asks for at first
FILING, LOOK_UP = "CPU of one person's filing", "look-up of one person's tokens"
LIGHTER = 10  # a seat and a digest take a tenth of an entry
QUERIES = 300  # people looked up in one run
ROWS_AT_ONCE = 500_000
WORD = 8
CACHE_KIB = 65_536  # as the hub's writer has
MOST_EXPONENT = 0.15  # twice the cost at a hundred times the people
SEED = 3


def rows(profile: Profile) -> Iterator[Row]:
    """Yield the points of each line, then its exponent."""
    yield from _line([_filing(people, profile) for people in sizes(FILED[profile])] if FILED[profile] else [])
    yield from _line([_look_up(people) for people in sizes(LOOKED_UP[profile], LIGHTER)])


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the straight line through sizes and costs, both as logarithms."""
    size, cost = np.log(np.array(points)).T
    return float(np.polyfit(size, cost, 1)[0])


def _line(points: list[Row]) -> Iterator[Row]:
    """Yield points and their exponent."""
    yield from points
    if len(points) > 1:
        slope = exponent([(row.people, row.ours) for row in points])
        name = points[0].work.partition(",")[0]
        note = f"fitted from {points[0].people:,} to {points[-1].people:,} people"
        yield row_of(f"{name}: exponent of growth", "", [slope], most=MOST_EXPONENT, note=note)


def _filing(people: int, profile: Profile) -> Row:
    """Measure filings in a hub."""
    with filled_hub(people) as hub:
        headers = hub.ask_as(0)
        with served_hub(hub.settings) as served:
            filed, _ = spent(served, hub, headers, FILINGS[profile])
    return row_of(f"{FILING}, {people:,} people", "ms", filed.cpu_ms, people=people, note="every filing meets")


def _look_up(people: int) -> Row:
    """Measure look-ups in a table of seats, three in four of them empty."""
    entries = people * ENTRIES_A_PERSON
    with (
        TemporaryDirectory(prefix="casematch-seats-") as folder,
        closing(sqlite3.connect(Path(folder) / "seats.sqlite3", isolation_level=None)) as connection,
    ):
        some = _fill(connection, entries)
        figures = [_query_ms(connection, some, np.random.default_rng([SEED, run])) for run in range(RUNS + 1)][1:]
    note = f"{entries:,} entries, {SEATS} seats asked for; wall time"
    return row_of(f"{LOOK_UP}, {people:,} people", "ms", figures, people=people, note=note)


def _fill(connection: sqlite3.Connection, entries: int) -> list[bytes]:
    """Fill a table in order; return some of its seats."""
    for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(
        "CREATE TABLE entry (seat BLOB, entry_digest BLOB, PRIMARY KEY (seat, entry_digest)) WITHOUT ROWID"
    )
    rng, slices, some = np.random.default_rng(SEED), max(1, entries // ROWS_AT_ONCE), []
    for number in range(slices):
        share = entries * (number + 1) // slices - entries * number // slices
        low, high = (round(2**64 * place / slices) for place in (number, number + 1))
        table = rng.integers(2**64, size=(share, 4), dtype=np.uint64)
        table[:, 0] = np.sort(rng.integers(low, high, size=share, dtype=np.uint64))
        flat, width = table.astype(">u8").tobytes(), 2 * WORD
        cells = [flat[start : start + width] for start in range(0, len(flat), width)]
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO entry VALUES (?, ?)", zip(cells[::2], cells[1::2], strict=True))
        connection.execute("COMMIT")
        some += cells[:: max(2, 2 * (share * slices // (4 * QUERIES * ENTRIES_A_PERSON)))]
    return some


def _query_ms(connection: sqlite3.Connection, some: Sequence[bytes], rng: np.random.Generator) -> float:
    """Return the median time of looking up one person's tokens, of whose first seats a quarter are filled."""
    places = ", ".join("?" * SEATS)
    query = f"SELECT seat, entry_digest FROM entry WHERE seat IN ({places})"  # noqa: S608 - marks alone
    taken = []
    for _ in range(QUERIES):
        seats = [rng.bytes(2 * WORD) for _ in range(SEATS)]
        for place in range(0, SEATS, 4):
            seats[place] = some[int(rng.integers(len(some)))]
        started = time.perf_counter()
        connection.execute(query, seats).fetchall()
        taken.append((time.perf_counter() - started) * 1_000)
    return median(taken)
