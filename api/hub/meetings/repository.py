"""The tables of meetings and their sides."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Row, String, and_, bindparam, delete, insert, select, update

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks

SideRow = Row[str, bytes | None, bytes | None, str, bool, int, int, str, str, str, bool, str, bool, bool]


class EarlierRow(NamedTuple):
    """A meeting of an own entry: that, sealed; the tag of the other; of both, state and need of a hand."""

    meeting_id: str
    grade: int
    entry_box: bytes
    own: tuple[str, bool]
    other_tag: bytes
    other: tuple[str, bool]


_meeting, _side, _release, _organisation = (
    table.c for table in (models.meeting, models.meeting_side, models.meeting_release, models.organisation)
)
_other = models.meeting_side.alias("other")
_OWNER: BindParameter[str] = bindparam("of_organisation", type_=String)
_TAGS: BindParameter[bytes] = bindparam("tags", expanding=True)
_NAMES: BindParameter[str] = bindparam("names", expanding=True)

# made once, as filings and polls ask them: to build a statement takes longer than to run it
# in two steps: joined in one, SQLite would walk all sides of the organisation
_OF_OTHERS = select(_side.meeting_id, _side.entry_tag, _side.state, _side.needs_hand).where(
    _side.organisation_id != _OWNER, _side.entry_tag.in_(_TAGS)
)
_OWN_OF = (
    select(_side.meeting_id, _side.entry_box, _side.state, _side.needs_hand, _meeting.grade)
    .join_from(models.meeting_side, models.meeting, _meeting.meeting_id == _side.meeting_id)
    .where(_side.organisation_id == _OWNER, _side.entry_box.is_not(None), _side.meeting_id.in_(_NAMES))
)
# meeting, entry, state, hand, change, grade, purpose; id, class, place, state, need, cover of the other
_SIDES = (
    select(
        _side.meeting_id,
        _side.entry_tag,
        _side.entry_box,
        _side.state,
        _side.needs_hand,
        _side.change,
        _meeting.grade,
        _meeting.purpose,
        _other.c.organisation_id.label("other_id"),
        _organisation.organisation_class.label("other_class"),
        _organisation.is_location_sensitive.label("other_is_sensitive"),
        _other.c.state.label("other_state"),
        _other.c.needs_hand.label("other_needs_hand"),
        _other.c.is_protected.label("other_is_protected"),
    )
    .join_from(models.meeting_side, models.meeting, _side.meeting_id == _meeting.meeting_id)
    .join(_other, and_(_other.c.meeting_id == _side.meeting_id, _other.c.organisation_id != _side.organisation_id))
    .join(models.organisation, _organisation.organisation_id == _other.c.organisation_id)
    .where(_side.organisation_id == _OWNER)
)
# the project is asked of the meeting: asked of the side, SQLite would walk all sides of the organisation
_SIDES_NAMED = _SIDES.where(_meeting.project_id == bindparam("of_project"), _side.meeting_id.in_(_NAMES))
_SIDES_CHANGED = (
    _SIDES.where(_side.project_id == bindparam("of_project"), _side.change > bindparam("after"))
    .order_by(_side.change)
    .limit(bindparam("most"))
)
_ENDED = (
    select(_release.meeting_id)
    .where(_release.project_id == bindparam("of_project"), _release.expires_on <= bindparam("today"))
    .distinct()
)
_RELEASES = select(_release.meeting_id, _release.organisation_id, _release.project_id, _release.expires_on)
_RELEASES_NAMED = _RELEASES.where(_release.meeting_id.in_(_NAMES))
_ADD_MEETINGS, _ADD_SIDES = insert(models.meeting), insert(models.meeting_side)


def earlier_meetings(connection: Connection, organisation_id: str, entry_tags: Sequence[bytes]) -> Iterator[EarlierRow]:
    """Look up the meetings that an organisation's entries have had with entries of others, by the tags of these."""
    for chunk in in_chunks(entry_tags):
        found = connection.execute(_OF_OTHERS, {"of_organisation": organisation_id, "tags": chunk})
        others = {row.meeting_id: row for row in found}
        for names in in_chunks(sorted(others)):
            for own in connection.execute(_OWN_OF, {"of_organisation": organisation_id, "names": names}):
                other = others[own.meeting_id]
                yield EarlierRow(
                    own.meeting_id,
                    own.grade,
                    bytes(own.entry_box),
                    (own.state, own.needs_hand),
                    bytes(other.entry_tag),
                    (other.state, other.needs_hand),
                )


def add_meetings(
    connection: Connection, meetings: Sequence[Mapping[str, Any]], sides: Sequence[Mapping[str, Any]]
) -> None:
    """Keep meetings and their sides, in the order of their random ids."""
    connection.execute(_ADD_MEETINGS, sorted(meetings, key=lambda row: str(row["meeting_id"])))
    connection.execute(_ADD_SIDES, sorted(sides, key=lambda row: str(row["meeting_id"])))


