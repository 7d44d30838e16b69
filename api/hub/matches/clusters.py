"""The clusters of a project's matches, kept as matches come and go; hub."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.hub.matches import repository
from api.hub.matches.repository import NO_CLUSTER_YET, LiveMatch
from matcher.cluster.components import Link, components
from matcher.cluster.lineage import Cluster, Turn, follow


@dataclass(frozen=True, slots=True)
class Moved:
    """A match that stands in another cluster now."""

    match: LiveMatch
    cluster_id: str


def recluster(connection: Connection, project_id: str, before: Sequence[Cluster]) -> list[Moved]:
    """
    Work out the clusters anew around what has changed, and keep their lineage.

    Args:
        connection: an open writing transaction that holds the project's lock.
        project_id: the project.
        before: the clusters that changed, as `clusters_now` gave them before the change.

    Returns:
        The live matches whose cluster is another now; writing it is left to the caller.
    """
    touched = {cluster.cluster_id for cluster in before} | {NO_CLUSTER_YET}
    matches = repository.live_matches_in(connection, project_id, touched)
    links = [Link(*_nodes(match), strength=match.grade) for match in matches]
    lineage = follow(before, components(links).members, lambda: str(uuid.uuid4()))
    for change in lineage.changes:
        if change.turn in {Turn.BORN, Turn.SPLIT}:
            repository.add_cluster(connection, project_id, change.cluster_id)
        elif change.turn is Turn.MERGED:
            repository.merge_cluster(connection, change.cluster_id, change.other_id)
    home = {member: cluster.cluster_id for cluster in lineage.clusters for member in cluster.members}
    placed = [Moved(match, home[_nodes(match)[0]]) for match in matches]
    return [moved for moved in placed if moved.cluster_id != moved.match.cluster_id]


def clusters_now(connection: Connection, project_id: str, cluster_ids: Iterable[str]) -> list[Cluster]:
    """Return clusters with their members, oldest first."""
    members: dict[str, set[str]] = {cluster_id: set() for cluster_id in cluster_ids}
    for match in repository.live_matches_in(connection, project_id, members):
        members[match.cluster_id].update(_nodes(match))
    return [Cluster(name, frozenset(members[name])) for name in repository.oldest_first(connection, members)]


def _nodes(match: LiveMatch) -> tuple[str, str]:
    """Return the two records of a match as a cluster knows them; purposes are disjoint, so it is part of the name."""
    ends = match.ends
    first = f"{ends.purpose}/{ends.first_id}/{ends.first_reference.hex()}"
    second = f"{ends.purpose}/{ends.second_id}/{ends.second_reference.hex()}"
    return first, second
