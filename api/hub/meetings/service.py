"""Meetings as one side sees them, and its decisions on them; hub."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.cursors import read_cursor, write_cursor
from api.hub.errors import ConflictError, NotFoundError, RequestError, UnreadableError
from api.hub.meetings import repository
from api.hub.meetings.deciding import UNSEEN, SideState, after_release
from api.hub.meetings.repository import SideRow
from api.hub.organisations import repository as organisations
from api.hub.organisations.service import Member
from api.wire.meetings import Decided, Decisions, GradeCode, Meeting, MeetingPage, MeetingState, OtherSide
from api.wire.problems import Fault
from api.wire.statements import OrganisationClass, Purpose
from matcher.pairs import Grade

PAGE = 500  # meetings in one answer
_GRADES: dict[int, GradeCode] = {Grade.POSSIBLE: "possible", Grade.PROBABLE: "probable", Grade.CERTAIN: "certain"}
_UNRELEASED = {SideState.TO_DECIDE, SideState.AWAITING_OTHER_SIDE, SideState.REFUSED}
_DECIDED_SO = {
    True: {SideState.RELEASED, SideState.AWAITING_OTHER_SIDE, SideState.CLAIMED},
    False: {SideState.REFUSED},
}


def list_changes(hub: Hub, member: Member, cursor: str) -> MeetingPage:
    """
    Return an organisation's meetings that are new or changed since a cursor, oldest change first.

    Raises:
        UnreadableError: the cursor is none of this hub's.
    """
    owner = ("meetings", member.organisation_id, member.project_id)
    after = read_cursor(hub.key, owner, cursor)
    with hub.database.reading() as connection:
        rows = repository.changed_sides(connection, member.organisation_id, member.project_id, after, PAGE + 1)
    shown = rows[:PAGE]
    last = shown[-1].change if shown else after
    return MeetingPage(
        meetings=[_view(member, row) for row in shown],
        next_cursor=write_cursor(hub.key, owner, last),
        has_more=len(rows) > PAGE,
    )


def decide(hub: Hub, member: Member, meeting_id: str, *, release: bool) -> Meeting:
    """
    Release or refuse a meeting; the same decision again changes nothing.

    Raises:
        NotFoundError: there is none that this organisation may see.
        ConflictError: it is void, or was decided otherwise.
    """
    with hub.database.writing(member.project_id) as connection:
        return _decide(connection, member, meeting_id, release=release)


def decide_many(hub: Hub, member: Member, decisions: Decisions) -> Decided:
    """
    Take many decisions; each meeting stands or falls alone.

    Returns:
        The meetings as they stand now, and a fault for each that could not be decided so.

    Raises:
        UnreadableError: one meeting is to be both released and refused.
    """
    if set(decisions.release) & set(decisions.refuse):
        faults = [Fault(where="/release", code="decided_twice")]
        raise UnreadableError("a meeting is to be released and refused", code="decided_twice", faults=faults)
    meetings: list[Meeting] = []
    faults = []
    with hub.database.writing(member.project_id) as connection:
        for name, ids in (("release", decisions.release), ("refuse", decisions.refuse)):
            for index, meeting_id in enumerate(ids):
                try:
                    meetings.append(_decide(connection, member, meeting_id, release=name == "release"))
                except RequestError as error:
                    faults.append(Fault(where=f"/{name}/{index}", code=error.code))
    return Decided(meetings=meetings, faults=faults)


def require_released(connection: Connection, member: Member, meeting_ids: Sequence[str]) -> None:
    """
    Refuse meetings that an organisation may not claim: its side must be released, or claimed already.

    Raises:
        NotFoundError: one is not there, or not to be seen by this organisation.
        ConflictError: one is void, or not released.
    """
    rows = {
        row.meeting_id: row
        for row in repository.sides(connection, member.organisation_id, member.project_id, list(set(meeting_ids)))
    }
    states = [rows[meeting_id].state if meeting_id in rows else SideState.HIDDEN for meeting_id in meeting_ids]
    if faults := _faults(states, UNSEEN, "not_found"):
        raise NotFoundError(faults)
    if faults := _faults(states, {SideState.VOID}, "meeting_void"):
        raise ConflictError("a meeting is void", code="meeting_void", faults=faults)
    if faults := _faults(states, _UNRELEASED, "not_released"):
        raise ConflictError("a meeting is not released", code="not_released", faults=faults)


def mark_claimed(connection: Connection, member: Member, meeting_ids: Sequence[str]) -> None:
    """Move this organisation's sides of meetings to claimed."""
    for meeting_id in meeting_ids:
        _move(connection, member.project_id, meeting_id, member.organisation_id, SideState.CLAIMED)


