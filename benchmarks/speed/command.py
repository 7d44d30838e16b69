"""`python -m benchmarks speed`: what casematch costs, each figure beside its peer or limit in the same run."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.speed.floors import broken
from benchmarks.speed.plot import growth_plot
from benchmarks.speed.row import Row
from benchmarks.speed.run import GROUPS, measured, show


def main(arguments: Sequence[str]) -> None:
    """Read the options, measure and show; the ci profile ends with status 1 where a floor is not kept."""
    asked = _read(arguments)
    if not asked.as_json:
        print(f"Speed, profile {asked.profile}: medians, least and greatest of the runs in brackets")
    found = measured(asked.profile, asked.only, _say_nothing if asked.as_json else show)
    if asked.as_json:
        print(json.dumps({name: [row.document() for row in rows] for name, rows in found.items()}, indent=1))
    if asked.plot is not None:
        asked.plot.write_text(growth_plot(_lines(found["scaling"])), encoding="utf-8")
    below = broken(found) if asked.profile == "ci" else []
    for line in below:
        print(f"below its floor: {line}", file=sys.stderr)
    sys.exit(int(bool(below)))


def _say_nothing(_row: Row) -> None:
    """Keep a row for later."""


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks speed",
        description="Measure what casematch costs, each figure beside its peer or limit in the same run.",
        epilog="Status 1: in the ci profile, a ratio is below its floor in benchmarks/floors.toml.",
    )
    parser.add_argument("--profile", choices=("ci", "full"), default="ci", help="a minute or two, or hours")
    parser.add_argument("--only", type=_groups, default=tuple(GROUPS), metavar="A,B", help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the growth of `scaling` as an SVG")
    asked = parser.parse_args(arguments)
    if asked.plot is not None and "scaling" not in asked.only:
        parser.error("--plot draws the rows of scaling")
    return asked


def _lines(rows: Sequence[Row]) -> dict[str, list[tuple[float, float]]]:
    """Return the points of each line of growth."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        if row.people:
            lines.setdefault(row.work.partition(",")[0], []).append((row.people, row.ours))
    return lines


def _groups(text: str) -> tuple[str, ...]:
    """Read names of groups."""
    names = tuple(name.strip() for name in text.split(","))
    if not set(names) <= set(GROUPS):
        raise argparse.ArgumentTypeError(f"groups are {', '.join(GROUPS)}")
    return names
