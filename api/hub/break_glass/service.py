"""
D3 without the holder's consent, for four hours, when somebody is in imminent danger; hub.

One person asks, two others of different organisations approve; the holder is told at once, and the data-protection
officer looks into it afterwards. Nothing of it can be done by an agent's key.
"""

import uuid
from datetime import UTC, datetime

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind
from api.hub.break_glass import repository
from api.hub.break_glass.repository import GlassRow
from api.hub.context import Hub
from api.hub.errors import ConflictError, NotFoundError
from api.hub.grants import service as grants
from api.hub.matches import repository as matches
from api.hub.matches.joining import NOT_SAME
from api.hub.matches.service import open_party
from api.hub.matches.showing import showing
from api.hub.policy import Action, Actor, Member, Rung
from api.wire.break_glass import (
    OPEN_HOURS,
    REVIEW_HOURS,
    BreakGlass,
    BreakGlasses,
    BreakGlassReview,
    BreakGlassState,
    NewBreakGlass,
)
from api.wire.statements import Purpose

APPROVERS = 2
WAIT_HOURS = 24  # for approvals: imminent danger that is a day old is asked for anew
HOUR = 3600  # seconds


def ask(hub: Hub, member: Member, wanted: NewBreakGlass) -> BreakGlass:
    """
    Ask for D3 of a match because of an imminent danger; while it waits or is open, the same again is the same.

    Raises:
        NotFoundError: there is no such match to which this organisation is a party.
        ConflictError: the match is void or of two people, or so much is told already.
        NotAllowedError: not for the purpose of the match.
        UnavailableError: it cannot be written down.
    """
    with hub.database.writing(member.project_id) as connection:
        found = open_party(connection, hub, member, wanted.match_id, action=Action.BREAK_GLASS_ASK, rung=Rung.D3)
        row = repository.last_of(connection, wanted.match_id, member.organisation_id)
        if row is None or _state(hub, row) is BreakGlassState.OVER:
            if found.look.rung >= Rung.D3:
                raise ConflictError("so much is told already", code="already_told")
            row = _add(connection, hub, member, wanted, found.other_id)
        act = Act(
            Action.BREAK_GLASS_ASK,
            "asked",
            purposes=(found.purpose,),
            reason=wanted.danger,
            kind=Kind.MATCH,
            objects=(wanted.match_id,),
        )
        log.append(connection, hub, member, [act])
        return _view(hub, row)


def listing(hub: Hub, actor: Actor) -> BreakGlasses:
    """Return all that wait for approval or review, of the actor's project; of all for people of the hub itself."""
    with hub.database.reading() as connection:
        rows = repository.unfinished(connection, actor.project_id, hub.now() - WAIT_HOURS * HOUR)
    return BreakGlasses(break_glasses=[_view(hub, row) for row in rows])


def approve(hub: Hub, actor: Actor, break_glass_id: str) -> BreakGlass:
    """
    Approve; with the second approval D3 is open, and the holder is told.

    Raises:
        NotFoundError: no such one waits in this actor's project.
        ConflictError: this person asked, or this organisation has approved already, or the match is void or of two
            people.
        UnavailableError: it cannot be written down.
    """
    with hub.database.reading() as connection:
        project_id = _read(connection, actor, break_glass_id).project_id
    with hub.database.writing(project_id) as connection:
        row = _read(connection, actor, break_glass_id)
        if _state(hub, row) is not BreakGlassState.AWAITING_APPROVALS:
            raise NotFoundError
        _require_another(connection, actor, row)
        repository.add_approval(connection, break_glass_id, actor.organisation_id, actor.actor_id)
        row = _read(connection, actor, break_glass_id)
        decision = "approved"
        if row.approvals >= APPROVERS:
            _open(connection, hub, row)
            decision = "opened"
        log.append(
            connection, hub, actor, [_act(connection, hub, Action.BREAK_GLASS_APPROVE, decision, row)], project_id
        )
        return _view(hub, _read(connection, actor, break_glass_id))


