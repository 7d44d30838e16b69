"""An exported log is checked without the hub: whole, sealed, cut, changed, older, or no log at all."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from api.agent.audit import download, pin, report
from api.agent.client import HubClient
from api.agent.errors import LogError
from api.wire.audit.leaves import PADDING
from api.wire.audit.messages import LogEntry
from api.wire.audit.tree import leaf_hash

Lines = list[bytes]


class ServedLog:
    """A hub's log as a client reads it, one leaf longer than the checkpoint by now."""

    def __init__(self, log: Any) -> None:
        self.checkpoint = log.checkpoint
        self._leaves = (*log.leaves, log.leaves[0])

    def log_entries(self) -> Iterator[tuple[list[LogEntry], str]]:
        """Yield one page."""
        yield [LogEntry(number=number, leaf=leaf) for number, leaf in enumerate(self._leaves)], ""


def exported(log: Any, leaves: Sequence[str] | None = None) -> Lines:
    """Return the lines of an export; the checkpoint is that of the whole log."""
    head = log.checkpoint().model_dump_json().encode()
    return [head, *(leaf.encode() for leaf in (log.leaves if leaves is None else leaves))]


def pinned(log: Any) -> pin.Pin:
    """Return what an agent has pinned that looked at the log now."""
    return pin.Pin(log.key.verifier, log.head().text, log.checkpoint().note)


def test_a_whole_log_is_found_whole(log: Any, leaf: Callable[..., str]) -> None:
    """With and without anything pinned; the acts are counted, and padding is none."""
    log.leaves.append(leaf(PADDING))
    seen = pinned(log)
    log.add(3)
    for pin_of in (None, seen):
        checked = download.check(exported(log), pin_of)
        assert (checked.size, checked.is_pinned) == (24, pin_of is not None)
        assert checked.acts == {"entries_file": 23, PADDING: 1}
    told = report.describe_log(checked)
    assert "continues what this agent has seen" in told
    assert "23" in told
    assert PADDING not in told


def test_a_sealed_log_is_verified_and_says_nothing(log: Any) -> None:
    """Hashes alone make the same root."""
    sealed = [json.dumps({"leaf_hash": leaf_hash(leaf.encode()).hex()}, separators=(",", ":")) for leaf in log.leaves]
    checked = download.check(exported(log, sealed), pinned(log))
    assert (checked.size, dict(checked.acts)) == (20, {})


@pytest.mark.parametrize("what", ["edit", "delete", "reorder", "truncate", "append"])
def test_a_changed_file_is_noticed(log: Any, leaf: Callable[..., str], what: str) -> None:
    """Whether or not anything is pinned, for the checkpoint is signed."""
    leaves = list(log.leaves)
    if what == "edit":
        leaves[7] = leaf()
    elif what == "delete":
        del leaves[7]
    elif what == "reorder":
        leaves[7], leaves[8] = leaves[8], leaves[7]
    elif what == "truncate":
        del leaves[12:]
    else:
        leaves.append(leaf())
    for pin_of in (None, pinned(log)):
        with pytest.raises(LogError) as caught:
            download.check(exported(log, leaves), pin_of)
        assert caught.value.code == ("log_truncated" if what in {"truncate", "delete"} else "log_forked")


def test_a_downloaded_log_is_checked_and_for_its_owner_alone(log: Any, tmp_path: Path) -> None:
    """As the hub serves it, dash of the signature line and all; what came after the checkpoint is left out."""
    saved = tmp_path / "log.jsonl"
    assert download.save_log(cast("HubClient", ServedLog(log)), saved) == len(log.leaves)
    assert download.check_file(saved, pinned(log)).is_pinned
    assert saved.stat().st_mode & 0o077 == 0


def test_another_past_than_was_seen_is_noticed(log: Any, leaf: Callable[..., str]) -> None:
    """A log that is whole in itself, and signed, but not the one that this agent knows."""
    seen = pinned(log)
    log.leaves[5] = leaf()
    log.add(9)
    assert download.check(exported(log), None).size == 29
    with pytest.raises(LogError) as caught:
        download.check(exported(log), seen)
    assert caught.value.code == "log_forked"
    del log.leaves[20:]
    with pytest.raises(LogError) as caught:
        download.check(exported(log), seen)
    assert caught.value.code == "log_forked"


def test_a_log_older_than_what_was_seen_is_refused(log: Any) -> None:
    """It would hide what came after."""
    older = exported(log)
    log.add(4)
    with pytest.raises(LogError) as caught:
        download.check(older, pinned(log))
    assert caught.value.code == "log_truncated"


def test_another_signature_is_refused(log: Any) -> None:
    """With a pinned key, the file's own is worth nothing."""
    stranger = type(log)(leaves=list(log.leaves))
    with pytest.raises(LogError) as caught:
        download.check(exported(stranger), pinned(log))
    assert caught.value.code == "signature_missing"


@pytest.mark.parametrize("line", [b"", b"{}", b"Sabitri Mijar", b"\xff\xfe", b'{"leaf_hash":"xy"}'])
def test_what_is_no_log_is_refused_without_showing_it(log: Any, line: bytes) -> None:
    """At the head or further down, the line's number is told and nothing else."""
    for lines, where in (([line], "line 1"), ([*exported(log)[:4], line], "line 5")):
        with pytest.raises(LogError) as caught:
            download.check(lines, None)
        assert (caught.value.code, caught.value.where) == ("log_file", where)
        assert "Sabitri" not in str(caught.value)


def test_a_file_is_read_line_by_line(tmp_path: Path, log: Any) -> None:
    """As `casematch-hub audit export` writes it; a missing one is told plainly."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in exported(log)))
    assert download.check_file(path, pinned(log)).size == 20
    with pytest.raises(LogError) as caught:
        download.check_file(tmp_path / "absent", None)
    assert caught.value.code == "file_absent"
