"""
Referrals: offers on a match, and what both sides make of them; hub. Why so: docs/decisions/0015.

A state follows from the events, which are only ever appended; who may move from which state is `states.STEPS`.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import HUB, Act, HubAct, Kind, told
from api.hub.context import Hub
from api.hub.cursors import read_cursor, write_cursor
from api.hub.errors import ConflictError, NotFoundError
from api.hub.organisations import repository as organisations
from api.hub.policy import Action, Member, Rung, require
from api.hub.referrals import repository
from api.hub.referrals.reaching import reach_out
from api.hub.referrals.repository import ReferralRow
from api.hub.referrals.states import STEPS, Move, Mover, replay
from api.hub.webhooks.service import announce
from api.wire.referrals import NewReferral, Referral, ReferralPage, ReferralState
from api.wire.statements import Purpose
from api.wire.webhooks import EventType

PAGE = 500  # referrals in one answer


def offer(hub: Hub, member: Member, wanted: NewReferral) -> Referral:
    """
    Offer a referral to the other side of a match; the same again is the same referral while it stands.

    Raises:
        NotFoundError: there is no such match to which this organisation is a party.
        ConflictError: the match is void, or one of the sides has not granted D3.
        RefusedError: the focal point stands between the two.
        UnavailableError: the offer cannot be written down.
    """
    expire(hub, member.project_id)
    with hub.database.writing(member.project_id) as connection:
        found = reach_out(connection, hub, member, wanted.match_id, Action.REFERRALS_OFFER)
        standing = repository.standing(connection, wanted.match_id, member.organisation_id, wanted.service)
        referral_id = standing or _add(connection, hub, member, wanted, found.other_id)
        answer = _view(member, _read(connection, member, referral_id))
        log.append(connection, hub, member, [_act(Action.REFERRALS_OFFER, "offered", answer)])
    return answer


def move(hub: Hub, member: Member, referral_id: str, what: Move) -> Referral:
    """
    Accept, decline, complete or revoke; the same again changes nothing.

    Raises:
        NotFoundError: there is no such referral of which this organisation is a side.
        ConflictError: it is the other side's move, or the referral stands elsewhere.
        NotAllowedError: not for the purpose of the match.
        UnavailableError: the move cannot be written down.
    """
    action = Action.REFERRALS_REVOKE if what is Move.REVOKE else Action.REFERRALS_ANSWER
    expire(hub, member.project_id)
    with hub.database.writing(member.project_id) as connection:
        row = _read(connection, member, referral_id)
        require(member, action, purpose=Purpose(row.purpose))
        _require_mover(member, row, STEPS[what].mover)
        if ReferralState(row.state) is not STEPS[what].after:
            _require_state(row, what)
            _record(connection, hub, row, what)
        answer = _view(member, _read(connection, member, referral_id))
        log.append(connection, hub, member, [_act(action, answer.state.value, answer)])
    return answer


def list_changes(hub: Hub, member: Member, cursor: str) -> ReferralPage:
    """
    Return an organisation's referrals that are new or changed since a cursor, oldest change first.

    Raises:
        UnreadableError: the cursor is none of this hub's.
        UnavailableError: the answer cannot be written down.
    """
    owner = ("referrals", member.organisation_id, member.project_id)
    after = read_cursor(hub.key, owner, cursor)
    expire(hub, member.project_id)
    with hub.database.writing() as connection:
        rows = repository.changed(connection, member.project_id, member.organisation_id, after, PAGE + 1)
        shown = [_view(member, row) for row in rows[:PAGE]]
        log.append(connection, hub, member, _told(shown))
    return ReferralPage(
        referrals=shown,
        next_cursor=write_cursor(hub.key, owner, rows[:PAGE][-1].change if rows else after),
        has_more=len(rows) > PAGE,
    )


def expire(hub: Hub, project_id: str) -> None:
    """End the offers of a project whose time is over."""
    with hub.database.reading() as connection:
        is_due = bool(repository.overdue(connection, project_id, hub.today()))
    if is_due:
        with hub.database.writing(project_id) as connection:
            rows = repository.overdue(connection, project_id, hub.today())
            for row in rows:
                _record(connection, hub, row, Move.EXPIRE)
            log.append(connection, hub, HUB, [Act(HubAct.REFERRALS_EXPIRE, "expired", count=len(rows))], project_id)


def _add(connection: Connection, hub: Hub, member: Member, wanted: NewReferral, receiver_id: str) -> str:
    """Keep a new offer."""
    referral_id = str(uuid.uuid4())
    repository.add_referral(
        connection,
        {
            "referral_id": referral_id,
            "match_id": wanted.match_id,
            "project_id": member.project_id,
            "referrer_id": member.organisation_id,
            "receiver_id": receiver_id,
            "service": wanted.service,
            "state": ReferralState.OFFERED.value,
            "offered_on": hub.today(),
            "expires_on": hub.today() + timedelta(days=wanted.days),
        },
    )
    _record(connection, hub, _read(connection, member, referral_id), Move.OFFER)
    return referral_id


def _record(connection: Connection, hub: Hub, row: ReferralRow, what: Move) -> None:
    """Append an event, write the state that follows from all, and show it to both sides."""
    repository.add_event(connection, row.referral_id, what, hub.today())
    repository.set_state(connection, row.referral_id, replay(repository.moves_of(connection, row.referral_id)))
    for organisation_id in (row.referrer_id, row.receiver_id):
        change = organisations.take_changes(connection, row.project_id, organisation_id, 1)
        repository.set_change(connection, row.referral_id, organisation_id, change)
        announce(connection, hub, (row.project_id, organisation_id), EventType.REFERRAL_CHANGED, row.referral_id)


def _read(connection: Connection, member: Member, referral_id: str) -> ReferralRow:
    """Return a referral of an organisation's own, as either side."""
    row = repository.referral(connection, member.project_id, member.organisation_id, referral_id)
    if row is None:
        raise NotFoundError
    return row


