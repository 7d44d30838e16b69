"""The tables of claims, matches and their events."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, select, update

from api.hub.keys import HubKey
from api.hub.matches.claiming import ClaimSeal, any_of
from api.hub.matches.ends import ClaimedPair, Ends, LiveMatch
from api.hub.matches.events import Event, EventKind, MatchState
from api.hub.matches.match_seal import match_seal
from api.hub.storage import models
from api.hub.storage.chunks import in_chunks

View = Row[str, str, str, bytes, bool, bytes, str, bool, date, bool, int, str, str, bytes, bool]
CoverRow = Row[str, bool, bool]
Boxes = Row[str, int, bytes, bytes]

_first_claim, _second_claim = models.claim.alias("first_claim"), models.claim.alias("second_claim")
_first_side, _second_side = models.match_side.alias("first_side"), models.match_side.alias("second_side")


def claims_of(
    connection: Connection, seal: ClaimSeal, organisation_id: str, meeting_ids: Sequence[str]
) -> dict[str, bytes]:
    """Return the references under which an organisation has claimed meetings."""
    table = models.claim.c
    found: dict[str, bytes] = {}
    for chunk in in_chunks(meeting_ids):
        query = select(table.meeting_id, table.reference_box).where(
            table.organisation_id == organisation_id, table.meeting_id.in_(chunk)
        )
        for name, box in connection.execute(query):
            found[name] = seal.reference(box, name, organisation_id)
    return found


def add_claims(
    connection: Connection, seal: ClaimSeal, owner: tuple[str, str], reference: bytes, meeting_ids: Iterable[str]
) -> None:
    """Keep that meetings are of one record of an organisation in a project, which are the `owner`."""
    project_id, organisation_id = owner
    tags = seal.tags(project_id, organisation_id, reference)
    rows = [
        {
            "meeting_id": meeting_id,
            "organisation_id": organisation_id,
            "project_id": project_id,
            "reference_tag": any_of(tags),
            "reference_box": seal.box(reference, meeting_id, organisation_id),
        }
        for meeting_id in sorted(meeting_ids)
    ]
    if rows:
        connection.execute(insert(models.claim), rows)


def claimed_by_both(
    connection: Connection, seal: ClaimSeal, project_id: str, meeting_ids: Sequence[str]
) -> list[ClaimedPair]:
    """Return those of the meetings that both sides claim."""
    meeting = models.meeting.c
    query = _claimed_by_both(
        project_id,
        meeting.meeting_id,
        meeting.grade,
        meeting.purpose,
        _first_claim.c.organisation_id.label("first_id"),
        _first_claim.c.reference_box.label("first_box"),
        _second_claim.c.organisation_id.label("second_id"),
        _second_claim.c.reference_box.label("second_box"),
    )
    found: list[ClaimedPair] = []
    for chunk in in_chunks(meeting_ids):
        for name, grade, purpose, *both in connection.execute(query.where(meeting.meeting_id.in_(chunk))):
            first_id, first_box, second_id, second_box = both
            first, second = seal.reference(first_box, name, first_id), seal.reference(second_box, name, second_id)
            found.append(ClaimedPair(name, grade, Ends(purpose, first_id, first, second_id, second)))
    return found


def best_grade(connection: Connection, seal: ClaimSeal, project_id: str, ends: Ends) -> int:
    """Return the best grade of the meetings that both sides of a match claim for it; 0 when there is none."""
    query = _claimed_by_both(project_id, func.max(models.meeting.c.grade)).where(*_between(seal, project_id, ends))
    return int(connection.execute(query).scalar() or 0)


def _claimed_by_both(project_id: str, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select from meetings with a claim on each side."""
    meeting, first, second = models.meeting.c, _first_claim.c, _second_claim.c
    return (
        select(*columns)
        .select_from(models.meeting)
        .join(_first_claim, first.meeting_id == meeting.meeting_id)
        .join(
            _second_claim,
            and_(second.meeting_id == meeting.meeting_id, second.organisation_id > first.organisation_id),
        )
        .where(first.project_id == project_id, second.project_id == project_id)
    )


