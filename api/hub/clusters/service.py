"""
Clusters worked out anew around what has changed; hub.

Links are the live matches that no review has found to be two people; what a review keeps apart never shares a cluster,
however it is linked. A match whose link has to be left out for that stands apart, in no cluster.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.hub.clusters import repository
from api.hub.context import Hub
from matcher.cluster.components import Components, Link, components
from matcher.cluster.lineage import Change, Cluster, Lineage, Turn, follow

NO_CLUSTER = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """A match as a cluster knows it; `first` and `second` are `node` names of its two records."""

    match_id: str
    cluster_id: str
    strength: int
    first: str
    second: str


def node(purpose: str, organisation_id: str, reference: bytes) -> str:
    """Name a record within a project; purposes are disjoint, so it is part of the name."""
    return f"{purpose}/{organisation_id}/{reference.hex()}"


def recluster(
    connection: Connection, hub: Hub, project_id: str, before: Sequence[Linked], now: Sequence[Linked]
) -> dict[str, str]:
    """
    Work out the clusters anew, and keep their lineage and history.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the day.
        project_id: the project.
        before: all matches that hang together with what changes, as they were.
        now: the same without those that went, and with those that came.

    Returns:
        The new cluster of each match that stands in another now; writing it is left to the caller.
    """
    found = _parts(now, _apart(connection, project_id, now))
    members = _members(before)
    previous = [Cluster(name, members[name]) for name in repository.oldest_first(connection, members)]
    lineage = _follow(previous, found)
    _write(connection, project_id, lineage.changes)
    repository.add_turns(connection, project_id, lineage.changes, hub.today())
    return _moved(now, found, lineage)


def recluster_own(
    connection: Connection, project_id: str, organisation_id: str, before: Sequence[Linked], now: Sequence[Linked]
) -> dict[str, str]:
    """
    Work out the clusters that an organisation is shown, from its own matches and its own reviews alone.

    Ids are random, and of this organisation alone. When two clusters become one, the larger keeps its id.

    Args:
        connection: an open transaction.
        project_id: the project.
        organisation_id: one side of all these matches.
        before: its matches that may hang together with what changes, in the clusters that it was shown.
        now: the same without those that went, and with those that came.

    Returns:
        The new cluster of each match that stands in another now; writing it is left to the caller.
    """
    apart = [
        pair for pair in _apart(connection, project_id, now) if organisation_id in {name.split("/")[1] for name in pair}
    ]
    found = _parts(now, apart)
    largest_first = sorted(_members(before).items(), key=lambda each: (-len(each[1]), each[0]))
    return _moved(now, found, _follow([Cluster(*each) for each in largest_first], found))


def is_kept_apart(
    connection: Connection, project_id: str, purpose: str, first: repository.End, second: repository.End
) -> bool:
    """Tell whether a review has found two records not to be one person; the lesser organisation id comes first."""
    rows = repository.apart_among(connection, project_id, purpose, [first[1]])
    pairs = {((row.first_id, bytes(row.first_reference)), (row.second_id, bytes(row.second_reference))) for row in rows}
    return (first, second) in pairs


def was_parted_from(
    connection: Connection, project_id: str, purpose: str, end: repository.End, organisation_id: str
) -> bool:
    """Tell whether a review has found a record not to be one person with some record of an organisation."""
    found = parted_from(connection, project_id, purpose, end[0], [end[1]])
    return any(name == organisation_id for _, (name, _) in found)


def parted_from(
    connection: Connection, project_id: str, purpose: str, organisation_id: str, references: Sequence[bytes]
) -> set[tuple[bytes, repository.End]]:
    """Return references of an organisation, each with a record that a review has found not to be that person."""
    found: set[tuple[bytes, repository.End]] = set()
    for row in repository.apart_among(connection, project_id, purpose, references):
        first, second = (row.first_id, bytes(row.first_reference)), (row.second_id, bytes(row.second_reference))
        for own, other in ((first, second), (second, first)):
            if own[0] == organisation_id:
                found.add((own[1], other))
    return found


def _parts(matches: Iterable[Linked], apart: Iterable[tuple[str, str]]) -> Components:
    """Return the records that hang together, without joining what must stay apart."""
    return components([Link(match.first, match.second, strength=match.strength) for match in matches], apart)


def _members(matches: Iterable[Linked]) -> dict[str, frozenset[str]]:
    """Return the records of the clusters in which matches stand."""
    members: dict[str, set[str]] = {}
    for match in matches:
        if match.cluster_id != NO_CLUSTER:
            members.setdefault(match.cluster_id, set()).update((match.first, match.second))
    return {name: frozenset(those) for name, those in members.items()}


def _follow(previous: Sequence[Cluster], found: Components) -> Lineage:
    """Name what hangs together after the clusters that it comes from; a record alone is no cluster."""
    return follow(previous, [part for part in found.members if len(part) > 1], lambda: str(uuid.uuid4()))


def _moved(matches: Sequence[Linked], found: Components, lineage: Lineage) -> dict[str, str]:
    """Return the new cluster of each match that stands in another now."""
    home = {member: cluster.cluster_id for cluster in lineage.clusters for member in cluster.members}
    refused = {(link.left, link.right) for link in found.refused}
    placed = {
        match.match_id: NO_CLUSTER if (match.first, match.second) in refused else home[match.first] for match in matches
    }
    return {match.match_id: placed[match.match_id] for match in matches if placed[match.match_id] != match.cluster_id}


def _apart(connection: Connection, project_id: str, matches: Sequence[Linked]) -> list[tuple[str, str]]:
    """Return the pairs among the records of matches that must not share a cluster."""
    nodes = {name for match in matches for name in (match.first, match.second)}
    references: dict[str, set[bytes]] = {}
    for name in nodes:
        purpose, _, reference = name.split("/")
        references.setdefault(purpose, set()).add(bytes.fromhex(reference))
    pairs = [
        (node(purpose, row.first_id, bytes(row.first_reference)), node(purpose, row.second_id, row.second_reference))
        for purpose, those in references.items()
        for row in repository.apart_among(connection, project_id, purpose, sorted(those))
    ]
    return [(one, other) for one, other in pairs if one in nodes and other in nodes]


def _write(connection: Connection, project_id: str, changes: Iterable[Change]) -> None:
    """Keep new clusters, and note which went into another."""
    for change in changes:
        if change.turn in {Turn.BORN, Turn.SPLIT}:
            repository.add_cluster(connection, project_id, change.cluster_id)
        elif change.turn is Turn.MERGED:
            repository.merge_cluster(connection, change.cluster_id, change.other_id)
