"""`python -m benchmarks soak`: the mixed load against a served hub, and a summary of it."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from benchmarks.soak.cached import ROUND_SECONDS, kept_cached
from benchmarks.soak.summary import Marks, summary
from benchmarks.speed import load as loads
from benchmarks.speed.filled import PROJECT, filled_hub
from benchmarks.speed.load import Answers, Load
from benchmarks.speed.serving import Served, served_hub

PEOPLE_OF_AN_ASKER = 4_000  # filed by one agent: below the 5,000 that a bulk filing allows
WARM_SECONDS = 20.0  # before memory is looked at: a worker that has served nothing has loaded nothing
TOLD_SECONDS = 60.0


def main(arguments: Sequence[str]) -> None:
    """Read the options, run, and write the summary; ends with status 1 when any request failed."""
    asked = _read(arguments)
    seconds = asked.minutes * 60
    with filled_hub(asked.people, is_postgres=asked.postgres) as hub:
        number = 2 + int(seconds * asked.filings / PEOPLE_OF_AN_ASKER)
        askers = [hub.ask_as(each) for each in range(number)]
        cached = kept_cached(hub.file) if asked.cached else nullcontext()
        with cached, served_hub(hub.settings, asked.workers) as served:
            load = Load(served.url, PROJECT, askers, hub.population, asked.filings, asked.polls, WARM_SECONDS)
            loads.run(load, served.memory_bytes, _tell_nobody)
            begun = _marks(served, hub.file)
            load = Load(served.url, PROJECT, askers, hub.population, asked.filings, asked.polls, seconds)
            answers = loads.run(load, served.memory_bytes, _told_each_minute())
            ended = _marks(served, hub.file)
    found = {
        "what": "mixed load over HTTP against a served hub; times in ms from when a request was due",
        "asked": {name: value for name, value in vars(asked).items() if name != "out"},
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
        **summary(answers, begun, ended, seconds),
    }
    text = json.dumps(found, indent=1)
    if asked.out is not None:
        asked.out.write_text(text + "\n", encoding="utf-8")
    print(text)
    sys.exit(int(bool(answers.errors)))


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks soak",
        description="Serve a hub that is full of people, file and poll at a steady rate, and say how it fared.",
        epilog="Answers leave at once: in service filings are answered on a quantum of a second, so that time tells "
        "nothing. A hub of 50,000 people and more is filled once and kept in CASEMATCH_BENCHMARK_CACHE. "
        "Status 1: a request failed.",
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="how long (default: 1)")
    parser.add_argument("--people", type=int, default=100_000, help="on file (default: 100000)")
    parser.add_argument("--filings", type=float, default=20.0, help="a second, of one person each (default: 20)")
    parser.add_argument("--polls", type=float, default=20.0, help="a second (default: 20)")
    parser.add_argument("--workers", type=int, default=2, help="processes that serve (default: 2)")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument(
        "--cached",
        action="store_true",
        help=f"read SQLite's file through every {ROUND_SECONDS:.0f} seconds, on a machine that takes cached pages back",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the summary there as well")
    asked = parser.parse_args(arguments)
    if asked.cached and asked.postgres:
        parser.error("--cached reads SQLite's file; PostgreSQL has a cache of its own")
    return asked


def _marks(served: Served, file: Path) -> Marks:
    """Look at what is used now; PostgreSQL's files are its own affair."""
    log = file.with_name(file.name + "-wal")
    sizes = (path.stat().st_size if path.exists() else 0 for path in (file, log))
    return Marks(served.memory_bytes(), served.cpu_seconds(), *sizes)


def _tell_nobody(_seconds: float, _answers: Answers) -> None:
    """Show no progress."""


def _told_each_minute() -> Callable[[float, Answers], None]:
    """Return what writes a line to stderr about once a minute."""
    last = 0.0

    def tell(seconds: float, answers: Answers) -> None:
        nonlocal last
        if seconds - last >= TOLD_SECONDS:
            last = seconds
            errors = sum(answers.errors.values())
            print(f"{seconds:,.0f} s: {len(answers.all_ms):,} answers, {errors} errors", file=sys.stderr)

    return tell
