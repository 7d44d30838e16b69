"""
Meetings that both sides claim become matches; encounters are added, and a verdict follows; hub.

A match exists once two organisations have claimed a meeting of theirs. Before that nothing at the hub says which
entries are of one record, and after it only of those few.
"""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind, told
from api.hub.context import Hub
from api.hub.cursors import read_cursor, write_cursor
from api.hub.errors import ConflictError, NotFoundError
from api.hub.matches import repository
from api.hub.matches.clusters import clusters_now, recluster
from api.hub.matches.events import Event, EventKind, replay
from api.hub.matches.repository import ClaimedPair, Ends, LiveMatch
from api.hub.matches.views import encounter_columns, view_all
from api.hub.meetings import service as meetings
from api.hub.organisations import repository as organisations
from api.hub.policy import Action, Member, Rung
from api.wire.matches import Claim, ClaimedMatches, Encounters, Match, MatchPage
from api.wire.problems import Fault
from matcher.cluster.lineage import Cluster

PAGE = 500  # matches in one answer


def claim(hub: Hub, member: Member, wanted: Claim) -> ClaimedMatches:
    """
    Claim meetings for one record; the same claim again changes nothing.

    Returns:
        The matches of the claim's reference, as they stand now.

    Raises:
        NotFoundError: a meeting is not there, or not this organisation's to see.
        ConflictError: a meeting is void, not released, or claimed for another record.
        UnavailableError: the claim cannot be written down.
    """
    reference, meeting_ids = bytes.fromhex(wanted.reference), list(dict.fromkeys(wanted.meeting_ids))
    with hub.database.writing(member.project_id) as connection:
        meetings.require_released(connection, member, wanted.meeting_ids)
        earlier = repository.claims_of(connection, member.organisation_id, meeting_ids)
        _require_same_reference(wanted.meeting_ids, earlier, reference)
        new = [meeting_id for meeting_id in meeting_ids if meeting_id not in earlier]
        repository.add_claims(connection, member.project_id, member.organisation_id, reference, new)
        meetings.mark_claimed(connection, member, new)
        _join(connection, hub, member.project_id, repository.claimed_by_both(connection, member.project_id, new))
        mine = repository.live_matches_of(connection, member.project_id, member.organisation_id, reference)
        found = view_all(connection, member, [match.match_id for match in mine])
        claimed = Act(Action.MATCHES_CLAIM, "claimed", count=len(meeting_ids))
        log.append(connection, hub, member, [claimed, *_told(Action.MATCHES_CLAIM, "answered", found)])
    return ClaimedMatches(matches=found)


def list_changes(hub: Hub, member: Member, cursor: str) -> MatchPage:
    """
    Return an organisation's matches that are new or changed since a cursor, oldest change first.

    Raises:
        UnreadableError: the cursor is none of this hub's.
        UnavailableError: the answer cannot be written down.
    """
    owner = ("matches", member.organisation_id, member.project_id)
    after = read_cursor(hub.key, owner, cursor)
    with hub.database.reading() as connection:
        rows = repository.changed_views(connection, member.organisation_id, member.project_id, after, PAGE + 1)
    found: dict[str, Match] = {}
    if rows:
        with hub.database.writing() as connection:
            rows = repository.changed_views(connection, member.organisation_id, member.project_id, after, PAGE + 1)
            shown = [row.match_id for row in rows[:PAGE]]
            found = {match.match_id: match for match in view_all(connection, member, shown)}
            log.append(connection, hub, member, _told(Action.MATCHES_READ, "answered", found.values()))
    return MatchPage(
        matches=[found[row.match_id] for row in rows[:PAGE]],
        next_cursor=write_cursor(hub.key, owner, rows[:PAGE][-1].change if rows else after),
        has_more=len(rows) > PAGE,
    )


def read(hub: Hub, member: Member, match_id: str) -> Match:
    """
    Return one match.

    Raises:
        NotFoundError: there is none to which this organisation is a party.
        UnavailableError: the answer cannot be written down.
    """
    with hub.database.writing() as connection:
        found = _read(connection, member, match_id)
        log.append(connection, hub, member, _told(Action.MATCHES_READ, "answered", [found]))
    return found


def own_of(connection: Connection, member: Member, match_ids: Sequence[str]) -> list[str]:
    """Return those matches to which an organisation is a party."""
    rows = repository.views(connection, member.organisation_id, member.project_id, match_ids)
    return [row.match_id for row in rows]


def report(hub: Hub, member: Member, match_id: str, encounters: Encounters) -> Match:
    """
    Put an organisation's encounters in place of what it reported before; with both sides' a verdict follows.

    Raises:
        NotFoundError: there is no such match to which this organisation is a party.
        ConflictError: the match is void.
        UnavailableError: the report cannot be written down.
    """
    with hub.database.writing(member.project_id) as connection:
        rows = repository.views(connection, member.organisation_id, member.project_id, [match_id])
        if not rows:
            raise NotFoundError
        row = rows[0]
        if row.is_void:
            raise ConflictError("the match is void", code="match_void")
        told = [encounter_columns(encounter) for encounter in encounters.encounters]
        repository.replace_encounters(connection, match_id, member.organisation_id, told)
        _record(connection, hub, match_id, [Event(EventKind.REPORTED, member.organisation_id)])
        seen_by = [member.organisation_id, row.other_id] if row.other_has_reported else [member.organisation_id]
        _show(connection, member.project_id, match_id, seen_by)
        found = _read(connection, member, match_id)
        log.append(connection, hub, member, _told(Action.ENCOUNTERS_REPORT, "reported", [found]))
    return found


