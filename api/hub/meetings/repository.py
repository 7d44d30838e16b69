"""The tables of meetings and their sides."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, select, update

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks

EarlierRow = Row[bytes, bytes, str, int, str, bool, str, bool]
SideRow = Row[str, bytes | None, bytes | None, str, bool, int, int, str, str, str, bool, str, bool, bool]


def earlier_meetings(connection: Connection, organisation_id: str, entry_tags: Sequence[bytes]) -> Iterator[EarlierRow]:
    """
    Look up the meetings that an organisation's entries have had with entries of others, by the tags of these.

    Returns:
        The own entry, sealed; the other's tag; meeting, grade; state and need of a hand of both.
    """
    own, other, meeting = models.meeting_side.alias("own"), models.meeting_side.alias("other"), models.meeting.c
    query = (
        select(
            own.c.entry_box,
            other.c.entry_tag.label("other_tag"),
            meeting.meeting_id,
            meeting.grade,
            own.c.state.label("own_state"),
            own.c.needs_hand.label("own_needs_hand"),
            other.c.state.label("other_state"),
            other.c.needs_hand.label("other_needs_hand"),
        )
        .join_from(other, own, and_(own.c.meeting_id == other.c.meeting_id, own.c.organisation_id == organisation_id))
        .join(models.meeting, meeting.meeting_id == own.c.meeting_id)
        .where(other.c.organisation_id != organisation_id, own.c.entry_box.is_not(None))
    )
    for chunk in in_chunks(entry_tags):
        yield from connection.execute(query.where(other.c.entry_tag.in_(chunk)))


def add_meetings(
    connection: Connection, meetings: Sequence[Mapping[str, Any]], sides: Sequence[Mapping[str, Any]]
) -> None:
    """Keep meetings and their sides, in the order of their random ids."""
    connection.execute(insert(models.meeting), sorted(meetings, key=lambda row: str(row["meeting_id"])))
    connection.execute(insert(models.meeting_side), sorted(sides, key=lambda row: str(row["meeting_id"])))


def sides(connection: Connection, organisation_id: str, project_id: str, meeting_ids: Sequence[str]) -> list[SideRow]:
    """Return an organisation's sides of the meetings it is a party to, hidden ones as well; see `_sides`."""
    side = models.meeting_side.c
    # the project is asked of the meeting: asked of the side, SQLite would walk all sides of the organisation
    mine = (side.organisation_id == organisation_id, models.meeting.c.project_id == project_id)
    found: list[SideRow] = []
    for chunk in in_chunks(meeting_ids):
        found.extend(connection.execute(_sides().where(*mine, side.meeting_id.in_(chunk))))
    return found


def changed_sides(
    connection: Connection, organisation_id: str, project_id: str, after: int, limit: int
) -> list[SideRow]:
    """Return an organisation's visible sides that changed after a number, in the order of change."""
    side = models.meeting_side.c
    mine = (side.organisation_id == organisation_id, side.project_id == project_id, side.change > after)
    return list(connection.execute(_sides().where(*mine).order_by(side.change).limit(limit)))


def _sides() -> Any:
    """Select meeting, entry, state, hand, change, grade, purpose; id, class, place, state, need, cover of the other."""
    side, other = models.meeting_side.c, models.meeting_side.alias("other_side")
    meeting, organisation = models.meeting.c, models.organisation.c
    return (
        select(
            side.meeting_id,
            side.entry_tag,
            side.entry_box,
            side.state,
            side.needs_hand,
            side.change,
            meeting.grade,
            meeting.purpose,
            other.c.organisation_id.label("other_id"),
            organisation.organisation_class.label("other_class"),
            organisation.is_location_sensitive.label("other_is_sensitive"),
            other.c.state.label("other_state"),
            other.c.needs_hand.label("other_needs_hand"),
            other.c.is_protected.label("other_is_protected"),
        )
        .join_from(models.meeting_side, models.meeting, side.meeting_id == meeting.meeting_id)
        .join(
            other,
            and_(other.c.meeting_id == side.meeting_id, other.c.organisation_id != side.organisation_id),
        )
        .join(models.organisation, organisation.organisation_id == other.c.organisation_id)
    )


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
    table = models.meeting_release
    for meeting_id, earlier in sorted(from_meetings.items()):
        query = select(table.c.organisation_id, table.c.project_id, table.c.expires_on)
        for row in connection.execute(query.where(table.c.meeting_id == earlier)).all():
            add_releases(connection, row.project_id, row.organisation_id, [meeting_id], row.expires_on)


def ended_releases(connection: Connection, project_id: str, today: date) -> list[str]:
    """Return the meetings of a project of which a release has ended."""
    table = models.meeting_release.c
    query = select(table.meeting_id).where(table.project_id == project_id, table.expires_on <= today).distinct()
    return sorted(connection.execute(query).scalars())


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
