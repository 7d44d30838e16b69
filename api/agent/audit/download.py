"""
An exported log, checked without the hub: leaf by leaf to the root that the hub has signed; on the partner's premises.

The file is JSON lines, as `casematch-hub audit export` writes it: first the signed checkpoint with the log's key, then
the leaves, each the very bytes that are hashed, or only their hashes in a sealed export.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from pydantic import ValidationError

from api.agent.audit.pin import ALARM, Pin, open_note, read_log_key
from api.agent.client import HubClient
from api.agent.errors import LogError
from api.agent.private_files import write_private
from api.wire.audit.leaves import Leaf
from api.wire.audit.messages import SignedCheckpoint
from api.wire.audit.tree import Frontier, leaf_hash

LONGEST_LINE = 65_536  # bytes: a leaf of 500 tags has 18 kB
_SEALED = re.compile(rb'\{"leaf_hash":"(?P<hash>[0-9a-f]{64})"\}')


@dataclass(frozen=True, slots=True)
class Checked:
    """
    A log that is what its checkpoint says.

    Attributes:
        size: number of entries.
        acts: how many of each action; a sealed export tells none.
        is_pinned: whether key and past were compared with what this agent has seen.
        log_key: the key that signed it.
    """

    size: int
    acts: Counter[str]
    is_pinned: bool
    log_key: str


def check_file(path: Path, pin: Pin | None) -> Checked:
    """
    Check an exported log.

    Args:
        path: the file.
        pin: what this agent has seen of the log; None when it has seen nothing yet.

    Raises:
        LogError: the file is no log, it is not what its checkpoint says, or not what this agent has seen.
    """
    is_there = False
    try:
        with path.open("rb") as file:
            is_there = True
            return check(_lines(file), pin)
    except OSError:
        if is_there:
            raise
    raise LogError("cannot be opened", code="file_absent", where="file", advice="Check its path.")


def save_log(client: HubClient, path: Path) -> int:
    """
    Download the log as it was last published to a new file for its owner alone, and check it against its checkpoint.

    Returns:
        The number of entries.

    Raises:
        PrivateFileError: there is a file already, or the folder cannot be written.
        LogError: what the hub sent is not what it signed; the file is kept, as evidence.
        HubRefusalError: only the data-protection officer may read the log.
    """
    head = client.checkpoint()
    size = open_note(head.note, read_log_key(head.log_key)).size
    leaves = islice((entry.leaf for page, _ in client.log_entries() for entry in page), size)
    first = list(islice(leaves, 1))  # a refusal comes before there is a file
    write_private(path, head.model_dump_json() + "\n", role="log")
    with path.open("a", encoding="utf-8") as file:
        file.writelines(leaf + "\n" for leaf in chain(first, leaves))
    return check_file(path, None).size


def check(lines: Iterable[bytes], pin: Pin | None) -> Checked:
    """Check the lines of an exported log; see `check_file`."""
    source = iter(lines)
    head = _head(next(source, b""))
    key = pin.log_key if pin else read_log_key(head.log_key)
    checkpoint = open_note(head.note, key)
    roots = {checkpoint.size: checkpoint.root}
    if pin is not None:
        if pin.checkpoint.size > checkpoint.size:
            raise _changed("the file ends before what this agent has seen of the log", "log_truncated")
        if roots.setdefault(pin.checkpoint.size, pin.checkpoint.root) != pin.checkpoint.root:
            raise _changed("another content than this agent has seen under the same size", "log_forked")
    acts: Counter[str] = Counter()
    frontier = Frontier()
    _require_root(frontier, roots)
    for number, line in enumerate(source):
        if number == checkpoint.size:
            raise _changed("the file holds more than its checkpoint", "log_forked")
        leaf, action = _leaf(line, number)
        acts.update([action] if action else [])
        frontier, _ = frontier.grow(leaf)
        _require_root(frontier, roots)
    if frontier.size < checkpoint.size:
        raise _changed("entries are missing at the end of the file", "log_truncated")
    return Checked(frontier.size, acts, pin is not None, key.text)


def leaf_hashes(path: Path) -> frozenset[str]:
    """Return the hashes of all leaves of a file that `check_file` has checked, each 64 hex digits."""
    with path.open("rb") as file:
        next(file)
        return frozenset(_leaf(line, number)[0].hex() for number, line in enumerate(_lines(file)))


def _require_root(frontier: Frontier, roots: dict[int, bytes]) -> None:
    """Compare the root, where one is known for this size."""
    if roots.get(frontier.size, frontier.root) != frontier.root:
        raise _changed(f"what comes before entry {frontier.size} is not what was signed", "log_forked")


def _lines(file: Iterable[bytes]) -> Iterator[bytes]:
    """Return the lines without their ends."""
    for line in file:
        yield line.removesuffix(b"\n")


def _head(line: bytes) -> SignedCheckpoint:
    """Read the first line."""
    head: SignedCheckpoint | None = None
    try:
        head = SignedCheckpoint.model_validate_json(line)
    except ValidationError:
        head = None
    if head is None:
        advice = "Have it exported with `casematch-hub audit export FILE`."
        raise LogError("not an exported log", code="log_file", where="line 1", advice=advice)
    return head


def _leaf(line: bytes, number: int) -> tuple[bytes, str]:
    """Return a leaf's hash, and its action if it is not sealed."""
    if found := _SEALED.fullmatch(line):
        return bytes.fromhex(found["hash"].decode()), ""
    leaf: Leaf | None = None
    if len(line) <= LONGEST_LINE:
        try:
            leaf = Leaf.model_validate_json(line)
        except ValidationError:
            leaf = None
    if leaf is None:
        raise LogError("not an entry of a log", code="log_file", where=f"line {number + 2}", advice=ALARM)
    return leaf_hash(line), leaf.action


def _changed(reason: str, code: str) -> LogError:
    """Return the error for a log that was changed."""
    return LogError(reason, code=code, where="file", advice=ALARM)
