"""What a run under load came to, as JSON can hold it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.speed.levels import growth, levels
from benchmarks.speed.load import Answers, percentile

PARTS = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class Marks:
    """
    What is used at one moment.

    Attributes:
        memory_bytes: of all processes of the hub, pages they share counted for each.
        cpu_seconds: of them, since they started.
        file_bytes: of SQLite's file.
        log_bytes: of its write-ahead log.
    """

    memory_bytes: int
    cpu_seconds: float
    file_bytes: int
    log_bytes: int


def summary(answers: Answers, begun: Marks, ended: Marks, seconds: float) -> dict[str, Any]:
    """Return counts, times, errors and what was used, from first to last."""
    requests = len(answers.all_ms) + sum(answers.errors.values())
    return {
        "seconds": seconds,
        "filings": len(answers.filing_ms),
        "polls": len(answers.poll_ms),
        "errors": dict(answers.errors),
        "filing_ms": _times(answers.filing_ms),
        "poll_ms": _times(answers.poll_ms),
        "all_ms": _times(answers.all_ms),
        "cpu_ms_a_request": round((ended.cpu_seconds - begun.cpu_seconds) * 1_000 / max(1, requests), 2),
        "begun": asdict(begun),
        "ended": asdict(ended),
        "memory_growth": round(growth(answers.samples), 4),
        "memory_by_tenths": [round(level) for level in levels(answers.samples)],
    }


def _times(times: Sequence[float]) -> dict[str, float]:
    """Return percentiles and the greatest of some times, ms."""
    found = {f"p{part}": round(percentile(times, part), 1) for part in PARTS}
    return {**found, "greatest": round(max(times, default=0.0), 1)}