def sides(connection: Connection, organisation_id: str, project_id: str, meeting_ids: Sequence[str]) -> list[SideRow]:
    """Return an organisation's sides of the meetings it is a party to, hidden ones as well; see `_SIDES`."""
    mine = {"of_organisation": organisation_id, "of_project": project_id}
    found: list[SideRow] = []
    for chunk in in_chunks(meeting_ids):
        found.extend(connection.execute(_SIDES_NAMED, {**mine, "names": chunk}))
    return found


def changed_sides(
    connection: Connection, organisation_id: str, project_id: str, after: int, limit: int
) -> list[SideRow]:
    """Return an organisation's visible sides that changed after a number, in the order of change."""
    mine = {"of_organisation": organisation_id, "of_project": project_id}
    return list(connection.execute(_SIDES_CHANGED, {**mine, "after": after, "most": limit}))


def set_states(connection: Connection, organisation_id: str, moves: Sequence[tuple[str, str, int]]) -> None:
    """Move an organisation's sides of meetings: meeting, state, change number."""
    table = models.meeting_side
    here = (table.c.meeting_id == bindparam("of_meeting"), table.c.organisation_id == bindparam("of_organisation"))
    rows = [
        {"of_meeting": meeting_id, "of_organisation": organisation_id, "state": state, "change": change}
        for meeting_id, state, change in moves
    ]
    if rows:
        connection.execute(update(table).where(*here), rows)


def sides_of_entries(connection: Connection, entry_tags: Sequence[bytes]) -> list[Row[str, str]]:
    """Return meeting and organisation of every side that stands on one of the entries."""
    side = models.meeting_side.c
    found: list[Row[str, str]] = []
    for chunk in in_chunks(entry_tags):
        query = select(side.meeting_id, side.organisation_id).where(side.entry_tag.in_(chunk))
        found.extend(connection.execute(query))
    return found


def sides_of_meetings(connection: Connection, meeting_ids: Sequence[str]) -> list[Row[str, str, str]]:
    """Return meeting, organisation and state of all sides of meetings."""
    side = models.meeting_side.c
    found: list[Row[str, str, str]] = []
    for chunk in in_chunks(meeting_ids):
        query = select(side.meeting_id, side.organisation_id, side.state).where(side.meeting_id.in_(chunk))
        found.extend(connection.execute(query))
    return found


def erase_sides(connection: Connection, entry_tags: Sequence[bytes], state: str) -> None:
    """Forget the entries of sides; the rows stay for the class that the other side may still be told."""
    table = models.meeting_side
    for chunk in in_chunks(entry_tags):
        erased = {"entry_tag": None, "entry_box": None, "state": state, "change": None}
        connection.execute(update(table).where(table.c.entry_tag.in_(chunk)).values(erased))


def add_releases(
    connection: Connection, project_id: str, organisation_id: str, meeting_ids: Sequence[str], expires_on: date
) -> None:
    """Keep until when an organisation's releases by hand hold."""
    rows = [
        {
            "meeting_id": meeting_id,
            "organisation_id": organisation_id,
            "project_id": project_id,
            "expires_on": expires_on,
        }
        for meeting_id in sorted(meeting_ids)
    ]
    if rows:
        connection.execute(insert(models.meeting_release), rows)


def copy_releases(connection: Connection, from_meetings: Mapping[str, str]) -> None:
    """Let new meetings, each with the earlier one whose answer it takes over, end when that one's releases end."""
    found: dict[str, list[dict[str, Any]]] = {}
    for chunk in in_chunks(sorted(set(from_meetings.values()))):
        for row in connection.execute(_RELEASES_NAMED, {"names": chunk}):
            found.setdefault(row.meeting_id, []).append(row._asdict())
    copies = [
        {**release, "meeting_id": meeting_id}
        for meeting_id, earlier in sorted(from_meetings.items())
        for release in found.get(earlier, ())
    ]
    if copies:
        connection.execute(insert(models.meeting_release), copies)


def ended_releases(connection: Connection, project_id: str, today: date) -> list[str]:
    """Return the meetings of a project of which a release has ended."""
    return sorted(connection.execute(_ENDED, {"of_project": project_id, "today": today}).scalars())


def drop_releases(connection: Connection, meeting_ids: Sequence[str]) -> None:
    """Forget until when releases hold."""
    table = models.meeting_release
    for chunk in in_chunks(meeting_ids):
        connection.execute(delete(table).where(table.c.meeting_id.in_(chunk)))


def drop_meetings(connection: Connection, meeting_ids: Sequence[str]) -> None:
    """Delete meetings and their sides."""
    for table in (models.meeting_release, models.meeting_side, models.meeting):
        for chunk in in_chunks(meeting_ids):
            connection.execute(delete(table).where(table.c.meeting_id.in_(chunk)))
