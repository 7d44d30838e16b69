"""
The log as a file of JSON lines: the signed checkpoint with the log's key, then every leaf it stands for; hub.

A leaf's line is the very text that is hashed. A sealed export has the hashes alone: whoever gets it can check that
nothing was changed, and reads nothing, for every leaf hides behind a nonce.
"""

import json
import os
import stat
from pathlib import Path

from api.hub.audit import service
from api.hub.context import Hub
from api.hub.errors import SetupError
from api.hub.policy import Actor
from api.wire.audit.checkpoint import Checkpoint
from api.wire.audit.notes import Note
from api.wire.audit.tree import leaf_hash


def write_log(hub: Hub, actor: Actor, path: Path, *, is_sealed: bool) -> int:
    """
    Write the log as it was last published to a new file that only its owner may read.

    Returns:
        The number of entries.

    Raises:
        SetupError: there is a file already, or it cannot be written.
        UnavailableError: the export cannot be written down in the log itself.
    """
    head = service.checkpoint(hub)
    size = Checkpoint.read(Note.read(head.note).text).size
    descriptor = -1
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    except OSError:
        descriptor = -1
    if descriptor < 0:
        raise SetupError("the file is there already, or cannot be written", code="file_exists")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(json.dumps(head.model_dump()) + "\n")
        for leaf in service.leaves(hub, actor, size):
            file.write((_sealed(leaf) if is_sealed else leaf) + "\n")
    return size


def _sealed(leaf: str) -> str:
    """Return what stands for a leaf in a sealed export."""
    return json.dumps({"leaf_hash": leaf_hash(leaf.encode()).hex()}, separators=(",", ":"))
