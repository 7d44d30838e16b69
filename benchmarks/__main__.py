"""Run a benchmark: `python -m benchmarks NAME [--profile ci|full] [--json]`; `world` has options of its own."""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from typing import cast

BENCHMARKS = ("names",)
COMMANDS = {
    "speed": "benchmarks.speed.command",
    "soak": "benchmarks.soak.command",
    "world": "benchmarks.data.worlds.command",
    "fit": "benchmarks.quality.fit_command",
    "quality": "benchmarks.quality.command",
    "attacks": "benchmarks.attacks.command",
    "timing": "benchmarks.timing.command",
}  # these read a command line of their own
Run = Callable[..., None]


def main() -> None:
    """Read the command line and run one benchmark."""
    if len(sys.argv) > 1 and sys.argv[1] in COMMANDS:
        cast("Run", import_module(COMMANDS[sys.argv[1]]).main)(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("--profile", choices=("ci", "full"), default="ci", help="seconds or minutes (default: ci)")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
    asked = parser.parse_args()
    run = cast("Run", import_module(f"benchmarks.{asked.name}.run").run)
    run(asked.profile, as_json=asked.as_json)


if __name__ == "__main__":
    main()
