"""
Rows of linking long lists through files: `casematch link --engine duckdb` as its users start it, beside peers.

Each run is a process of its own, its CPU time that of all its processes, told by the system when it ends. The second
run finds the first one's entries, and nothing else: what it costs is everything but encoding.
"""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from typing import Any

from api.agent.linking.bulk import FOLDER
from benchmarks.quality.datasets import DataSet, world_set
from benchmarks.quality.peers.environment import PeerMissingError
from benchmarks.quality.peers.link import link_with_clk, link_with_splink
from benchmarks.speed.row import Profile, Row, row_of
from matcher.person import RawRecord

PEOPLE = {"ci": (2_000,), "full": (10_000, 100_000)}
WITH_ANONLINK = 10_000  # it compares all pairs: ten times the records take a hundred times as long
LEAST_OF_SPLINK = 1.0
BY_CPU = "records/s of CPU"
KIBIBYTES_OF_A_MEGABYTE = 1_000_000 / 1_024
SEED = 1
LINK = [sys.executable, "-c", "from api.agent.cli import app; app()", "link"]


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run of `casematch link` took, and the figures that it printed."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float
    figures: dict[str, Any]


def rows(profile: Profile) -> Iterator[Row]:
    """Yield a row of duplicates for each size, and one of two lists."""
    for people in PEOPLE[profile]:
        data = world_set("L", people, SEED)
        yield from _duplicates(data, is_beside_peers=profile == "full")
        if profile == "full" and people == WITH_ANONLINK:
            yield _two_lists(data)


def _duplicates(data: DataSet, *, is_beside_peers: bool) -> Iterator[Row]:
    """Find the duplicates within a world, once with encoding and once without."""
    records = _records(data)
    with TemporaryDirectory() as folder:
        path = _write(records, Path(folder) / "all.csv")
        work = Path(folder) / "work"
        whole = _spent([path], work)
        for compared in (work / FOLDER).glob("compared*"):
            compared.unlink()
        after = _spent([path], work)
    seconds, why = _peer_seconds(link_with_splink, data) if is_beside_peers else (None, "peers run in the full profile")
    yield row_of(
        f"duplicates within {len(records):,}, files and DuckDB, after encoding",
        BY_CPU,
        [len(records) / after.cpu_seconds],
        peer="Splink on DuckDB, plaintext, end to end",
        peers=None if seconds is None else len(records) / seconds,
        least_ratio=LEAST_OF_SPLINK,
        note=f"{_told(after)}; {why}",
    )
    yield row_of(
        f"duplicates within {len(records):,}, files and DuckDB, end to end",
        BY_CPU,
        [len(records) / whole.cpu_seconds],
        note=f"{_told(whole)}; reading, normalising and encoding included",
    )


def _two_lists(data: DataSet) -> Row:
    """Link two halves of a world."""
    halves = replace(data, left=data.left[::2], right=data.left[1::2])
    records = _records(data)
    with TemporaryDirectory() as folder:
        paths = [_write(records[start::2], Path(folder) / f"{start}.csv") for start in (0, 1)]
        spent = _spent(paths, Path(folder) / "work")
    seconds, why = _peer_seconds(link_with_clk, halves)
    return row_of(
        f"link {len(halves.left):,} × {len(halves.left):,}, files and DuckDB, end to end",
        BY_CPU,
        [len(records) / spent.cpu_seconds],
        peer="clkhash and anonlink, all pairs, end to end",
        peers=None if seconds is None else len(records) / seconds,
        note=f"{_told(spent)}; {why}",
    )


def _spent(paths: Sequence[Path], work: Path) -> Spent:
    """Link files in a process of its own."""
    options = ["--schema", "nepal", "--engine", "duckdb", "--work", str(work), "--json"]
    with (work.parent / "figures.json").open("w+", encoding="utf-8") as output:
        started = time.perf_counter()
        process = subprocess.Popen([*LINK, *map(str, paths), *options], stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        figures = json.loads(output.read())
    return Spent(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / KIBIBYTES_OF_A_MEGABYTE, figures)


def _told(spent: Spent) -> str:
    """Say what one run took, in the words of a note."""
    pairs, left_out = spent.figures["candidate_pairs"], spent.figures["left_out_pairs"]
    return (
        f"{spent.cpu_seconds:,.1f} s of CPU, {spent.wall_seconds:,.1f} s of wall, {spent.peak_mb:,.0f} MB at most, "
        f"{pairs:,} pairs of records, {left_out:,} pairs of entries left out; one run"
    )


def _peer_seconds(link: Callable[[DataSet], object], data: DataSet) -> tuple[float | None, str]:
    """Run a peer; return the CPU seconds of its process, or why there are none."""
    before = getrusage(RUSAGE_CHILDREN)
    try:
        link(data)
    except PeerMissingError as missing:
        return None, str(missing)
    after = getrusage(RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, f"the peer took {seconds:,.1f} s of CPU on cells that were cleaned for it"


def _records(data: DataSet) -> list[RawRecord]:
    """Return a world's rows."""
    if data.world is None:
        raise ValueError("only worlds have raw records")
    return data.world.raw_records()


def _write(records: Sequence[RawRecord], path: Path) -> Path:
    """Write rows as a partner would have them."""
    header = ["case_ref", *sorted({name for record in records for name in record.columns})]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({**record.columns, "case_ref": record.reference} for record in records)
    return path
