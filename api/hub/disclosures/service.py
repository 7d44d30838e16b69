"""
Requests to be told more of a match, and the holder's decisions on them; hub. Why so: docs/decisions/0014.

The asker never learns of a refusal: its request stays `pending` until it ends, as one does that nobody has looked at.
"""

import uuid
from datetime import timedelta

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind
from api.hub.context import Hub
from api.hub.disclosures import repository
from api.hub.disclosures.people import count_people, people_needed
from api.hub.disclosures.repository import RequestRow
from api.hub.disclosures.views import Stored, view
from api.hub.errors import ConflictError, NotFoundError, RefusedError, UnreadableError
from api.hub.grants import service as grants
from api.hub.grants.service import Cause
from api.hub.matches.service import Party, is_protected, open_party
from api.hub.matches.showing import showing
from api.hub.policy import Action, Decision, Member, Rung
from api.hub.policy import decide as what_policy_says
from api.wire.disclosures import (
    REQUEST_DAYS,
    DisclosureDecision,
    DisclosureRequest,
    DisclosureRequests,
    NewDisclosureRequest,
)
from api.wire.problems import Fault
from api.wire.statements import OrganisationClass, Purpose

PAGE = 500  # requests in one answer


def ask(hub: Hub, member: Member, match_id: str, wanted: NewDisclosureRequest) -> DisclosureRequest:
    """
    Ask to be told more of a match; the same again is the same request, with a new reason if the holder asked for one.

    Raises:
        NotFoundError: there is no such match to which this organisation is a party.
        ConflictError: the match is void or of two people, or so much is told already.
        RefusedError: the police gives no lawful basis.
        NotAllowedError: not for this purpose, or not to this rung.
        UnavailableError: the request cannot be written down.
    """
    rung = Rung[wanted.rung]
    if member.organisation_class is OrganisationClass.POLICE and wanted.lawful_basis is None:
        faults = [Fault(where="/lawful_basis", code="missing")]
        raise RefusedError("the police asks with a lawful basis", code="statement_incomplete", faults=faults)
    with hub.database.writing(member.project_id) as connection:
        found = open_party(connection, hub, member, match_id, action=Action.DISCLOSURES_REQUEST, rung=rung)
        row = repository.live_request(connection, match_id, member.organisation_id, rung, hub.today())
        if row is None:
            request_id = _add(connection, hub, member, found, wanted)
        else:
            request_id = row.request_id
            _answer_question(connection, row, wanted)
        answer = view(member, _read(connection, hub, member, request_id))
        log.append(connection, hub, member, [_act(Action.DISCLOSURES_REQUEST, "asked", found.purpose, answer)])
    return answer


def listing(hub: Hub, member: Member) -> DisclosureRequests:
    """
    Return the requests of an organisation and to it that are not over.

    Raises:
        UnavailableError: the answer cannot be written down.
    """
    with hub.database.writing() as connection:
        owner = (member.project_id, member.organisation_id)
        rows = repository.requests_of(connection, *owner, hub.today(), PAGE)
        seen = [row for row in rows if row.asker_id == member.organisation_id or row.state != Stored.OWN_APPROVAL]
        shown = [view(member, row) for row in seen]
        acts = [_act(Action.DISCLOSURES_READ, "answered", answer.purpose, answer) for answer in shown]
        log.append(connection, hub, member, acts)
    return DisclosureRequests(requests=shown)


def decide(hub: Hub, member: Member, request_id: str, decision: DisclosureDecision) -> DisclosureRequest:
    """
    Grant, refuse or ask back; for the asker's own second person: agree to a request for D4, or take it back.

    Raises:
        NotFoundError: there is no such request that waits for this organisation, or it is over.
        ConflictError: it is decided otherwise, or the match is void.
        UnreadableError: a question without `ask`, or `ask` without one.
        UnavailableError: the decision cannot be written down.
    """
    if (decision.decision == "ask") is not (decision.question is not None):
        faults = [Fault(where="/question", code="question_mismatch")]
        raise UnreadableError("a question goes with `ask` alone", code="question_mismatch", faults=faults)
    with hub.database.writing(member.project_id) as connection:
        row = _read(connection, hub, member, request_id)
        found = open_party(connection, hub, member, row.match_id, action=Action.DISCLOSURES_DECIDE)
        with showing(connection, hub, row.match_id):
            if row.asker_id == member.organisation_id:
                _agree(connection, hub, member, found, row, decision)
            else:
                _decide(connection, hub, member, found, row, decision)
        answer = view(member, _read(connection, hub, member, request_id))
        log.append(connection, hub, member, [_act(Action.DISCLOSURES_DECIDE, answer.state, found.purpose, answer)])
    return answer


