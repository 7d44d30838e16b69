"""Meetings as one side sees them, and its decisions on them; hub."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from secrets import SystemRandom

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind, told
from api.hub.context import Hub
from api.hub.cursors import read_cursor, write_cursor
from api.hub.errors import ConflictError, NotFoundError, UnreadableError
from api.hub.meetings import repository
from api.hub.meetings.deciding import UNSEEN, SideState, after_release
from api.hub.meetings.repository import SideRow
from api.hub.meetings.sides import SideSeal
from api.hub.organisations import repository as organisations
from api.hub.places import place_of, tells_class
from api.hub.policy import Action, Member, Rung
from api.wire.meetings import Decided, Decisions, GradeCode, Meeting, MeetingPage, MeetingState, OtherSide
from api.wire.problems import Fault
from api.wire.statements import OrganisationClass, Purpose
from matcher.pairs import Grade

PAGE = 500  # meetings in one answer
RELEASE_DAYS = 90  # a release by hand that is not claimed by both until then is none any more

Move = tuple[str, str, SideState]  # meeting, organisation, where its side goes

_GRADES: dict[int, GradeCode] = {Grade.POSSIBLE: "possible", Grade.PROBABLE: "probable", Grade.CERTAIN: "certain"}
_UNRELEASED = {SideState.TO_DECIDE, SideState.AWAITING_OTHER_SIDE, SideState.REFUSED}
_DECIDED_SO = {
    True: {SideState.RELEASED, SideState.AWAITING_OTHER_SIDE, SideState.CLAIMED},
    False: {SideState.REFUSED},
}


def list_changes(hub: Hub, member: Member, cursor: str) -> MeetingPage:
    """
    Return an organisation's meetings that are new or changed since a cursor, oldest change first.

    An answer that tells something is read in the transaction in which it is written down.

    Raises:
        UnreadableError: the cursor is none of this hub's.
        UnavailableError: the answer cannot be written down.
    """
    owner = ("meetings", member.organisation_id, member.project_id)
    after = read_cursor(hub.key, owner, cursor)
    with hub.database.reading() as connection:
        is_due = bool(repository.ended_releases(connection, member.project_id, hub.today()))
        rows = repository.changed_sides(connection, member.organisation_id, member.project_id, after, PAGE + 1)
    if is_due:
        with hub.database.writing(member.project_id) as connection:
            end_releases(connection, hub, member.project_id)
    if rows or is_due:
        with hub.database.writing() as connection:
            rows = repository.changed_sides(connection, member.organisation_id, member.project_id, after, PAGE + 1)
            log.append(connection, hub, member, _told(member, Action.MEETINGS_READ, "answered", rows[:PAGE]))
    shown, seal = rows[:PAGE], SideSeal(hub.key)
    last = shown[-1].change if shown else after
    return MeetingPage(
        meetings=[_view(seal, member, row) for row in shown],
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
    wanted = Decisions(release=[meeting_id]) if release else Decisions(refuse=[meeting_id])
    decided = decide_many(hub, member, wanted)
    if decided.meetings:
        return decided.meetings[0]
    code = decided.faults[0].code
    if code == "not_found":
        raise NotFoundError
    raise ConflictError("the meeting is void, or was decided otherwise", code=code)


def decide_many(hub: Hub, member: Member, decisions: Decisions) -> Decided:
    """
    Take many decisions; each meeting stands or falls alone.

    Returns:
        The meetings as they stand now, and a fault for each that could not be decided so.

    Raises:
        UnreadableError: one meeting is to be both released and refused.
        UnavailableError: the decisions cannot be written down.
    """
    if set(decisions.release) & set(decisions.refuse):
        faults = [Fault(where="/release", code="decided_twice")]
        raise UnreadableError("a meeting is to be released and refused", code="decided_twice", faults=faults)
    with hub.database.writing(member.project_id) as connection:
        end_releases(connection, hub, member.project_id)
        asked = [*decisions.release, *decisions.refuse]
        rows = _sides(connection, member, asked)
        faults = _decision_faults(rows, decisions)
        open_rows = [row for row in rows.values() if row.state == SideState.TO_DECIDE]
        released = [row.meeting_id for row in open_rows if row.meeting_id in set(decisions.release)]
        _apply(connection, member, open_rows, frozenset(released))
        expires_on = hub.today() + timedelta(days=RELEASE_DAYS)
        repository.add_releases(connection, member.project_id, member.organisation_id, released, expires_on)
        rows = _sides(connection, member, asked)
        wrong = {fault.where for fault in faults}
        decided = [rows[meeting_id] for place, meeting_id in _places(decisions) if place not in wrong]
        acts = _decision_acts(member, decided, frozenset(row.meeting_id for row in open_rows))
        undone = [Act(Action.MEETINGS_DECIDE, "not_done", count=len(faults))] if faults else []
        log.append(connection, hub, member, [*acts, *undone])
    seal = SideSeal(hub.key)
    return Decided(meetings=[_view(seal, member, row) for row in decided], faults=faults)


def end_releases(connection: Connection, hub: Hub, project_id: str) -> None:
    """
    End releases by hand whose time is over: the meeting is void for both, unless both have claimed it.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the day.
        project_id: the project.
    """
    meeting_ids = repository.ended_releases(connection, project_id, hub.today())
    if not meeting_ids:
        return
    repository.drop_releases(connection, meeting_ids)
    by_meeting: dict[str, dict[str, str]] = {}
    for side in repository.sides_of_meetings(connection, meeting_ids):
        by_meeting.setdefault(side.meeting_id, {})[side.organisation_id] = side.state
    _void(
        connection,
        project_id,
        (
            (meeting_id, organisation_id, state)
            for meeting_id, states in by_meeting.items()
            if set(states.values()) != {SideState.CLAIMED}
            for organisation_id, state in states.items()
        ),
    )


def require_released(connection: Connection, member: Member, meeting_ids: Sequence[str]) -> None:
    """
    Refuse meetings that an organisation may not claim: its side must be released, or claimed already.

    Raises:
        NotFoundError: one is not there, or not to be seen by this organisation.
        ConflictError: one is void, or not released.
    """
    rows = _sides(connection, member, meeting_ids)
    states = [rows[meeting_id].state if meeting_id in rows else SideState.HIDDEN for meeting_id in meeting_ids]
    if faults := _faults(states, UNSEEN, "not_found"):
        raise NotFoundError(faults)
    if faults := _faults(states, {SideState.VOID}, "meeting_void"):
        raise ConflictError("a meeting is void", code="meeting_void", faults=faults)
    if faults := _faults(states, _UNRELEASED, "not_released"):
        raise ConflictError("a meeting is not released", code="not_released", faults=faults)


def mark_claimed(connection: Connection, member: Member, meeting_ids: Sequence[str]) -> None:
    """Move this organisation's sides of meetings to claimed."""
    _move(connection, member.project_id, [(name, member.organisation_id, SideState.CLAIMED) for name in meeting_ids])


