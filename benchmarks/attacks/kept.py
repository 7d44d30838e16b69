"""
What cells of the table found, kept as it comes in a file of JSON lines: a stopped run goes on where it was.

A file is for one state of the code: whoever changes an attack or an encoding takes a new one.
"""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.attacks.encodings.kinds import Encoding
from benchmarks.attacks.population import Data, duplicates
from benchmarks.attacks.trial import Outcome, Trial


@dataclass(frozen=True, slots=True)
class Run:
    """
    What one cell found under one seed.

    Attributes:
        outcomes: its rates.
        cpu_seconds: of this process, over all its threads.
    """

    outcomes: tuple[Outcome, ...]
    cpu_seconds: float


class KeptRuns:
    """
    Runs that are kept.

    Args:
        file: JSON lines, made when it is missing; None keeps in memory alone.
    """

    def __init__(self, file: Path | None = None) -> None:
        """Read what is kept; a last line that was cut off is taken away."""
        self._file = file
        self._found: dict[str, dict[str, Any]] = {}
        if file is not None and file.exists():
            *lines, cut_off = file.read_text(encoding="utf-8").split("\n")
            self._found = {kept["key"]: kept for kept in map(json.loads, lines)}
            if cut_off:
                file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def find(self, trial: Trial, seed: int) -> Run | None:
        """Return what a cell found under a seed; None when it was not run."""
        kept = self._found.get(_key_of(trial, seed))
        if kept is None:
            return None
        return Run(tuple(Outcome(**each) for each in kept["outcomes"]), kept["cpu_seconds"])

    def runs(self, trial: Trial, seeds: Sequence[int]) -> list[tuple[int, Run]]:
        """Return under which of these seeds a cell was run, with what it found."""
        return [(seed, run) for seed in seeds if (run := self.find(trial, seed)) is not None]

    def run(self, trial: Trial, seed: int) -> None:
        """Run a cell under a seed if that was not done, and tell on standard error what it took."""
        key = _key_of(trial, seed)
        if key not in self._found:
            started = time.process_time()
            outcomes = trial.run(trial, seed)
            seconds = time.process_time() - started
            self._keep({"key": key, "outcomes": [asdict(each) for each in outcomes], "cpu_seconds": seconds})
            told = ", ".join(f"{each.what} {each.rate:.4f}" for each in outcomes)
            print(f"{key}: {seconds:.0f} s of CPU; {told}", file=sys.stderr, flush=True)

    def find_linkage_f1(self, encoding: Encoding[Any], data: Data, records: int) -> float | None:
        """Return the linkage F1 of an encoding; None when it was not measured, or the encoding links nothing."""
        kept = self._found.get(_linkage_key(encoding, data, records))
        return None if kept is None else kept["f1"]

    def measure_linkage(self, encoding: Encoding[Any], data: Data, records: int, seed: int) -> None:
        """Measure what an encoding links on records of some seed, if that was not done."""
        key = _linkage_key(encoding, data, records)
        if key not in self._found:
            self._keep({"key": key, "f1": encoding.linkage_f1(duplicates(data, records, seed), seed)})

    def _keep(self, found: dict[str, Any]) -> None:
        """Keep one line."""
        self._found[found["key"]] = found
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(found) + "\n")


def _key_of(trial: Trial, seed: int) -> str:
    """Return what tells a cell under a seed from all others."""
    return _joined(
        trial.attack,
        trial.run.__name__,
        trial.role,
        trial.encoding.name,
        trial.data,
        trial.people,
        f"{trial.overlap:.0%}",
        trial.known_pairs,
        f"seed {seed}",
    )


def _linkage_key(encoding: Encoding[Any], data: Data, records: int) -> str:
    """Return the same for the linkage F1 of an encoding."""
    return _joined("linkage", encoding.name, data, records)


def _joined(*parts: object) -> str:
    """Join the parts of a key."""
    return " | ".join(map(str, parts))