def _add(connection: Connection, hub: Hub, member: Member, found: Party, wanted: NewDisclosureRequest) -> str:
    """Keep a new request; one for D4 tells of the asker's record too, so that its own people have to agree first."""
    rung, request_id = Rung[wanted.rung], str(uuid.uuid4())
    if found.look.rung >= rung:
        raise ConflictError("so much is told already", code="already_told")
    repository.add_request(
        connection,
        {
            "request_id": request_id,
            "match_id": found.match.match_id,
            "project_id": member.project_id,
            "asker_id": member.organisation_id,
            "holder_id": found.other_id,
            "rung": int(rung),
            "reason": wanted.reason,
            "lawful_basis": wanted.lawful_basis,
            "state": Stored.TO_DECIDE.value,
            "question": None,
            "days": grants.RULE_DAYS,
            "asked_on": hub.today(),
            "expires_on": hub.today() + timedelta(days=REQUEST_DAYS),
        },
    )
    if rung is Rung.D4:
        if what_policy_says(member, Action.DISCLOSURES_DECIDE) is Decision.ALLOWED:
            _approve(connection, member, request_id)
        if not _is_agreed(connection, hub, member, found, request_id, rung):
            repository.change_request(connection, request_id, state=Stored.OWN_APPROVAL.value)
    return request_id


def _answer_question(connection: Connection, row: RequestRow, wanted: NewDisclosureRequest) -> None:
    """Let a request wait again that the holder had asked back on; any other stands as it was first made."""
    if row.question is not None:
        state = Stored.TO_DECIDE.value if row.state == Stored.ASKED else row.state
        changed = {"reason": wanted.reason, "lawful_basis": wanted.lawful_basis, "state": state, "question": None}
        repository.change_request(connection, row.request_id, **changed)


def _read(connection: Connection, hub: Hub, member: Member, request_id: str) -> RequestRow:
    """Return a request that an organisation may see."""
    row = repository.request(connection, member.project_id, request_id, hub.today())
    if row is None or member.organisation_id not in {row.asker_id, row.holder_id}:
        raise NotFoundError
    if row.state == Stored.OWN_APPROVAL and member.organisation_id != row.asker_id:
        raise NotFoundError
    return row


def _agree(
    connection: Connection, hub: Hub, member: Member, found: Party, row: RequestRow, decision: DisclosureDecision
) -> None:
    """Take the word of a second person of the asker's own."""
    if row.state != Stored.OWN_APPROVAL or decision.decision != "grant":
        raise ConflictError("the request waits for the other side", code="already_decided")
    _approve(connection, member, row.request_id)
    if _is_agreed(connection, hub, member, found, row.request_id, Rung(row.rung)):
        repository.change_request(connection, row.request_id, state=Stored.TO_DECIDE.value)


def _decide(
    connection: Connection, hub: Hub, member: Member, found: Party, row: RequestRow, decision: DisclosureDecision
) -> None:
    """Take the word of the holder."""
    wanted = {"grant": Stored.GRANTED, "refuse": Stored.REFUSED, "ask": Stored.ASKED}[decision.decision]
    if row.state == wanted and wanted is not Stored.ASKED:
        return
    if row.state not in {Stored.TO_DECIDE, Stored.ASKED}:
        raise ConflictError("the request is decided otherwise", code="already_decided")
    if wanted is not Stored.GRANTED:
        question = decision.question or row.question  # the asker goes on seeing what it was asked, whatever follows
        repository.change_request(connection, row.request_id, state=wanted.value, question=question)
        return
    days, rung = min(row.days, decision.days), Rung(row.rung)
    repository.change_request(connection, row.request_id, days=days)
    _approve(connection, member, row.request_id)
    if _is_agreed(connection, hub, member, found, row.request_id, rung):
        _grant(connection, hub, row, rung, days)


def _grant(connection: Connection, hub: Hub, row: RequestRow, rung: Rung, days: int) -> None:
    """Give what was asked for; at D4 the asker's own part as well."""
    expires_on = hub.today() + timedelta(days=days)
    repository.change_request(
        connection, row.request_id, state=Stored.GRANTED.value, question=None, expires_on=expires_on
    )
    holders = (row.holder_id, row.asker_id) if rung is Rung.D4 else (row.holder_id,)
    for holder_id in holders:
        grants.give(connection, hub, row.match_id, holder_id, rung, cause=Cause.REQUEST, days=days)


def _approve(connection: Connection, member: Member, request_id: str) -> None:
    """Keep that somebody agrees."""
    repository.add_approval(connection, request_id, member.organisation_id, member.actor_id, is_user=member.is_user)


def _is_agreed(connection: Connection, hub: Hub, member: Member, found: Party, request_id: str, rung: Rung) -> bool:
    """Tell whether as many people of the actor's organisation agree as its record needs."""
    needed = people_needed(
        rung, is_protected=is_protected(connection, hub, member.project_id, found.match, member.organisation_id)
    )
    given = repository.approvals(connection, request_id, member.organisation_id)
    return count_people(row.is_user for row in given) >= needed


def _act(action: Action, decision: str, purpose: Purpose, answer: DisclosureRequest) -> Act:
    """Return what is written down: the holder is told the asker's class, the asker nothing new."""
    rung = Rung.D2 if answer.asker_class else Rung.D0
    return Act(action, decision, rung, (purpose,), reason=answer.reason, kind=Kind.MATCH, objects=(answer.match_id,))