def review(hub: Hub, actor: Actor, break_glass_id: str, found: BreakGlassReview) -> BreakGlass:
    """
    Keep what the data-protection officer found.

    Raises:
        NotFoundError: no such one was opened.
        ConflictError: another finding was given before, or this person has approved it.
        UnavailableError: it cannot be written down.
    """
    with hub.database.writing() as connection:
        row = _read(connection, actor, break_glass_id)
        if row.opened_at is None:
            raise NotFoundError
        if any(each.actor_id == actor.actor_id for each in repository.approvers(connection, break_glass_id)):
            raise ConflictError("another person has to review", code="another_person_needed")
        if row.finding not in {None, found.finding}:
            raise ConflictError("it was found otherwise before", code="already_decided")
        repository.change(connection, break_glass_id, finding=found.finding)
        act = _act(connection, hub, Action.BREAK_GLASS_REVIEW, found.finding, row)
        log.append(connection, hub, actor, [act], row.project_id)
        return _view(hub, _read(connection, actor, break_glass_id))


def _add(connection: Connection, hub: Hub, member: Member, wanted: NewBreakGlass, holder_id: str) -> GlassRow:
    """Keep that somebody asks."""
    break_glass_id = str(uuid.uuid4())
    row = {
        "break_glass_id": break_glass_id,
        "match_id": wanted.match_id,
        "project_id": member.project_id,
        "asker_id": member.organisation_id,
        "holder_id": holder_id,
        "actor_id": member.actor_id,
        "danger": wanted.danger,
        "asked_at": hub.now(),
    }
    repository.add(connection, row)
    return _read(connection, member, break_glass_id)


def _read(connection: Connection, actor: Actor, break_glass_id: str) -> GlassRow:
    """Return an emergency within an actor's reach."""
    row = repository.glass(connection, break_glass_id)
    if row is None or actor.project_id not in {"", row.project_id}:
        raise NotFoundError
    return row


def _require_another(connection: Connection, actor: Actor, row: GlassRow) -> None:
    """Refuse whoever asked, and a second person of one organisation."""
    if actor.actor_id == row.actor_id:
        raise ConflictError("another person has to approve", code="another_person_needed")
    organisations = {each.organisation_id for each in repository.approvers(connection, row.break_glass_id)}
    if actor.organisation_id in organisations:
        raise ConflictError("a person of another organisation has to approve", code="another_organisation_needed")


def _open(connection: Connection, hub: Hub, row: GlassRow) -> None:
    """Grant D3 in the holder's stead, and show it to both sides."""
    match = matches.live_match(connection, hub.key, row.match_id)
    if match is None:
        raise ConflictError("the match is void", code="match_void")
    if match.resolution == NOT_SAME:
        raise ConflictError("reviews found that these are two people", code="not_the_same")
    with showing(connection, hub, row.match_id):
        repository.change(connection, row.break_glass_id, opened_at=hub.now())
        grants.give_for_hours(connection, hub, row.match_id, row.holder_id, Rung.D3, OPEN_HOURS)


def _act(connection: Connection, hub: Hub, action: Action, decision: str, row: GlassRow) -> Act:
    """Return what is written down; who approves or reviews learns nothing of the record."""
    match = matches.live_match(connection, hub.key, row.match_id)
    purposes = () if match is None else (Purpose(match.ends.purpose),)
    return Act(action, decision, purposes=purposes, reason=row.danger, kind=Kind.MATCH, objects=(row.match_id,))


def _state(hub: Hub, row: GlassRow) -> BreakGlassState:
    """Say where an emergency stands now."""
    begun, hours, state = row.opened_at, OPEN_HOURS, BreakGlassState.OPEN
    if begun is None:
        begun, hours, state = row.asked_at, WAIT_HOURS, BreakGlassState.AWAITING_APPROVALS
    return state if hub.now() < begun + hours * HOUR else BreakGlassState.OVER


def _view(hub: Hub, row: GlassRow) -> BreakGlass:
    """Return an emergency, without the match or anybody in it."""
    return BreakGlass(
        break_glass_id=row.break_glass_id,
        danger=row.danger,
        state=_state(hub, row),
        approvals=row.approvals,
        asked_on=_day(row.asked_at),
        finding=row.finding,
        review_due_on="" if row.opened_at is None else _day(row.opened_at + REVIEW_HOURS * HOUR),
    )


def _day(second: int) -> str:
    """Return the day of a second since 1970."""
    return datetime.fromtimestamp(second, UTC).date().isoformat()
