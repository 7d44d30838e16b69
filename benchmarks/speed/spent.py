"""
What a command took: CPU time and memory of all its processes, which neighbours on the machine hardly move.

Both are looked at while it runs. Memory is what is resident in all processes, pages that several share counted once
(Linux's proportional set size); the most that the system knows of one process is the least that is told. CPU time is
the system's, which knows nothing of processes that nobody waited for, such as Spark's: where the sum of what was seen
of each process is more, that is told.
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
    return Spent(max(usage.ru_utime + usage.ru_stime, watch.cpu_seconds()), wall, peak)


class _Watch:
    """Looks at memory and CPU time of a process and of all that it started, from a thread of its own."""

    def __init__(self, pid: int) -> None:
        """Name the process."""
        self.most_kibibytes = 0
        self._ticks: dict[int, int] = {}
        self._pid, self._is_done, self._thread = pid, Event(), Thread(target=self._look)

    def __enter__(self) -> Self:
        """Start looking."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop looking."""
        self._is_done.set()
        self._thread.join()

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all processes as they were last seen."""
        return sum(self._ticks.values()) / os.sysconf("SC_CLK_TCK")

    def _look(self) -> None:
        """Look again and again."""
        while not self._is_done.wait(LOOK_EVERY_SECONDS):
            family = list(_family(self._pid))
            self.most_kibibytes = max(self.most_kibibytes, sum(map(_resident_kibibytes, family)))
            for pid in family:
                self._ticks[pid] = max(self._ticks.get(pid, 0), _ticks(pid))


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


def _ticks(pid: int) -> int:
    """Return the CPU time of a process alone, in the system's ticks; 0 when it is gone."""
    told = _text(PROCESSES / str(pid) / "stat").rpartition(")")[2].split()
    return sum(map(int, told[11:13]))  # proc(5): utime and stime, counted from behind the name


def _text(path: Path) -> str:
    """Return what a file of the system says; nothing once its process is gone."""
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""