def meetings_of(connection: Connection, hub: Hub, entry_ids: Sequence[bytes]) -> list[str]:
    """Return the meetings in which any of the entries stands."""
    return _meetings_of(connection, SideSeal(hub.key).tags(entry_ids))


def _meetings_of(connection: Connection, entry_tags: Sequence[bytes]) -> list[str]:
    """Return the meetings in which any of the entries stands, by their tags."""
    return sorted({row.meeting_id for row in repository.sides_of_entries(connection, entry_tags)})


def visible_of(connection: Connection, hub: Hub, member: Member, entry_ids: Sequence[bytes]) -> list[str]:
    """Return the meetings in which own entries stand and that this organisation may see."""
    asked = SideSeal(hub.key).tags(entry_ids)
    rows, tags = _sides(connection, member, _meetings_of(connection, asked)), set(asked)
    return [name for name, row in rows.items() if row.state not in UNSEEN and bytes(row.entry_tag) in tags]


def classes_told(
    connection: Connection, member: Member, meeting_ids: Sequence[str]
) -> dict[str, OrganisationClass | None]:
    """Return the class of the other side of own meetings, None where this organisation is not told it."""
    return {
        name: OrganisationClass(row.other_class) if _is_class_told(member, row) else None
        for name, row in _sides(connection, member, meeting_ids).items()
    }


def void(connection: Connection, hub: Hub, project_id: str, entry_ids: Sequence[bytes]) -> None:
    """
    Forget the sides of erased entries; the other side of each meeting learns that it is void, if it had seen it.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the key.
        project_id: the project of the entries.
        entry_ids: entries that are being erased; claims on their meetings are gone already.
    """
    entry_tags = SideSeal(hub.key).tags(entry_ids)
    meeting_ids = _meetings_of(connection, entry_tags)
    repository.erase_sides(connection, entry_tags, SideState.ERASED)
    sides = repository.sides_of_meetings(connection, meeting_ids)
    seen = {side.meeting_id for side in sides if side.state not in UNSEEN}
    repository.drop_meetings(connection, [meeting_id for meeting_id in meeting_ids if meeting_id not in seen])
    _void(connection, project_id, ((side.meeting_id, side.organisation_id, side.state) for side in sides))


def _void(connection: Connection, project_id: str, sides: Iterable[tuple[str, str, str]]) -> None:
    """Let those sides of meetings that are seen be void."""
    gone = UNSEEN | {SideState.VOID}
    moves = [(meeting_id, owner, SideState.VOID) for meeting_id, owner, state in sides if state not in gone]
    _move(connection, project_id, moves)


def grade_code(grade: int) -> GradeCode:
    """Return the FHIR code of a kept grade."""
    return _GRADES[grade]