def _require_mover(member: Member, row: ReferralRow, mover: Mover) -> None:
    """Refuse a move that is the other side's."""
    is_referrer = member.organisation_id == row.referrer_id
    if is_referrer is not (mover is Mover.REFERRER):
        raise ConflictError("that is for the other side to do", code="other_sides_move")


def _require_state(row: ReferralRow, what: Move) -> None:
    """Refuse a move from where the referral stands."""
    if ReferralState(row.state) not in STEPS[what].before:
        raise ConflictError("the referral stands elsewhere", code="referral_state")


def _view(member: Member, row: ReferralRow) -> Referral:
    """Return a referral as one of its sides sees it."""
    return Referral(
        referral_id=row.referral_id,
        match_id=row.match_id,
        purpose=Purpose(row.purpose),
        is_own=row.referrer_id == member.organisation_id,
        service=row.service,
        state=ReferralState(row.state),
        offered_on=row.offered_on.isoformat(),
        expires_on=row.expires_on.isoformat(),
    )


def _act(action: Action, decision: str, answer: Referral) -> Act:
    """Return what is written down of a move."""
    objects = (answer.referral_id,)
    return Act(action, decision, Rung.D1, (answer.purpose,), reason=answer.service, kind=Kind.REFERRAL, objects=objects)


def _told(shown: Sequence[Referral]) -> list[Act]:
    """Return what is written down of a list, by referral and by match: both are asked after."""
    return [
        *_listed(Kind.REFERRAL, ((each.purpose, each.referral_id) for each in shown)),
        *_listed(Kind.MATCH, ((each.purpose, each.match_id) for each in shown if not each.is_own)),
    ]


def _listed(kind: Kind, objects: Iterable[tuple[Purpose, str]]) -> list[Act]:
    """Return the acts of things of one kind."""
    return told(Action.REFERRALS_READ, "answered", Rung.D1, kind, objects)
