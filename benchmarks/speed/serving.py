"""Programs that answer HTTP, each as its own processes: a hub, and the stub it is held against."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

from api.hub.settings import HubSettings

ROOT = Path(__file__).parents[2]
HUB = "from api.hub.cli import app; app(prog_name='casematch-hub')"
START_SECONDS = 120
LOOK_SECONDS = 0.01  # between two looks whether it is ready
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class NotServedError(Exception):
    """A program did not begin to answer; its log says why."""


@dataclass(frozen=True, slots=True)
class Served:
    """
    A program that answers.

    Attributes:
        url: where.
        process: the first of its processes, which leads a session of its own.
        ready_seconds: how long it took from its start to its first good answer.
    """

    url: str
    process: int
    ready_seconds: float

    def cpu_seconds(self) -> float:
        """Return the CPU time that its processes have used, those that ended left out; of Linux."""
        return sum(int(stat[11]) + int(stat[12]) for stat in self._stats()) / TICKS

    def memory_bytes(self) -> int:
        """Return the memory that its processes hold, pages they share counted for each; of Linux."""
        return sum(int(stat[21]) for stat in self._stats()) * PAGE_BYTES

    def _stats(self) -> Iterator[list[str]]:
        """Yield the fields of `/proc/PID/stat` from the third on, for each process of the session."""
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it may have ended meanwhile
                fields = path.read_text().rpartition(") ")[2].split()
                if int(fields[3]) == self.process:
                    yield fields


@contextmanager
def served_hub(settings: HubSettings, workers: int = 1) -> Iterator[Served]:
    """Serve a hub whose answers leave at once."""
    environment = {
        "CASEMATCH_HUB_DATA_DIR": str(settings.data_dir),
        "CASEMATCH_HUB_DATABASE": settings.database,
        "CASEMATCH_HUB_ANSWER_QUANTUM_MS": "0",
        "CASEMATCH_HUB_INSECURE_DEVELOPMENT": "1",  # time tells what meets
    }
    program = [HUB, "serve", "--workers", str(workers), "--port"]
    with _served(program, environment, settings.data_dir / "serve.log", "/readyz") as served:
        yield served


@contextmanager
def served_stub(folder: Path, workers: int = 1) -> Iterator[Served]:
    """Serve the stub."""
    program = [f"import benchmarks.speed.stub as stub; stub.serve({workers})"]
    with _served(program, {}, folder / "stub.log", "/v1/meetings") as served:
        yield served


@contextmanager
def _served(program: Sequence[str], environment: dict[str, str], log: Path, probe: str) -> Iterator[Served]:
    """Start a program that takes a port as its last argument, wait until it answers, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, started = f"http://127.0.0.1:{port}", time.monotonic()
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", *program, str(port)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield Served(url, process.pid, _ready(process, url + probe, started) - started)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=START_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _ready(process: "subprocess.Popen[bytes]", url: str, started: float) -> float:
    """Wait until a program answers well; return when it did."""
    with httpx2.Client(trust_env=False, timeout=START_SECONDS) as client:
        while time.monotonic() - started < START_SECONDS and process.poll() is None:
            with suppress(httpx2.TransportError):
                if client.get(url).is_success:
                    return time.monotonic()
            time.sleep(LOOK_SECONDS)
    raise NotServedError(f"{url} does not answer")