def covers(connection: Connection, seal: ClaimSeal, project_id: str, ends: Ends) -> list[CoverRow]:
    """Return how each side stands on the meetings of a match: organisation, need of a hand, protection."""
    side = models.meeting_side.c
    columns = (side.organisation_id, side.needs_hand, side.is_protected)
    joined = _claimed_by_both(project_id, *columns).join(
        models.meeting_side, side.meeting_id == models.meeting.c.meeting_id
    )
    return list(connection.execute(joined.where(*_between(seal, project_id, ends)).distinct()))


def best_entries(connection: Connection, seal: ClaimSeal, project_id: str, ends: Ends) -> Boxes | None:
    """Return id, key epoch and both entries, sealed, of a meeting of a match with the best grade."""
    meeting, side = models.meeting.c, models.meeting_side.alias
    one, other = side("one"), side("other")
    columns = (meeting.meeting_id, meeting.key_epoch, one.c.entry_box, other.c.entry_box.label("second_box"))
    query = (
        _claimed_by_both(project_id, *columns)
        .join(one, and_(one.c.meeting_id == meeting.meeting_id, one.c.organisation_id == ends.first_id))
        .join(other, and_(other.c.meeting_id == meeting.meeting_id, other.c.organisation_id == ends.second_id))
        .where(*_between(seal, project_id, ends), one.c.entry_box.is_not(None), other.c.entry_box.is_not(None))
        .order_by(meeting.grade.desc(), meeting.meeting_id)
        .limit(1)
    )
    return connection.execute(query).first()


def _between(seal: ClaimSeal, project_id: str, ends: Ends) -> tuple[ColumnElement[bool], ...]:
    """Narrow what both sides claim to one match."""
    return (
        models.meeting.c.purpose == ends.purpose,
        _first_claim.c.organisation_id == ends.first_id,
        _first_claim.c.reference_tag.in_(seal.tags(project_id, ends.first_id, ends.first_reference)),
        _second_claim.c.organisation_id == ends.second_id,
        _second_claim.c.reference_tag.in_(seal.tags(project_id, ends.second_id, ends.second_reference)),
    )


def drop_claims(connection: Connection, meeting_ids: Sequence[str]) -> None:
    """Delete all claims on meetings."""
    for chunk in in_chunks(meeting_ids):
        connection.execute(delete(models.claim).where(models.claim.c.meeting_id.in_(chunk)))


def live_matches_of(
    connection: Connection, key: HubKey, project_id: str, organisation_id: str, reference: bytes
) -> list[LiveMatch]:
    """Return the live matches in which an organisation's reference stands."""
    side = models.match_side.c
    mine = select(side.match_id).where(
        side.organisation_id == organisation_id, side.project_id == project_id, side.reference == reference
    )
    return _live_matches(connection, key, models.match.c.match_id.in_(mine))


def live_match(connection: Connection, key: HubKey, match_id: str) -> LiveMatch | None:
    """Return a match, unless it is void."""
    found = _live_matches(connection, key, models.match.c.match_id == match_id)
    return found[0] if found else None


def parties(connection: Connection, match_id: str) -> list[Row[str, str, str]]:
    """Return organisation, class and project of both sides of a match."""
    side, organisation = models.match_side.c, models.organisation.c
    query = (
        select(side.organisation_id, organisation.organisation_class, side.project_id)
        .join_from(models.match_side, models.organisation, side.organisation_id == organisation.organisation_id)
        .where(side.match_id == match_id)
        .order_by(side.organisation_id)
    )
    return list(connection.execute(query))


def last_answers(connection: Connection, organisation_id: str, match_ids: Sequence[str]) -> dict[str, str]:
    """Return the last answer of an organisation's own reviews, by match; the desk's are none of them."""
    table = models.review.c
    found: dict[str, str] = {}
    for chunk in in_chunks(match_ids):
        query = select(table.match_id, table.answer).where(table.match_id.in_(chunk), table.answer.is_not(None))
        mine = query.where(table.organisation_id == organisation_id, table.is_desk.is_(False)).order_by(table.number)
        found.update((row.match_id, row.answer) for row in connection.execute(mine))
    return found


