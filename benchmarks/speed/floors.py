"""Floors of speed: ratios to a peer of the same run that every change must keep, from `benchmarks/floors.toml`."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.speed.row import Row

FILE = Path(__file__).parents[1] / "floors.toml"


def broken(found: Mapping[str, Sequence[Row]]) -> list[str]:
    """
    Return what is not kept, a line for each.

    A row whose peer did not run breaks nothing: machines without network are no loss of speed.

    Args:
        found: the rows of the groups that ran.
    """
    with FILE.open("rb") as file:
        floors = tomllib.load(file)["speed"]
    return [line for name, rows in found.items() for line in _below(floors.get(name, {}), rows)]


def _below(floors: Mapping[str, Mapping[str, float]], rows: Sequence[Row]) -> Iterator[str]:
    """Yield a line for each row of a group that is beyond its bound."""
    for row in rows:
        bounds = floors.get(row.work, {})
        if row.ratio is None:
            continue
        if row.ratio < bounds.get("least", 0.0):
            yield f"{row.work}: {row.ratio:.3f} × {row.peer}, at least {bounds['least']}"
        if row.ratio > bounds.get("most", float("inf")):
            yield f"{row.work}: {row.ratio:.3f} × {row.peer}, at most {bounds['most']}"
