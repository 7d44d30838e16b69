"""The tables of the audit log."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks
from api.wire.audit.tree import HASH_BYTES, Frontier, Node, last_leaf

# made once, as every act asks them: to build a statement takes longer than to run it
_LOCK_HEAD = select(models.audit_head.c.size, models.audit_head.c.frontier).with_for_update()
_MOVE_HEAD = update(models.audit_head)
_ADD_ENTRIES, _ADD_OBJECTS = insert(models.audit_entry), insert(models.audit_object)


def lock_head(connection: Connection) -> Frontier | None:
    """
    Return the log's head, and hold it until the transaction ends: acts are appended one after the other.

    Returns:
        None when the log has no head, as in a database that was tampered with.
    """
    row = connection.execute(_LOCK_HEAD).one_or_none()
    if row is None:
        return None
    hashes = tuple(bytes(row.frontier[start : start + HASH_BYTES]) for start in range(0, len(row.frontier), HASH_BYTES))
    return Frontier(row.size, hashes)


def append(
    connection: Connection,
    frontier: Frontier,
    entries: Sequence[Mapping[str, Any]],
    objects: Sequence[Mapping[str, Any]],
) -> None:
    """Add entries with the tags of their objects, and move the head."""
    connection.execute(_ADD_ENTRIES, list(entries))
    if objects:
        connection.execute(_ADD_OBJECTS, list(objects))
    connection.execute(_MOVE_HEAD, {"size": frontier.size, "frontier": b"".join(frontier.hashes)})


def node_hashes(connection: Connection, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """Return the hashes of perfect subtrees; those that the log does not have are left out."""
    by_number: dict[int, list[Node]] = {}
    for node in nodes:
        by_number.setdefault(last_leaf(node), []).append(node)
    table = models.audit_entry.c
    found: dict[Node, bytes] = {}
    for chunk in in_chunks(sorted(by_number)):
        for row in connection.execute(select(table.number, table.hashes).where(table.number.in_(chunk))):
            for node in by_number[row.number]:
                start = node[0] * HASH_BYTES
                found[node] = bytes(row.hashes[start : start + HASH_BYTES])
    return found


def entries_from(connection: Connection, first: int, limit: int) -> list[Row[int, str]]:
    """Return numbers and leaves from a number on, in order."""
    table = models.audit_entry.c
    query = select(table.number, table.leaf).where(table.number >= first).order_by(table.number).limit(limit)
    return list(connection.execute(query))


def leaves_about(connection: Connection, tags: Sequence[bytes]) -> list[tuple[bytes, str]]:
    """Return the leaves that hold any of the tags, each with the tag, oldest first."""
    entry, about = models.audit_entry.c, models.audit_object.c
    found: list[tuple[int, bytes, str]] = []
    for chunk in in_chunks(tags):
        query = (
            select(about.tag, entry.leaf, entry.number)
            .join_from(models.audit_object, models.audit_entry, entry.number == about.number)
            .where(about.tag.in_(chunk))
        )
        found.extend((row.number, bytes(row.tag), row.leaf) for row in connection.execute(query))
    return [(tag, leaf) for _, tag, leaf in sorted(found)]


def size(connection: Connection) -> int:
    """Return how many entries the log has, without holding it."""
    return connection.execute(select(models.audit_head.c.size)).scalar_one_or_none() or 0


def last_checkpoint(connection: Connection) -> Row[int, bytes, date] | None:
    """Return size, root and day of the newest checkpoint."""
    table = models.audit_checkpoint.c
    query = select(table.size, table.root, table.published_on).order_by(table.size.desc()).limit(1)
    return connection.execute(query).one_or_none()


def root_at(connection: Connection, size: int) -> bytes | None:
    """Return the root of the checkpoint of a size, or None when none was published."""
    table = models.audit_checkpoint.c
    found = connection.execute(select(table.root).where(table.size == size)).scalar_one_or_none()
    return None if found is None else bytes(found)


def add_checkpoint(connection: Connection, size: int, root: bytes, published_on: date) -> None:
    """Keep a checkpoint that is being published."""
    row = {"size": size, "root": root, "published_on": published_on}
    connection.execute(insert(models.audit_checkpoint), [row])


def cosignatures(connection: Connection, size: int) -> list[Row[str, str, bytes]]:
    """Return witness, organisation and signature line of all cosignatures of a checkpoint."""
    table = models.audit_cosignature.c
    query = select(table.witness, table.organisation_id, table.signature).where(table.size == size)
    return list(connection.execute(query.order_by(table.witness)))


def owner_of_witness(connection: Connection, witness: str) -> str | None:
    """Return the organisation that cosigned first under the name of a witness, below whichever checkpoint."""
    table = models.audit_cosignature.c
    query = select(table.organisation_id).where(table.witness == witness).order_by(table.size).limit(1)
    return connection.execute(query).scalar_one_or_none()


def add_cosignature(connection: Connection, size: int, witness: str, organisation_id: str, signature: bytes) -> None:
    """Keep a witness's cosignature."""
    row = {"size": size, "witness": witness, "organisation_id": organisation_id, "signature": signature}
    connection.execute(insert(models.audit_cosignature), [row])