def void(connection: Connection, hub: Hub, project_id: str, meeting_ids: Sequence[str]) -> None:
    """
    Forget the claims on meetings that become void, and void the matches of which no meeting is left.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the day.
        project_id: the project.
        meeting_ids: meetings of entries that are being erased.
    """
    pairs = repository.claimed_by_both(connection, project_id, meeting_ids)
    repository.drop_claims(connection, meeting_ids)
    found = (_match_of(connection, project_id, ends) for ends in _best_by_ends(pairs))
    touched = [match for match in found if match is not None]
    before = clusters_now(connection, project_id, {match.cluster_id for match in touched})
    for match in touched:
        _regrade(connection, hub, project_id, match)
    _recluster(connection, hub, project_id, before)


def _told(action: Action, decision: str, matches: Iterable[Match]) -> list[Act]:
    """Return what is written down of an answer that holds these matches: with a verdict it tells more."""
    by_rung: dict[Rung, list[Match]] = {}
    for match in matches:
        by_rung.setdefault(Rung.D4 if match.verdict else Rung.D2, []).append(match)
    return [
        act
        for rung, those in sorted(by_rung.items())
        for act in told(action, decision, rung, Kind.MATCH, ((match.other.purpose, match.match_id) for match in those))
    ]


def _require_same_reference(meeting_ids: Sequence[str], earlier: dict[str, bytes], reference: bytes) -> None:
    """Refuse meetings that this organisation claimed for another record."""
    faults = [
        Fault(where=f"/meeting_ids/{index}", code="already_claimed")
        for index, meeting_id in enumerate(meeting_ids)
        if earlier.get(meeting_id, reference) != reference
    ]
    if faults:
        raise ConflictError("claimed for another record", code="already_claimed", faults=faults)


def _join(connection: Connection, hub: Hub, project_id: str, pairs: Sequence[ClaimedPair]) -> None:
    """Make matches of meetings that both sides claim, or strengthen those that are there."""
    for ends, grade in _best_by_ends(pairs).items():
        match = _match_of(connection, project_id, ends)
        if match is not None:
            _regrade(connection, hub, project_id, match)
            continue
        before = clusters_now(connection, project_id, _neighbours(connection, project_id, ends))
        match_id = str(uuid.uuid4())
        repository.add_match(connection, project_id, match_id, ends)
        _record(connection, hub, match_id, [Event(EventKind.GRADED, str(grade))])
        _recluster(connection, hub, project_id, before)


def _best_by_ends(pairs: Iterable[ClaimedPair]) -> dict[Ends, int]:
    """Return the best grade of each pair of references, for one purpose."""
    best: dict[Ends, int] = {}
    for pair in pairs:
        ends = Ends(pair.purpose, pair.first_id, pair.first_reference, pair.second_id, pair.second_reference)
        best[ends] = max(best.get(ends, 0), pair.grade)
    return best


def _match_of(connection: Connection, project_id: str, ends: Ends) -> LiveMatch | None:
    """Return the live match between two references, if there is one."""
    for match in repository.live_matches_of(connection, project_id, ends.first_id, ends.first_reference):
        if match.ends == ends:
            return match
    return None


def _neighbours(connection: Connection, project_id: str, ends: Ends) -> set[str]:
    """Return the clusters in which either reference stands already, for the same purpose."""
    sides = ((ends.first_id, ends.first_reference), (ends.second_id, ends.second_reference))
    return {
        match.cluster_id
        for organisation_id, reference in sides
        for match in repository.live_matches_of(connection, project_id, organisation_id, reference)
        if match.ends.purpose == ends.purpose
    }


def _regrade(connection: Connection, hub: Hub, project_id: str, match: LiveMatch) -> None:
    """Give a match the best grade of its meetings; void it, encounters and all, when none is left."""
    grade = repository.best_grade(connection, project_id, match.ends)
    if grade == match.grade:
        return
    event = Event(EventKind.GRADED, str(grade)) if grade else Event(EventKind.VOIDED)
    _record(connection, hub, match.match_id, [event])
    if not grade:
        repository.drop_encounters(connection, match.match_id)
    _show(connection, project_id, match.match_id, [match.ends.first_id, match.ends.second_id])


def _recluster(connection: Connection, hub: Hub, project_id: str, before: Sequence[Cluster]) -> None:
    """Work out the clusters anew, and show both sides the matches that stand in another now."""
    for moved in recluster(connection, project_id, before):
        match = moved.match
        _record(connection, hub, match.match_id, [Event(EventKind.CLUSTERED, moved.cluster_id)])
        _show(connection, project_id, match.match_id, [match.ends.first_id, match.ends.second_id])


def _record(connection: Connection, hub: Hub, match_id: str, events: Sequence[Event]) -> None:
    """Append events, and write the state that follows from all of them."""
    repository.add_events(connection, match_id, events, hub.today())
    repository.write_state(connection, match_id, replay(repository.events_of(connection, match_id)))


def _show(connection: Connection, project_id: str, match_id: str, organisation_ids: Iterable[str]) -> None:
    """Make a match the next change of each organisation."""
    for organisation_id in organisation_ids:
        change = organisations.take_changes(connection, project_id, organisation_id, 1)
        repository.set_change(connection, match_id, organisation_id, change)


def _read(connection: Connection, member: Member, match_id: str) -> Match:
    """Return one match of an organisation."""
    found = view_all(connection, member, [match_id])
    if not found:
        raise NotFoundError
    return found[0]
