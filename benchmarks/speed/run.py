"""Measure what casematch costs and print it: `python -m benchmarks speed`."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from benchmarks.speed import comparing, encoding, growing
from benchmarks.speed.row import Profile, Row

GROUPS: Mapping[str, Callable[[Profile], Iterator[Row]]] = {  # one file each
    "encoding": encoding.rows,
    "comparing": comparing.rows,
    "growing": growing.rows,
}
REACHED = {True: "reached", False: "not reached", None: "cannot tell"}


def run(profile: str, *, as_json: bool) -> None:
    """
    Print the rows.

    Args:
        profile: ci (a minute or two) or full.
        as_json: print one object instead of text.
    """
    found = {name: list(rows(cast("Profile", profile))) for name, rows in GROUPS.items()}
    if as_json:
        print(json.dumps({name: [row.document() for row in rows] for name, rows in found.items()}, indent=1))
        return
    print(f"Speed, profile {profile}: medians of five runs, least and greatest in brackets")
    for row in (row for rows in found.values() for row in rows):
        print("\n    ".join(["", *lines_of(row)]).removeprefix("\n    "))


def lines_of(row: Row) -> list[str]:
    """Return what is said of one row: the work, our figure, the peer's, the aims and the note."""
    least, greatest = row.spread
    lines = [row.work, f"{row.ours:,.0f} {row.unit} ({least:,.0f}–{greatest:,.0f})"]
    if row.ratio is not None:
        lines.append(f"{row.ratio:.2f} × {row.peer} ({row.peers:,.0f})")
    aims = [f"≥ {row.least:,.0f}" if row.least is not None else ""]
    aims.append(f"≥ {row.least_ratio} × the peer" if row.least_ratio is not None else "")
    if any(aims):
        lines.append(f"aim {' and '.join(filter(None, aims))}: {REACHED[row.is_reached]}")
    return [*lines, row.note] if row.note else lines
