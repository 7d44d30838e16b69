"""Processes that write to one SQLite file take turns."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.hub.errors import UnavailableError
from api.hub.storage.writer_lock import WriterLock

HOLDER = """
import sys, time
from pathlib import Path
from api.hub.storage.writer_lock import WriterLock
WriterLock(Path(sys.argv[1]), 5).take()
print("held", flush=True)
time.sleep(60)
"""


def test_another_process_waits_and_goes_on_when_the_holder_dies(tmp_path: Path) -> None:
    """However it ends: nothing is left to clean up."""
    database = tmp_path / "hub.sqlite3"
    root = str(Path(__file__).parents[5])
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(database)], stdout=subprocess.PIPE, env={"PYTHONPATH": root}
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        begun = time.monotonic()
        with pytest.raises(UnavailableError) as refused:
            WriterLock(database, 0.1).take()
        assert refused.value.code == "unavailable"
        assert time.monotonic() - begun >= 0.1
    finally:
        holder.kill()
        holder.communicate()
    lock = WriterLock(database, 5)
    lock.take()
    lock.give()
    again = WriterLock(database, 5)
    again.take()
    again.give()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """As a fault of the service, without a path."""
    with pytest.raises(UnavailableError) as refused:
        WriterLock(tmp_path / "absent" / "hub.sqlite3", 1).take()
    assert "absent" not in str(refused.value)
