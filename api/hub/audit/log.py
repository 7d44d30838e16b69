"""
Acts are appended to the log in the transaction of what they are about, and the log is published once a day; hub.

Fail closed: when an act cannot be written, its transaction is undone, and the answer is 503 and discloses nothing.
What the log shows of its growth must not tell that somebody somewhere had something to act on: it is published with
the first question of a day, filled up with padding to a whole number of buckets. Why so: docs/decisions/0011.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from api.hub.audit import repository
from api.hub.audit.acts import Act, HubAct, leaf_of, padding_leaf
from api.hub.context import Hub
from api.hub.errors import UnavailableError
from api.hub.metrics import count_act
from api.hub.policy import Action, Actor
from api.wire.audit.leaves import Leaf
from api.wire.audit.tree import leaf_hash

_OF_ENTRIES = frozenset({Action.ENTRIES_FILE, Action.ENTRIES_ERASE, HubAct.ENTRIES_EXPIRE})


def append(
    connection: Connection, hub: Hub, actor: Actor, acts: Sequence[Act], project_id: str | None = None
) -> list[Leaf]:
    """
    Write acts down, and return their leaves; the last thing in their transaction: the log's head is held until it ends.

    Args:
        connection: the open writing transaction of what the acts are about.
        hub: gives key and day.
        actor: who acts.
        acts: in order; nothing happens when there are none.
        project_id: the project concerned; the actor's own when it is left out.

    Raises:
        UnavailableError: they cannot be written; the transaction must not go on.
    """
    project = actor.project_id if project_id is None else project_id
    leaves = [leaf_of(hub.key, hub.today(), actor, act, project) for act in acts]
    _write(connection, leaves)
    for act in acts:
        count_act(act.action.value, act.decision, act.count if act.action in _OF_ENTRIES else 0)
    return leaves


def publish(connection: Connection, today: date, bucket: int) -> None:
    """
    Publish the log as it stands, once a day: fill its last bucket up, and keep the checkpoint.

    A bucket of padding alone is added when nothing happened, so that the published size tells no more than how many
    whole buckets were filled.

    Raises:
        UnavailableError: it cannot be written.
    """
    size = _head_size(connection)
    newest = repository.last_checkpoint(connection)
    if newest is not None and newest.published_on >= today:
        return
    _write(connection, [padding_leaf(today) for _ in range(bucket - size % bucket)])
    frontier = repository.lock_head(connection)
    if frontier is not None:
        repository.add_checkpoint(connection, frontier.size, frontier.root, today)


def _head_size(connection: Connection) -> int:
    """Hold the log's head, and return its size."""
    frontier = repository.lock_head(connection)
    if frontier is None:
        raise UnavailableError("the audit log has no head", code="audit_unavailable")
    return frontier.size


def _write(connection: Connection, leaves: Sequence[Leaf]) -> None:
    """Append leaves, or refuse to go on."""
    if not leaves:
        return
    is_written = False
    try:
        is_written = _append(connection, leaves)
    except SQLAlchemyError:
        is_written = False
    if not is_written:
        raise UnavailableError("the audit log cannot be written, so nothing is done", code="audit_unavailable")


def _append(connection: Connection, leaves: Sequence[Leaf]) -> bool:
    """Append leaves with the hashes they complete; tell whether there was a log to append to."""
    frontier = repository.lock_head(connection)
    if frontier is None:
        return False
    entries: list[dict[str, Any]] = []
    objects: list[dict[str, Any]] = []
    for leaf in leaves:
        number, text = frontier.size, leaf.canonical()
        frontier, completed = frontier.grow(leaf_hash(text.encode()))
        entries.append({"number": number, "leaf": text, "hashes": b"".join(completed)})
        objects.extend({"tag": bytes.fromhex(tag), "number": number} for tag in leaf.objects)
    repository.append(connection, frontier, entries, objects)
    return True
