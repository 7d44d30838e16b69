"""
Clusters worked out anew when matches come and go: the hub's own, and what each side is shown; hub.

The hub's own cluster grows with matches of third parties, so it is shown to no side: it would tell of records that
nobody released to that side. A side is shown clusters over its own matches alone, which hang together by its own
reference or by a record of the other side. Only what happens to its own matches changes them.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from api.hub.clusters import service as clusters
from api.hub.clusters.service import Linked, node
from api.hub.context import Hub
from api.hub.matches import repository
from api.hub.matches.ends import LiveMatch
from api.hub.matches.events import Event, EventKind
from api.hub.matches.showing import record, showing


def recluster(
    connection: Connection, hub: Hub, project_id: str, before: Sequence[LiveMatch], now: Sequence[LiveMatch]
) -> None:
    """
    Work out the clusters anew, and show each side those of its own matches that stand in another now.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the day.
        project_id: the project.
        before: all matches that hang together with what changes, as they were.
        now: the same without those that went, and with those that came.
    """
    own = {match.match_id: match.cluster_id for match in (*before, *now)}
    moved = clusters.recluster(connection, hub, project_id, _linked(before, own), _linked(now, own))
    for match_id, cluster_id in moved.items():
        record(connection, hub, match_id, [Event(EventKind.CLUSTERED, cluster_id)])
    _show(connection, hub, project_id, before, now)


def _show(
    connection: Connection, hub: Hub, project_id: str, before: Sequence[LiveMatch], now: Sequence[LiveMatch]
) -> None:
    """Work out what the sides of matches that came or went are shown; nobody else's act changes what a side sees."""
    moved: dict[str, dict[str, str]] = {}
    for side in _sides_of_changed(before, now):
        mine_before, mine_now = ([match for match in those if _is_of(match, side)] for those in (before, now))
        names = {match.match_id for match in (*mine_before, *mine_now)}
        shown = repository.shown_clusters(connection, side, sorted(names))
        linked = (_linked(mine_before, shown), _linked(mine_now, shown))
        for match_id, cluster_id in clusters.recluster_own(connection, project_id, side, *linked).items():
            moved.setdefault(match_id, {})[side] = cluster_id
    for match_id, those in moved.items():
        with showing(connection, hub, match_id):
            for side, cluster_id in those.items():
                repository.show_cluster(connection, match_id, side, cluster_id)


def _sides_of_changed(before: Sequence[LiveMatch], now: Sequence[LiveMatch]) -> list[str]:
    """Return the organisations that are a side of a match that came or went."""
    changed = {match.match_id for match in before} ^ {match.match_id for match in now}
    those = (match.ends for match in (*before, *now) if match.match_id in changed)
    return sorted({side for ends in those for side in (ends.first_id, ends.second_id)})


def _is_of(match: LiveMatch, organisation_id: str) -> bool:
    """Tell whether an organisation is a side of a match."""
    return organisation_id in {match.ends.first_id, match.ends.second_id}


def _linked(matches: Sequence[LiveMatch], cluster_ids: Mapping[str, str]) -> list[Linked]:
    """Return matches as a cluster knows them."""
    return [
        Linked(
            match.match_id,
            cluster_ids[match.match_id],
            match.grade,
            node(match.ends.purpose, *match.ends.first),
            node(match.ends.purpose, *match.ends.second),
        )
        for match in matches
    ]