def shown_clusters(connection: Connection, organisation_id: str, match_ids: Sequence[str]) -> dict[str, str]:
    """Return the clusters that an organisation is shown, by match."""
    side = models.match_side.c
    found: dict[str, str] = {}
    for chunk in in_chunks(match_ids):
        query = select(side.match_id, side.cluster_id).where(side.match_id.in_(chunk))
        rows = connection.execute(query.where(side.organisation_id == organisation_id))
        found.update((row.match_id, row.cluster_id) for row in rows)
    return found


def show_cluster(connection: Connection, match_id: str, organisation_id: str, cluster_id: str) -> None:
    """Keep the cluster of a match that an organisation is shown."""
    side = models.match_side
    here = (side.c.match_id == match_id, side.c.organisation_id == organisation_id)
    connection.execute(update(side).where(*here).values(cluster_id=cluster_id))


def broken_glasses(
    connection: Connection, holder_id: str, match_ids: Sequence[str]
) -> dict[str, list[Row[str, str, str, int]]]:
    """Return match, id, danger and second of every emergency in which a holder's side was opened, by match."""
    table = models.break_glass.c
    found: dict[str, list[Row[str, str, str, int]]] = {}
    for chunk in in_chunks(match_ids):
        query = select(table.match_id, table.break_glass_id, table.danger, table.opened_at).where(
            table.match_id.in_(chunk), table.holder_id == holder_id, table.opened_at.is_not(None)
        )
        for row in connection.execute(query.order_by(table.opened_at)):
            found.setdefault(row.match_id, []).append(row)
    return found


def _live_matches(connection: Connection, key: HubKey, which: ColumnElement[bool]) -> list[LiveMatch]:
    """Return live matches with both ends, in the order of their ids."""
    match, first, second = models.match.c, _first_side.c, _second_side.c
    query = (
        select(
            match.match_id,
            match.cluster_id,
            match.grade_box,
            match.resolution,
            match.purpose,
            first.organisation_id,
            first.reference,
            second.organisation_id.label("second_id"),
            second.reference.label("second_reference"),
        )
        .join_from(models.match, _first_side, first.match_id == match.match_id)
        .join(_second_side, and_(second.match_id == match.match_id, second.organisation_id > first.organisation_id))
        .where(match.is_void.is_(False), which)
        .order_by(match.match_id)
    )
    seal = match_seal(key)
    return [
        LiveMatch(match_id, cluster_id, seal.grade(grade_box, match_id), resolution, Ends(*ends))
        for match_id, cluster_id, grade_box, resolution, *ends in connection.execute(query)
    ]


def add_match(connection: Connection, key: HubKey, project_id: str, match_id: str, ends: Ends) -> None:
    """Keep a new match and its sides; the state that follows from its events comes after."""
    row = {
        "match_id": match_id,
        "project_id": project_id,
        "purpose": ends.purpose,
        "grade_box": match_seal(key).grade_box(0, match_id),
        "is_void": False,
        "cluster_id": "",
        "resolution": "",
        "is_adjudicated": False,
    }
    connection.execute(insert(models.match), [row])
    both = ((ends.first_id, ends.first_reference), (ends.second_id, ends.second_reference))
    sides = [
        {
            "match_id": match_id,
            "organisation_id": organisation_id,
            "project_id": project_id,
            "reference": reference,
            "has_reported": False,
            "change": 0,
            "cluster_id": "",
        }
        for organisation_id, reference in both
    ]
    connection.execute(insert(models.match_side), sides)


def add_events(connection: Connection, key: HubKey, match_id: str, events: Sequence[Event], happened_on: date) -> None:
    """Append events to a match."""
    first, seal = len(events_of(connection, key, match_id)) + 1, match_seal(key)
    rows = [
        {
            "match_id": match_id,
            "number": number,
            "kind": event.kind.value,
            "detail_box": seal.detail_box(event.detail, match_id, number),
            "happened_on": happened_on,
        }
        for number, event in enumerate(events, start=first)
    ]
    connection.execute(insert(models.match_event), rows)


