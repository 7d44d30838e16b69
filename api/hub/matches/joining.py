"""Meetings that both sides claim become matches, and matches clusters; and all of it is undone by erasure; hub."""

import uuid
from collections.abc import Iterable, Sequence
from contextlib import ExitStack

from sqlalchemy import Connection

from api.hub.clusters import repository as clusters
from api.hub.clusters.service import NO_CLUSTER, is_kept_apart, was_parted_from
from api.hub.context import Hub
from api.hub.encounters import repository as reported
from api.hub.grants import service as grants
from api.hub.grants.service import Cause, Cover
from api.hub.matches import repository
from api.hub.matches.claiming import ClaimSeal
from api.hub.matches.clustering import recluster
from api.hub.matches.ends import ClaimedPair, Ends, LiveMatch
from api.hub.matches.events import Event, EventKind
from api.hub.matches.showing import record, show, showing
from api.hub.voiding import service as voiding
from api.wire.statements import OrganisationClass

NOT_SAME = "not_same"


def join(connection: Connection, hub: Hub, project_id: str, pairs: Sequence[ClaimedPair]) -> None:
    """
    Make matches of meetings that both sides claim, or strengthen those that are there.

    Two records that a review has kept apart are never matched again.
    """
    for ends, grade in _best_by_ends(pairs).items():
        match = _match_of(connection, hub, project_id, ends)
        if match is not None:
            _regrade(connection, hub, project_id, match)
        elif not is_kept_apart(connection, project_id, ends.purpose, ends.first, ends.second):
            _make(connection, hub, project_id, ends, grade)


def undo(connection: Connection, hub: Hub, project_id: str, meeting_ids: Sequence[str]) -> None:
    """Forget the claims on meetings, and void the matches of which no meeting is left."""
    pairs = repository.claimed_by_both(connection, ClaimSeal(hub.key), project_id, meeting_ids)
    repository.drop_claims(connection, meeting_ids)
    found = (_match_of(connection, hub, project_id, ends) for ends in _best_by_ends(pairs))
    touched = [match for match in found if match is not None]
    before = _web(connection, hub, project_id, [match.ends for match in touched])
    for match in touched:
        _regrade(connection, hub, project_id, match)
    recluster(connection, hub, project_id, before, _still_live(connection, hub, before))


def resolve(connection: Connection, hub: Hub, project_id: str, match: LiveMatch, event: Event) -> None:
    """
    Make a match's resolution final; what was granted of somebody who is another person ends at once.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the day.
        project_id: the project.
        match: as it stood.
        event: `resolved` or `adjudicated`, with the answer.
    """
    before = _web(connection, hub, project_id, [match.ends])
    ends = match.ends
    with ExitStack() as stack:
        for each in sorted({match.match_id, *_between_the_same(before, ends)}):
            stack.enter_context(showing(connection, hub, each))
        record(connection, hub, match.match_id, [event])
        if event.detail == NOT_SAME:
            clusters.keep_apart(connection, project_id, ends.purpose, ends.first, ends.second)
            _take_out(connection, hub, match)
            _revoke(connection, hub, match.match_id)
    recluster(connection, hub, project_id, before, _still_live(connection, hub, before))


def _make(connection: Connection, hub: Hub, project_id: str, ends: Ends, grade: int) -> None:
    """Make a new match, with what its sides grant by letting it come about."""
    before = _web(connection, hub, project_id, [ends])
    match_id = str(uuid.uuid4())
    repository.add_match(connection, hub.key, project_id, match_id, ends)
    record(connection, hub, match_id, [Event(EventKind.GRADED, str(grade))])
    _open(connection, hub, project_id, match_id, ends)
    made = repository.live_match(connection, hub.key, match_id)
    now = before if made is None else [*before, made]
    recluster(connection, hub, project_id, before, now)
    show(connection, project_id, match_id, [ends.first_id, ends.second_id])


def _open(connection: Connection, hub: Hub, project_id: str, match_id: str, ends: Ends) -> None:
    """
    Give the grants with which a match begins.

    A record that reviews have parted from another of the same organisation grants nothing by itself: references are an
    agent's own to choose, and under a new one the same record would be told again what was ended.
    """
    kinds = {
        row.organisation_id: OrganisationClass(row.organisation_class)
        for row in repository.parties(connection, match_id)
    }
    found = covers(connection, hub, project_id, ends)
    for (holder_id, reference), (asker_id, _) in ((ends.first, ends.second), (ends.second, ends.first)):
        if was_parted_from(connection, project_id, ends.purpose, (holder_id, reference), asker_id):
            continue
        cover = found[holder_id]
        rung = grants.opening(cover, kinds[asker_id])
        cause = Cause.RELEASE if cover.needs_hand else Cause.RULE
        days = grants.RELEASE_DAYS if cover.needs_hand else grants.RULE_DAYS
        grants.give(connection, hub, match_id, holder_id, rung, cause=cause, days=days)


