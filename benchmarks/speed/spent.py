"""
What a command took: CPU time and memory of all its processes, which neighbours on the machine hardly move.

Memory is looked at while it runs: what is resident in all processes, pages that several share counted once (Linux's
proportional set size). The most that the system knows of one process is the least that is told.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread
from typing import Self

LOOK_EVERY_SECONDS = 0.5
KIBIBYTES_OF_A_MEGABYTE = 1_000_000 / 1_024
PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds of all processes, seconds of the clock, and megabytes of all processes at most."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float


def spent(command: Sequence[str], output: Path) -> Spent:
    """
    Run a command and return what it took.

    Args:
        command: its program and arguments.
        output: file that gets what it prints.

    Raises:
        RuntimeError: it failed; ends with the last line of its complaint.
    """
    with output.open("wb") as printed, TemporaryFile() as complaint:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=printed, stderr=complaint)
        with _Watch(process.pid) as watch:
            _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            complaint.seek(0)
            last = (complaint.read().decode(errors="replace").strip().splitlines() or ["no message"])[-1]
            raise RuntimeError(f"a measured command failed: {last}")
    peak = max(usage.ru_maxrss, watch.most_kibibytes) / KIBIBYTES_OF_A_MEGABYTE
    return Spent(usage.ru_utime + usage.ru_stime, wall, peak)


class _Watch:
    """Looks at the memory of a process and of all that it started, from a thread of its own."""

    def __init__(self, pid: int) -> None:
        """Name the process."""
        self.most_kibibytes = 0
        self._pid, self._is_done, self._thread = pid, Event(), Thread(target=self._look)

    def __enter__(self) -> Self:
        """Start looking."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop looking."""
        self._is_done.set()
        self._thread.join()

    def _look(self) -> None:
        """Look again and again."""
        while not self._is_done.wait(LOOK_EVERY_SECONDS):
            self.most_kibibytes = max(self.most_kibibytes, sum(map(_resident_kibibytes, _family(self._pid))))


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started, as far as they still run."""
    yield pid
    for path in (PROCESSES / str(pid) / "task").glob("*/children"):
        for child in _text(path).split():
            yield from _family(int(child))


def _resident_kibibytes(pid: int) -> int:
    """Return what a process holds; 0 when it is gone, and where no such thing is told."""
    for line in _text(PROCESSES / str(pid) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _text(path: Path) -> str:
    """Return what a file of the system says; nothing once its process is gone."""
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""
