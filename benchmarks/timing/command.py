"""`python -m benchmarks timing`: does the time of an answer at D0 tell that somebody is on file?"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from api.hub.settings import HubSettings
from benchmarks.timing.probing import MAXIMUM_PAIRS, Timed, measure
from benchmarks.timing.separation import Separation, separation

TARGET = 0.55  # of the area: what a guesser gains is a tenth of what knowing gains
MOST_QUANTUM_MS, MOST_CLIENTS = 10_000, 32
SHIPPED_QUANTUM_MS = int(HubSettings.model_fields["answer_quantum_ms"].default)


def main(arguments: Sequence[str]) -> None:
    """Read the options, ask, and show; ends with status 1 when the target is missed."""
    asked = _read(arguments)
    with TemporaryDirectory(prefix="casematch-timing-") as folder:
        timed = measure(Path(folder) / "hub", asked.pairs, asked.clients, asked.quantum, asked.seed)
    found = {name: separation(*_kinds(timed, name)) for name in ("filing", "poll")}
    if asked.as_json:
        print(json.dumps({name: _document(timed, name, each) for name, each in found.items()}))
    else:
        print(
            f"{asked.pairs:,} hits and {asked.pairs:,} strangers; clients: {asked.clients}; quantum {asked.quantum} ms"
        )
        print("\n".join(_line(timed, name, each) for name, each in found.items()))
    sys.exit(any(each.advantage > TARGET for each in found.values()))


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks timing",
        description="File people who are on file elsewhere and strangers at a hub that tells the asker nothing, and "
        "say how well the time of its answers tells the two apart: 0.5 is chance.",
        epilog=f"Status 1: the area is above {TARGET} for filings or for polls. A busy machine delays filings beyond "
        "the quantum; what the answers then tell is told here as well.",
    )
    parser.add_argument(
        "--pairs",
        type=_from(2, MAXIMUM_PAIRS),
        default=2_000,
        metavar="N",
        help="hits, and as many strangers (default: 2,000)",
    )
    parser.add_argument(
        "--clients", type=_from(1, MOST_CLIENTS), default=1, metavar="N", help="that ask at once (default: 1)"
    )
    parser.add_argument(
        "--quantum",
        type=_from(1, MOST_QUANTUM_MS),
        metavar="MS",
        default=SHIPPED_QUANTUM_MS,
        help=f"milliseconds (default: {SHIPPED_QUANTUM_MS}, as shipped)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of people and order (default: 1)")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
    return parser.parse_args(arguments)


def _from(least: int, most: int) -> Callable[[str], int]:
    """Return how to read a number within bounds."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{least:,} to {most:,}")
        return int(text)

    return read


def _kinds(timed: Sequence[Timed], name: str) -> tuple[list[float], list[float]]:
    """Return the seconds of hits and of strangers."""
    hits, strangers = ([getattr(each, name) for each in timed if each.is_hit is kind] for kind in (True, False))
    return hits, strangers


def _line(timed: Sequence[Timed], name: str, found: Separation) -> str:
    """Say it in one line."""
    hits, strangers = (1000 * median(kind) for kind in _kinds(timed, name))
    verdict = "reached" if found.advantage <= TARGET else "missed"
    area = f"{found.auc:.3f} ({found.low:.3f}-{found.high:.3f})"
    return f"{name:<6}  AUC {area}; medians {hits:.1f} and {strangers:.1f} ms; aim {TARGET} {verdict}"


def _document(timed: Sequence[Timed], name: str, found: Separation) -> dict[str, float]:
    """Return the same as an object."""
    hits, strangers = (1000 * median(kind) for kind in _kinds(timed, name))
    return {"auc": found.auc, "low": found.low, "high": found.high, "hit_ms": hits, "stranger_ms": strangers}