def events_of(connection: Connection, key: HubKey, match_id: str) -> list[Event]:
    """Return the events of a match, in order."""
    table, seal = models.match_event.c, match_seal(key)
    query = select(table.number, table.kind, table.detail_box).where(table.match_id == match_id).order_by(table.number)
    return [
        Event(EventKind(kind), seal.detail(box, match_id, number)) for number, kind, box in connection.execute(query)
    ]


def write_state(connection: Connection, key: HubKey, match_id: str, state: MatchState) -> None:
    """Write what follows from a match's events."""
    match, side = models.match, models.match_side
    values = {
        "grade_box": match_seal(key).grade_box(state.grade, match_id),
        "is_void": state.is_void,
        "cluster_id": state.cluster_id,
        "resolution": state.resolution,
        "is_adjudicated": state.is_adjudicated,
    }
    connection.execute(update(match).where(match.c.match_id == match_id).values(values))
    has_reported = side.c.organisation_id.in_(sorted(state.reported))
    connection.execute(update(side).where(side.c.match_id == match_id).values(has_reported=has_reported))


def set_change(connection: Connection, match_id: str, organisation_id: str, change: int) -> None:
    """Note the change number under which an organisation will see a match anew."""
    side = models.match_side
    here = (side.c.match_id == match_id, side.c.organisation_id == organisation_id)
    connection.execute(update(side).where(*here).values(change=change))


def views(connection: Connection, organisation_id: str, project_id: str, match_ids: Sequence[str]) -> list[View]:
    """Return matches as one of their sides looks at them; those of others are left out."""
    found: list[View] = []
    for chunk in in_chunks(match_ids):
        query = _views(organisation_id, project_id).where(models.match.c.match_id.in_(chunk))
        found.extend(connection.execute(query.order_by(models.match.c.match_id)))
    return found


def changed_views(connection: Connection, organisation_id: str, project_id: str, after: int, limit: int) -> list[View]:
    """Return an organisation's matches that changed after a number, in the order of change."""
    side = models.match_side.c
    query = _views(organisation_id, project_id).where(side.change > after)
    return list(connection.execute(query.order_by(side.change).limit(limit)))


def _views(organisation_id: str, project_id: str) -> Select[Any]:
    """Select an organisation's matches with what it may see of the other side."""
    match, side, other = models.match.c, models.match_side.c, models.match_side.alias("other_side")
    organisation, begun = models.organisation.c, models.match_event.c
    return (
        select(
            match.match_id,
            side.cluster_id,
            match.purpose,
            side.reference,
            match.is_void,
            match.grade_box,
            match.resolution,
            match.is_adjudicated,
            begun.happened_on.label("made_on"),
            side.has_reported,
            side.change,
            other.c.organisation_id.label("other_id"),
            organisation.organisation_class.label("other_class"),
            organisation.is_location_sensitive.label("other_is_sensitive"),
            other.c.reference.label("other_reference"),
            other.c.has_reported.label("other_has_reported"),
        )
        .join_from(models.match_side, models.match, side.match_id == match.match_id)
        .join(other, and_(other.c.match_id == side.match_id, other.c.organisation_id != side.organisation_id))
        .join(models.organisation, organisation.organisation_id == other.c.organisation_id)
        .join(models.match_event, and_(begun.match_id == side.match_id, begun.number == 1))
        .where(side.organisation_id == organisation_id, side.project_id == project_id)
    )


def drop_requests(connection: Connection, match_id: str) -> None:
    """Delete all disclosure requests of a match."""
    request, approval = models.disclosure_request, models.request_approval
    mine = select(request.c.request_id).where(request.c.match_id == match_id)
    connection.execute(delete(approval).where(approval.c.request_id.in_(mine)))
    connection.execute(delete(request).where(request.c.match_id == match_id))
