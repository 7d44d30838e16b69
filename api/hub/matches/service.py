"""
Meetings that both sides claim become matches; encounters are added, and a verdict follows; hub.

A match exists once two organisations have claimed a meeting of theirs. Before that nothing at the hub says which
entries are of one record, and after it only of those few.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind, told
from api.hub.context import Hub
from api.hub.cursors import read_cursor, write_cursor
from api.hub.encounters import repository as reported
from api.hub.errors import ConflictError, NotFoundError
from api.hub.matches import repository
from api.hub.matches.claiming import ClaimSeal
from api.hub.matches.ends import LiveMatch
from api.hub.matches.events import Event, EventKind
from api.hub.matches.joining import NOT_SAME, covers, join, undo
from api.hub.matches.showing import record, showing
from api.hub.matches.views import Look, encounter_columns, look_at, view_all
from api.hub.meetings import service as meetings
from api.hub.policy import Action, Member, Rung, require
from api.wire.matches import Claim, ClaimedMatches, Encounters, Match, MatchPage
from api.wire.problems import Fault
from api.wire.statements import Purpose

PAGE = 500  # matches in one answer


@dataclass(frozen=True, slots=True)
class Party:
    """
    A live match as one of its sides comes to it.

    Attributes:
        look: what that side may be told.
        match: with both ends.
    """

    look: Look
    match: LiveMatch

    @property
    def other_id(self) -> str:
        """Return the other side's organisation."""
        return str(self.look.row.other_id)

    @property
    def purpose(self) -> Purpose:
        """Return what the match is for."""
        return Purpose(self.look.row.purpose)


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
        meetings.end_releases(connection, hub, member.project_id)
        meetings.require_released(connection, member, wanted.meeting_ids)
        seal = ClaimSeal(hub.key)
        earlier = repository.claims_of(connection, seal, member.organisation_id, meeting_ids)
        _require_same_reference(wanted.meeting_ids, earlier, reference)
        new = [meeting_id for meeting_id in meeting_ids if meeting_id not in earlier]
        repository.add_claims(connection, seal, (member.project_id, member.organisation_id), reference, new)
        meetings.mark_claimed(connection, member, new)
        join(connection, hub, member.project_id, repository.claimed_by_both(connection, seal, member.project_id, new))
        mine = repository.live_matches_of(connection, hub.key, member.project_id, member.organisation_id, reference)
        found = view_all(connection, hub, member, [match.match_id for match in mine])
        claimed = Act(Action.MATCHES_CLAIM, "claimed")  # no count: the number of a record's meetings names people
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
            found = {match.match_id: match for match in view_all(connection, hub, member, shown)}
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
        found = read_in(connection, hub, member, match_id)
        log.append(connection, hub, member, _told(Action.MATCHES_READ, "answered", [found]))
    return found


def report(hub: Hub, member: Member, match_id: str, encounters: Encounters) -> Match:
    """
    Put an organisation's encounters in place of what it reported before; with both sides' a verdict follows.

    Raises:
        NotFoundError: there is no such match to which this organisation is a party.
        ConflictError: the match is void.
        UnavailableError: the report cannot be written down.
    """
    with hub.database.writing(member.project_id) as connection:
        party(connection, hub, member, match_id)
        told = [encounter_columns(encounter) for encounter in encounters.encounters]
        with showing(connection, hub, match_id):
            reported.replace_encounters(connection, match_id, member.organisation_id, told)
            record(connection, hub, match_id, [Event(EventKind.REPORTED, member.organisation_id)])
        found = read_in(connection, hub, member, match_id)
        log.append(connection, hub, member, _told(Action.ENCOUNTERS_REPORT, "reported", [found]))
    return found


def party(
    connection: Connection,
    hub: Hub,
    member: Member,
    match_id: str,
    *,
    action: Action | None = None,
    rung: Rung | None = None,
) -> Party:
    """
    Return a live match to which an organisation is a party.

    Args:
        connection: an open transaction.
        hub: gives the day, which ends grants.
        member: who asks.
        match_id: as it came.
        action: what for, where the policy has a say in purpose or rung.
        rung: how much the answer will tell at most.

    Raises:
        NotFoundError: there is none to which this organisation is a party.
        ConflictError: the match is void.
        NotAllowedError: not for the purpose of the match, or not to that rung.
    """
    looks = look_at(connection, hub, member, [match_id])
    if not looks:
        raise NotFoundError
    if action is not None:
        require(member, action, purpose=Purpose(looks[0].row.purpose), rung=rung)
    match = repository.live_match(connection, hub.key, match_id)
    if match is None:
        raise ConflictError("the match is void", code="match_void")
    return Party(looks[0], match)


def open_party(
    connection: Connection, hub: Hub, member: Member, match_id: str, *, action: Action, rung: Rung | None = None
) -> Party:
    """
    Return a live match that no review has found to be of two people, for a party; otherwise as `party`.

    Raises:
        NotFoundError: there is none to which this organisation is a party.
        ConflictError: the match is void, or of two people.
        NotAllowedError: not for the purpose of the match, or not to that rung.
    """
    found = party(connection, hub, member, match_id, action=action, rung=rung)
    if found.match.resolution == NOT_SAME:
        raise ConflictError("reviews found that these are two people", code="not_the_same")
    return found


def require_rung(connection: Connection, hub: Hub, member: Member, match_id: str, rung: Rung) -> Party:
    """
    Return a live match of which a side may be told so much now.

    Raises:
        NotFoundError: there is none to which this organisation is a party.
        ConflictError: the match is void, or the rung is not reached.
    """
    found = party(connection, hub, member, match_id)
    if found.look.rung < rung:
        raise ConflictError("the other side has not granted so much", code="rung_not_granted")
    return found


def is_protected(connection: Connection, hub: Hub, project_id: str, match: LiveMatch, organisation_id: str) -> bool:
    """Tell whether a side's record in a match is protected: a child, a protected place, or nobody knows."""
    return covers(connection, hub, project_id, match.ends)[organisation_id].is_protected


def void(connection: Connection, hub: Hub, project_id: str, meeting_ids: Sequence[str]) -> None:
    """
    Forget the claims on meetings that become void, and void the matches of which no meeting is left.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the day.
        project_id: the project.
        meeting_ids: meetings of entries that are being erased.
    """
    undo(connection, hub, project_id, meeting_ids)


def _told(action: Action, decision: str, matches: Iterable[Match]) -> list[Act]:
    """Return what is written down of an answer that holds these matches: with a verdict it tells more."""
    by_rung: dict[Rung, list[Match]] = {}
    for match in matches:
        by_rung.setdefault(_rung_told(match), []).append(match)
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


def _rung_told(match: Match) -> Rung:
    """Return how much a match as it is shown tells."""
    if match.verdict:
        return Rung.D4
    return Rung.D2 if match.other.organisation_class else Rung.D1


def read_in(connection: Connection, hub: Hub, member: Member, match_id: str) -> Match:
    """
    Return one match of an organisation, within a transaction.

    Raises:
        NotFoundError: there is none to which it is a party.
    """
    found = view_all(connection, hub, member, [match_id])
    if not found:
        raise NotFoundError
    return found[0]
