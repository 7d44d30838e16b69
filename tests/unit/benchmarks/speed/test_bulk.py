"""Bulk linkage is measured in processes of its own, encoding apart."""

import sys

import pytest

from benchmarks.speed import bulk
from benchmarks.speed.long_lists import found_share, write_for_peers, write_lists
from benchmarks.speed.spent import spent
from matcher.schema import LinkageSchema


def test_the_second_run_finds_the_first_ones_entries(monkeypatch) -> None:
    """And the same pairs."""
    monkeypatch.setitem(bulk.PEOPLE, "ci", (100,))
    after, whole, memory = bulk.rows("ci")
    assert min(after.ours, whole.ours, memory.ours) > 0
    assert after.note.split(", ")[3] == whole.note.split(", ")[3]
    assert after.is_reached is None


def test_what_was_not_named_does_not_run() -> None:
    """A million records take an hour: only the full profile asks for them."""
    assert list(bulk.rows_of_a_million("ci")) == []


@pytest.mark.parametrize("lists", [1, 2])
def test_true_pairs_are_named_as_a_peer_names_them(tmp_path, lists) -> None:
    """By the positions of rows; the peer that finds all, in whatever order, has a share of 1."""
    found = write_lists(tmp_path, 60, lists, seed=1)
    cells = write_for_peers(found, LinkageSchema.shipped("nepal"))
    assert [len(path.read_text("utf-8").splitlines()) - 1 for path in (*found.files, *cells)] == found.records * 2
    assert len(found.truth.read_text("utf-8").splitlines()) - 1 == len(found.pairs) > 0
    assert all(left < found.records[0] and right < found.records[-1] for left, right in found.pairs)
    answer = tmp_path / "answer.csv"
    answer.write_text("".join(f"{a},{b},0.9\n" if lists > 1 else f"{b},{a},0.9\n" for a, b in found.pairs), "utf-8")
    assert found_share(found, answer, 0.9, 2) == 1.0
    assert found_share(found, answer, 0.91, 2) == 0.0


def test_what_a_process_starts_is_counted_with_it(tmp_path) -> None:
    """The memory of both, and their time, though nobody waits for it."""
    child = "import time; held = bytearray(60_000_000)\nwhile time.process_time() < 0.6: pass\ntime.sleep(1)"
    parent = (
        "import os, subprocess, sys; held = bytearray(60_000_000)\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE)\n"
        "child.stdout.read(); os._exit(0)"
    )
    found = spent([sys.executable, "-c", parent], tmp_path / "printed")
    assert found.peak_mb > 120
    assert found.wall_seconds > 1.6
    assert found.cpu_seconds > 0.6


def test_a_command_that_fails_is_no_figure(tmp_path) -> None:
    """Its last line says why."""
    with pytest.raises(RuntimeError, match="no such thing"):
        spent([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path / "printed")
