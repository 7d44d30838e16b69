"""The table of speed: every group of rows measured, and shown."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from benchmarks.speed import (
    bulk,
    comparing,
    encoding,
    engines,
    filing,
    growing,
    inserting,
    mixed,
    restarting,
    scaling,
    two_lists,
)
from benchmarks.speed.row import Profile, Row

GROUPS: Mapping[str, Callable[[Profile], Iterator[Row]]] = {  # one file each, but `million`
    "encoding": encoding.rows,
    "comparing": comparing.rows,
    "bulk": bulk.rows,
    "million": bulk.rows_of_a_million,
    "two_lists": two_lists.rows,
    "engines": engines.rows,
    "growing": growing.rows,
    "inserting": inserting.rows,
    "filing": filing.rows,
    "restarting": restarting.rows,
    "scaling": scaling.rows,
    "mixed": mixed.rows,
}
REACHED = {True: "reached", False: "not reached", None: "cannot tell"}
SMALL = 100  # figures below it are shown with decimals


def measured(profile: str, names: Iterable[str], tell: Callable[[Row], None]) -> dict[str, list[Row]]:
    """
    Measure some groups of rows.

    Args:
        profile: ci (a minute or two) or full.
        names: of the groups.
        tell: told each row once it is measured.
    """
    found: dict[str, list[Row]] = {}
    for name in names:
        print(f"measuring {name}", file=sys.stderr)
        found[name] = []
        for row in GROUPS[name](cast("Profile", profile)):
            tell(row)
            found[name].append(row)
    return found


def show(row: Row) -> None:
    """Print a row for a reader, who need not wait for the next one."""
    print("\n    ".join(lines_of(row)), flush=True)


def lines_of(row: Row) -> list[str]:
    """Return what is said of one row: the work, our figure, the peer's, the aims and the note."""
    least, greatest = row.spread
    lines = [row.work, f"{_figure(row.ours)} {row.unit} ({_figure(least)}–{_figure(greatest)})"]
    if row.ratio is not None and row.peers is not None:
        lines.append(f"{_figure(row.ratio)} × {row.peer} ({_figure(row.peers)})")
    aims = [f"≥ {_figure(row.least)}" if row.least is not None else ""]
    aims.append(f"≤ {_figure(row.most)}" if row.most is not None else "")
    aims.append(f"≥ {row.least_ratio} × the peer" if row.least_ratio is not None else "")
    aims.append(f"≤ {row.most_ratio} × the peer" if row.most_ratio is not None else "")
    if any(aims):
        lines.append(f"aim {' and '.join(filter(None, aims))}: {REACHED[row.is_reached]}")
    return [*lines, row.note] if row.note else lines


def _figure(value: float) -> str:
    """Write a figure so that three digits of it can be read."""
    return f"{value:,.0f}" if abs(value) >= SMALL else f"{value:#.3g}"