def covers(connection: Connection, hub: Hub, project_id: str, ends: Ends) -> dict[str, Cover]:
    """Return how each side of a match stands on its meetings; one protected entry makes the record protected."""
    found = {ends.first_id: Cover(), ends.second_id: Cover()}
    for row in repository.covers(connection, ClaimSeal(hub.key), project_id, ends):
        earlier = found[row.organisation_id]
        is_protected = earlier.is_protected or row.is_protected
        found[row.organisation_id] = Cover(earlier.needs_hand or row.needs_hand, is_protected)
    return found


def _best_by_ends(pairs: Iterable[ClaimedPair]) -> dict[Ends, int]:
    """Return the best grade of each pair of references, for one purpose."""
    best: dict[Ends, int] = {}
    for pair in pairs:
        best[pair.ends] = max(best.get(pair.ends, 0), pair.grade)
    return best


def _match_of(connection: Connection, hub: Hub, project_id: str, ends: Ends) -> LiveMatch | None:
    """Return the live match between two references, if there is one."""
    for match in repository.live_matches_of(connection, hub.key, project_id, ends.first_id, ends.first_reference):
        if match.ends == ends:
            return match
    return None


def _regrade(connection: Connection, hub: Hub, project_id: str, match: LiveMatch) -> None:
    """Give a match the best grade of its meetings; void it, with all that it holds, when none is left."""
    grade = repository.best_grade(connection, ClaimSeal(hub.key), project_id, match.ends)
    if grade == match.grade:
        return
    with showing(connection, hub, match.match_id):
        if grade:
            record(connection, hub, match.match_id, [Event(EventKind.GRADED, str(grade))])
        else:
            record(connection, hub, match.match_id, [Event(EventKind.VOIDED)])
            reported.drop_encounters(connection, match.match_id)
            _revoke(connection, hub, match.match_id)


def _revoke(connection: Connection, hub: Hub, match_id: str) -> None:
    """End all grants and requests of a match at once, and its referrals and messages."""
    repository.drop_requests(connection, match_id)
    grants.revoke(connection, match_id)
    voiding.end_with(connection, hub, match_id)


def _take_out(connection: Connection, hub: Hub, match: LiveMatch) -> None:
    """Let a match stand in no cluster, neither the hub's nor what its sides are shown."""
    record(connection, hub, match.match_id, [Event(EventKind.CLUSTERED, NO_CLUSTER)])
    for organisation_id in (match.ends.first_id, match.ends.second_id):
        repository.show_cluster(connection, match.match_id, organisation_id, NO_CLUSTER)


def _between_the_same(matches: Iterable[LiveMatch], ends: Ends) -> list[str]:
    """Return the matches between the two organisations: a review of one may warn of another."""
    pair = (ends.first_id, ends.second_id)
    return [match.match_id for match in matches if (match.ends.first_id, match.ends.second_id) == pair]


def _web(connection: Connection, hub: Hub, project_id: str, wanted: Iterable[Ends]) -> list[LiveMatch]:
    """Return all live matches that hang together with some ends, without those found to be two people."""
    found: dict[str, LiveMatch] = {}
    open_ends = {(ends.purpose, *end) for ends in wanted for end in (ends.first, ends.second)}
    seen = set(open_ends)
    while open_ends:
        purpose, organisation_id, reference = open_ends.pop()
        for match in repository.live_matches_of(connection, hub.key, project_id, organisation_id, reference):
            if match.ends.purpose != purpose or match.resolution == NOT_SAME:
                continue
            found[match.match_id] = match
            ends = {(purpose, *end) for end in (match.ends.first, match.ends.second)}
            open_ends |= ends - seen
            seen |= ends
    return sorted(found.values(), key=lambda match: match.match_id)


def _still_live(connection: Connection, hub: Hub, matches: Iterable[LiveMatch]) -> list[LiveMatch]:
    """Return those matches, as they are now, that still link their two records."""
    now = (repository.live_match(connection, hub.key, match.match_id) for match in matches)
    return [match for match in now if match is not None and match.resolution != NOT_SAME]