def meetings_of(connection: Connection, entry_ids: Sequence[bytes]) -> list[str]:
    """Return the meetings in which any of the entries stands."""
    return sorted({row.meeting_id for row in repository.sides_of_entries(connection, entry_ids)})


def void(connection: Connection, project_id: str, entry_ids: Sequence[bytes]) -> None:
    """
    Forget the sides of erased entries; the other side of each meeting learns that it is void, if it had seen it.

    Args:
        connection: an open writing transaction that holds the project's lock.
        project_id: the project of the entries.
        entry_ids: entries that are being erased; claims on their meetings are gone already.
    """
    for row in repository.sides_of_entries(connection, entry_ids):
        repository.erase_side(connection, row.meeting_id, row.organisation_id, SideState.ERASED)
        other = repository.other_side(connection, row.meeting_id, row.organisation_id)
        if other.state in UNSEEN:
            repository.drop_meeting(connection, row.meeting_id)
        elif other.state != SideState.VOID:
            _move(connection, project_id, row.meeting_id, other.organisation_id, SideState.VOID)


def grade_code(grade: int) -> GradeCode:
    """Return the FHIR code of a kept grade."""
    return _GRADES[grade]


def _faults(states: Sequence[str], wrong: AbstractSet[SideState], code: str) -> list[Fault]:
    """Point to the meetings of a claim whose state is wrong."""
    return [Fault(where=f"/meeting_ids/{index}", code=code) for index, state in enumerate(states) if state in wrong]


def _decide(connection: Connection, member: Member, meeting_id: str, *, release: bool) -> Meeting:
    """Take one decision inside a transaction."""
    rows = repository.sides(connection, member.organisation_id, member.project_id, [meeting_id])
    if not rows or rows[0].state in UNSEEN:
        raise NotFoundError
    row = rows[0]
    if row.state == SideState.VOID:
        raise ConflictError("the meeting is void", code="meeting_void")
    if row.state == SideState.TO_DECIDE:
        _apply(connection, member, row, release=release)
    elif row.state not in _DECIDED_SO[release]:
        raise ConflictError("the meeting was decided otherwise", code="already_decided")
    (row,) = repository.sides(connection, member.organisation_id, member.project_id, [meeting_id])
    return _view(member, row)


def _apply(connection: Connection, member: Member, row: SideRow, *, release: bool) -> None:
    """Write a decision; a refusal changes nothing for the other side."""
    if not release:
        _move(connection, member.project_id, row.meeting_id, member.organisation_id, SideState.REFUSED)
        return
    own, other = after_release(SideState(row.other_state), other_needs_hand=row.other_needs_hand)
    _move(connection, member.project_id, row.meeting_id, member.organisation_id, own)
    _move(connection, member.project_id, row.meeting_id, row.other_id, other)


def _move(connection: Connection, project_id: str, meeting_id: str, organisation_id: str, state: SideState) -> None:
    """Move a visible side of a meeting, as its organisation's next change."""
    change = organisations.take_changes(connection, project_id, organisation_id, 1)
    repository.set_state(connection, meeting_id, organisation_id, state.value, change)


def _view(member: Member, row: SideRow) -> Meeting:
    """Return a meeting as the side that looks may see it."""
    return Meeting(
        meeting_id=row.meeting_id,
        project_id=member.project_id,
        entry_id=row.entry_id.hex(),
        grade=_GRADES[row.grade],
        state=MeetingState(row.state),
        other=OtherSide(organisation_class=OrganisationClass(row.other_class), purpose=Purpose(row.purpose)),
    )
