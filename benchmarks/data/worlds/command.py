"""`python -m benchmarks world`: write an invented world as CSV files."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.data.worlds.files import write_world
from benchmarks.data.worlds.world import make_world


def main(arguments: Sequence[str]) -> None:
    """Read the options, make the world and name the files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks world", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="1 to 9 to develop with, 101 to 109 to test on")
    parser.add_argument("--records", type=int, default=2_000, help="rows on all lists together (default: 2000)")
    parser.add_argument("--level", choices=("L", "H"), default="H", help="careful offices, or oral intake (default)")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    asked = parser.parse_args(arguments)
    world = make_world(asked.seed, asked.records, asked.level)
    for path in write_world(world, asked.out):
        print(path)
