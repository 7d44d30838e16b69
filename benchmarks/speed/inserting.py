"""Rows of bulk inserts: entries sealed and kept durably, beside the database's own bulk path for rows that are made."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from api.hub import operating
from api.hub.context import Hub, today_utc
from api.hub.kept import repository as kept
from api.hub.kept.entry import EntrySeal, KeptEntry
from benchmarks.speed.bare import bare_database, unmet_rows
from benchmarks.speed.clock import RUNS
from benchmarks.speed.filled import PROJECT, FilledHub, filled_hub
from benchmarks.speed.postgres import PostgresMissingError
from benchmarks.speed.row import Profile, Row, median, row_of

PEOPLE = 1_000
ENTRIES: dict[Profile, int] = {"ci": 5_000, "full": 10_000}  # the largest batch holds 10,000
LEAST_OF_BARE = 0.5
FREE_SEAT = 1_000  # no token of a benchmark has as many entries


def rows(profile: Profile) -> Iterator[Row]:
    """Yield a row for each kind of database."""
    for kind, is_postgres, path in (("SQLite", False, "executemany"), ("PostgreSQL", True, "binary COPY")):
        work = f"bulk insert, {kind}, {ENTRIES[profile]:,} entries at once"
        try:
            with filled_hub(PEOPLE, is_postgres=is_postgres) as hub:
                ours, bare = _seconds(hub, ENTRIES[profile])
        except PostgresMissingError as missing:
            yield Row(work, "entries/s", 0.0, (0.0, 0.0), note=f"not measured: {missing}")
            continue
        number = ENTRIES[profile]
        yield row_of(
            work,
            "entries/s",
            [number / seconds for seconds in ours],
            peer=f"{path} of rows that are made",
            peers=number / median(bare),
            least_ratio=LEAST_OF_BARE,
            note="wall time, each in one transaction with its commit; ours seals every entry first",
        )


def _seconds(hub: FilledHub, number: int) -> tuple[list[float], list[float]]:
    """Return the seconds of each run: ours, and the bare path's, in turns so that both have the same neighbours."""
    ours, bare = [], []
    with operating.opened(hub.settings) as opened, bare_database(hub) as database:
        statement_id = _statement_id(opened)
        box = len(_rows(opened, _entries(hub, statement_id, 0, 1))[0][3])
        for run in range(RUNS + 1):
            entries = _entries(hub, statement_id, run * number, number)
            rows = unmet_rows(number, box)
            ours.append(_taken(partial(_keep, opened, entries)))
            bare.append(_taken(partial(database.insert, rows)))
    return ours[1:], bare[1:]


def _statement_id(opened: Hub) -> str:
    """Return a statement under which entries are on file."""
    with opened.database.reading() as connection:
        return next(iter(kept.filers(connection, PROJECT)))


def _rows(opened: Hub, entries: Sequence[KeptEntry]) -> list[tuple[bytes, bytes, bytes, bytes]]:
    """Return the rows of entries."""
    return EntrySeal(opened.key).rows(PROJECT, entries, _seats(entries))


def _entries(hub: FilledHub, statement_id: str, first: int, number: int) -> list[KeptEntry]:
    """Return entries of strangers, as a filing hands them on."""
    start, today = hub.population.entries + first, today_utc()
    return [
        KeptEntry(
            entry_id=filed.entry.entry_id,
            token=filed.entry.token,
            sketch=filed.entry.sketch,
            statement_id=statement_id,
            is_automatic=True,
            expires=filed.expires,
            arrived_on=today,
            row_digest=filed.entry.entry_id,
        )
        for filed in hub.population.rows(np.arange(start, start + number))
    ]


def _keep(opened: Hub, entries: Sequence[KeptEntry]) -> None:
    """Keep entries as a filing does, durably."""
    with opened.database.writing(PROJECT) as connection:
        kept.add(connection, opened.key, PROJECT, entries, _seats(entries))


def _seats(entries: Sequence[KeptEntry]) -> list[int]:
    """Return seats that nobody stands in, whatever stands under the entries' tokens."""
    return list(range(FREE_SEAT, FREE_SEAT + len(entries)))


def _taken(work: Callable[[], None]) -> float:
    """Return how many seconds a piece of work took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
