"""
Clusters that keep their names: components get the ids of the clusters they come from; any side.

An id that a caseworker has written down must stay true: the oldest id survives a merge, and after a split it stays
with the larger part. What happened to every id is returned as history.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Turn(StrEnum):
    """What can happen to a cluster."""

    BORN = "born"
    GREW = "grew"
    SHRANK = "shrank"
    MERGED = "merged"
    SPLIT = "split"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records held to be one person, under an id that lasts."""

    cluster_id: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """
    What happened to a cluster.

    Attributes:
        cluster_id: the cluster that was born, grew, shrank, merged, split off or ended.
        other_id: the cluster it merged into or split from; empty otherwise.
    """

    turn: Turn
    cluster_id: str
    other_id: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The clusters now, oldest first and then new ones, and what changed since before."""

    clusters: tuple[Cluster, ...]
    changes: tuple[Change, ...]


def follow(previous: Sequence[Cluster], components: Iterable[frozenset[str]], new_id: Callable[[], str]) -> Lineage:
    """
    Name components after the clusters they come from.

    Args:
        previous: the clusters before, oldest first; disjoint.
        components: the partition now; disjoint and not empty. Their order plays no part.
        new_id: gives an id that was never used.

    Returns:
        One cluster per component. A cluster with no record left has ended.
    """
    parts = sorted(components, key=min)
    names: dict[frozenset[str], str] = {}
    changes: list[Change] = []
    for cluster in previous:
        heirs = [part for part in parts if part & cluster.members]
        free = [part for part in heirs if part not in names]
        if free:
            heir = max(free, key=lambda part: len(part & cluster.members))
            names[heir] = cluster.cluster_id
            changes.extend(_kept(cluster, heir))
        elif heirs:
            into = max(heirs, key=lambda part: len(part & cluster.members))
            changes.append(Change(Turn.MERGED, cluster.cluster_id, names[into]))
        else:
            changes.append(Change(Turn.ENDED, cluster.cluster_id))
    kept = [Cluster(name, part) for part, name in names.items()]
    new = [Cluster(new_id(), part) for part in parts if part not in names]
    changes.extend(_origin(cluster, previous) for cluster in new)
    return Lineage((*kept, *new), tuple(changes))


def _kept(cluster: Cluster, heir: frozenset[str]) -> list[Change]:
    """Say whether a cluster that keeps its id lost or gained records."""
    shrank = [Change(Turn.SHRANK, cluster.cluster_id)] if cluster.members - heir else []
    grew = [Change(Turn.GREW, cluster.cluster_id)] if heir - cluster.members else []
    return shrank + grew


def _origin(new: Cluster, previous: Sequence[Cluster]) -> Change:
    """Say where a new cluster comes from: the oldest that held one of its records, or nowhere."""
    for cluster in previous:
        if cluster.members & new.members:
            return Change(Turn.SPLIT, new.cluster_id, cluster.cluster_id)
    return Change(Turn.BORN, new.cluster_id)