def _faults(states: Sequence[str], wrong: AbstractSet[SideState], code: str) -> list[Fault]:
    """Point to the meetings of a claim whose state is wrong."""
    return [Fault(where=f"/meeting_ids/{index}", code=code) for index, state in enumerate(states) if state in wrong]


def _sides(connection: Connection, member: Member, meeting_ids: Sequence[str]) -> dict[str, SideRow]:
    """Return an organisation's sides of meetings, by meeting."""
    rows = repository.sides(connection, member.organisation_id, member.project_id, sorted(set(meeting_ids)))
    return {row.meeting_id: row for row in rows}


def _places(decisions: Decisions) -> Iterator[tuple[str, str]]:
    """Return each meeting with the JSON pointer to it."""
    for name, meeting_ids in (("release", decisions.release), ("refuse", decisions.refuse)):
        for index, meeting_id in enumerate(meeting_ids):
            yield f"/{name}/{index}", meeting_id


def _decision_faults(rows: Mapping[str, SideRow], decisions: Decisions) -> list[Fault]:
    """Point to the meetings that cannot be decided so."""
    faults = []
    for place, meeting_id in _places(decisions):
        state = rows[meeting_id].state if meeting_id in rows else SideState.HIDDEN
        if state in UNSEEN:
            faults.append(Fault(where=place, code="not_found"))
        elif state == SideState.VOID:
            faults.append(Fault(where=place, code="meeting_void"))
        elif state not in _DECIDED_SO[place.startswith("/release")] | {SideState.TO_DECIDE}:
            faults.append(Fault(where=place, code="already_decided"))
    return faults


def _told(member: Member, action: Action, decision: str, rows: Sequence[SideRow]) -> list[Act]:
    """Return what is written down of an answer that holds these meetings: it tells grade, and mostly class."""
    by_rung: dict[Rung, list[SideRow]] = {}
    for row in rows:
        by_rung.setdefault(Rung.D2 if _is_class_told(member, row) else Rung.D1, []).append(row)
    return [
        act
        for rung, those in sorted(by_rung.items())
        for act in told(action, decision, rung, Kind.MEETING, ((Purpose(row.purpose), row.meeting_id) for row in those))
    ]


def _decision_acts(member: Member, rows: Sequence[SideRow], new: AbstractSet[str]) -> list[Act]:
    """Return what is written down of decisions; those of before are but told again."""
    acts: list[Act] = []
    by_decision: dict[str, list[SideRow]] = {}
    for row in rows:
        decision = "refused" if row.state == SideState.REFUSED else "released"
        by_decision.setdefault(decision if row.meeting_id in new else "answered", []).append(row)
    for decision, decided in sorted(by_decision.items()):
        acts.extend(_told(member, Action.MEETINGS_DECIDE, decision, decided))
    return acts


def _apply(connection: Connection, member: Member, rows: Sequence[SideRow], released: AbstractSet[str]) -> None:
    """Write decisions; a refusal changes nothing for the other side."""
    moves: list[Move] = []
    for row in rows:
        if row.meeting_id not in released:
            moves.append((row.meeting_id, member.organisation_id, SideState.REFUSED))
            continue
        own, other = after_release(SideState(row.other_state), other_needs_hand=row.other_needs_hand)
        moves.append((row.meeting_id, member.organisation_id, own))
        moves.append((row.meeting_id, row.other_id, other))
    _move(connection, member.project_id, moves)


def _move(connection: Connection, project_id: str, moves: Sequence[Move]) -> None:
    """Move visible sides, as their organisations' next changes; shuffled, so that no order tells what is one record."""
    by_organisation: dict[str, list[tuple[str, SideState]]] = {}
    for meeting_id, organisation_id, state in moves:
        by_organisation.setdefault(organisation_id, []).append((meeting_id, state))
    for organisation_id, mine in sorted(by_organisation.items()):
        SystemRandom().shuffle(mine)
        first = organisations.take_changes(connection, project_id, organisation_id, len(mine))
        numbered = [(meeting_id, state.value, first + index) for index, (meeting_id, state) in enumerate(mine)]
        repository.set_states(connection, organisation_id, numbered)


def _view(seal: SideSeal, member: Member, row: SideRow) -> Meeting:
    """Return a meeting as the side that looks may see it."""
    other_class = OrganisationClass(row.other_class) if _is_class_told(member, row) else None
    return Meeting(
        meeting_id=row.meeting_id,
        project_id=member.project_id,
        entry_id=seal.entry_id(row.entry_box, row.meeting_id, member.organisation_id).hex(),
        grade=_GRADES[row.grade],
        state=MeetingState(row.state),
        other=OtherSide(organisation_class=other_class, purpose=Purpose(row.purpose)),
    )


def _is_class_told(member: Member, row: SideRow) -> bool:
    """Tell whether a side learns the other's class: who decides has to know it, whatever the other's record."""
    is_protected = row.other_is_protected and not row.needs_hand
    other = place_of(row.other_class, row.other_is_sensitive)
    return tells_class(member.organisation_class, other, is_protected=is_protected)
