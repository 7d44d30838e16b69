"""Rows of Spark, on this machine's cores, beside DuckDB: the same entries, and the same answer row by row."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from api.agent.linking.engines import Engine, is_installed
from benchmarks.speed.linking import link_by_command
from benchmarks.speed.long_lists import write_lists
from benchmarks.speed.row import Profile, Row, row_of

RECORDS = {"ci": (), "full": (10_000, 100_000)}
EVERY_PAIR = ("--least-probability", "0")
SEED = 1


def rows(profile: Profile) -> Iterator[Row]:
    """Yield a row for each size, where Spark is installed."""
    if is_installed(Engine.SPARK):
        yield from map(_beside_duckdb, RECORDS[profile])


def _beside_duckdb(people: int) -> Row:
    """Let both engines answer from one store of entries."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        lists = write_lists(folder, people, 1, SEED)
        answers = {engine: folder / f"{engine}.csv" for engine in (Engine.DUCKDB, Engine.SPARK)}
        runs = {
            engine: link_by_command(lists, folder / "work", "--out", str(path), *EVERY_PAIR, engine=engine)
            for engine, path in answers.items()
        }
        with (
            answers[Engine.DUCKDB].open(encoding="utf-8") as one,
            answers[Engine.SPARK].open(encoding="utf-8") as other,
        ):
            is_equal = [ours == theirs for ours, theirs in zip_longest(one, other)]
    return row_of(
        f"duplicates within {people:,} on Spark, local mode, rows as DuckDB's",
        "of the rows",
        [sum(is_equal) / len(is_equal)],
        least=1.0,
        note=f"{len(is_equal) - 1:,} pairs; after encoding: {runs[Engine.SPARK].told()}",
    )
