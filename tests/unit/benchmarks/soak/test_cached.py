"""A file is kept in the system's cache for as long as it is asked, and no longer."""

import threading
import time
from pathlib import Path

from benchmarks.soak import cached


def test_a_file_is_read_again_and_again_until_the_block_ends(tmp_path: Path, monkeypatch) -> None:
    """Once before the block, then in a thread that ends with it; every time the whole of it."""
    file, read = tmp_path / "file", []
    file.write_bytes(b"x" * (3 * cached.BYTES_AT_ONCE + 1))
    whole = cached._read_through  # noqa: SLF001 - counted here, and called as it is

    def counted(path: Path, is_done: threading.Event, seconds: float) -> None:
        whole(path, is_done, seconds)
        read.append(seconds)

    monkeypatch.setattr(cached, "_read_through", counted)
    monkeypatch.setattr(cached, "ROUND_SECONDS", 0.01)
    threads = threading.active_count()
    with cached.kept_cached(file):
        assert read[0] == 0.0
        while len(read) < 4:
            time.sleep(0.001)
    assert threading.active_count() == threads
    assert set(read[1:]) == {0.01}
