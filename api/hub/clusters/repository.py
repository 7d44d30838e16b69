"""The tables of clusters, of their turns, and of what must not be linked."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks
from matcher.cluster.lineage import Change

Apart = Row[str, bytes, str, bytes]
End = tuple[str, bytes]  # an organisation and its reference


def add_cluster(connection: Connection, project_id: str, cluster_id: str) -> None:
    """Keep a new cluster, younger than all before."""
    table = models.cluster
    born = connection.execute(select(func.max(table.c.born)).where(table.c.project_id == project_id)).scalar() or 0
    row = {"cluster_id": cluster_id, "project_id": project_id, "born": born + 1, "merged_into": None}
    connection.execute(insert(table), [row])


def oldest_first(connection: Connection, cluster_ids: Iterable[str]) -> list[str]:
    """Return cluster ids in the order of their birth."""
    table = models.cluster.c
    query = select(table.cluster_id).where(table.cluster_id.in_(sorted(cluster_ids))).order_by(table.born)
    return list(connection.execute(query).scalars())


def merge_cluster(connection: Connection, cluster_id: str, into: str) -> None:
    """Note into which cluster another went."""
    table = models.cluster
    connection.execute(update(table).where(table.c.cluster_id == cluster_id).values(merged_into=into))


def add_turns(connection: Connection, project_id: str, changes: Sequence[Change], happened_on: date) -> None:
    """Append what happened to clusters; `other_id` is the one merged into, or split from."""
    table = models.cluster_turn
    last = connection.execute(select(func.max(table.c.number)).where(table.c.project_id == project_id)).scalar() or 0
    rows = [
        {
            "project_id": project_id,
            "number": number,
            "cluster_id": change.cluster_id,
            "turn": change.turn.value,
            "other_id": change.other_id,
            "happened_on": happened_on,
        }
        for number, change in enumerate(changes, start=last + 1)
    ]
    if rows:
        connection.execute(insert(table), rows)


def keep_apart(connection: Connection, project_id: str, purpose: str, first: End, second: End) -> None:
    """Keep that two records are not one person, once and for all; the lesser organisation id comes first."""
    row = {
        "project_id": project_id,
        "purpose": purpose,
        "first_id": first[0],
        "first_reference": first[1],
        "second_id": second[0],
        "second_reference": second[1],
    }
    table = models.must_not_link
    is_kept = select(table.c.purpose).where(*(table.c[name] == value for name, value in row.items()))
    if connection.execute(is_kept).first() is None:
        connection.execute(insert(table), [row])


def apart_among(connection: Connection, project_id: str, purpose: str, references: Sequence[bytes]) -> list[Apart]:
    """Return the pairs kept apart in which any of the references stands: both organisations and references."""
    table = models.must_not_link.c
    found: list[Apart] = []
    for chunk in in_chunks(references):
        query = select(table.first_id, table.first_reference, table.second_id, table.second_reference).where(
            table.project_id == project_id,
            table.purpose == purpose,
            or_(table.first_reference.in_(chunk), table.second_reference.in_(chunk)),
        )
        found.extend(connection.execute(query))
    return found
