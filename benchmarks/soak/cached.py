"""A file that stays in the system's cache, on machines that take back pages which nobody has touched for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

ROUND_SECONDS = 20.0
BYTES_AT_ONCE = 2**20


@contextmanager
def kept_cached(file: Path) -> Iterator[None]:
    """Read a file that is not empty through once in `ROUND_SECONDS`, the first time before the block begins."""
    _read_through(file, Event(), 0.0)
    is_done = Event()
    thread = Thread(target=_read_on, args=(file, is_done))
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()


def _read_on(file: Path, is_done: Event) -> None:
    """Read until it is done."""
    while not is_done.is_set():
        _read_through(file, is_done, ROUND_SECONDS)


def _read_through(file: Path, is_done: Event, seconds: float) -> None:
    """Read a file once, evenly over some seconds."""
    pause = seconds * BYTES_AT_ONCE / file.stat().st_size
    with file.open("rb", buffering=0) as opened:
        while opened.read(BYTES_AT_ONCE) and not is_done.wait(pause):
            pass
