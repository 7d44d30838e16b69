"""
The neutral linkage desk: matches whose sides disagree or are late, decided without anybody's identity; hub.

The desk sees grade, agreement of fields, and what both sides answered; not who they are, nor which answer is whose.
"""

from datetime import date, timedelta

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind, told
from api.hub.context import Hub
from api.hub.disclosures.telling import agreement_of
from api.hub.errors import NotFoundError
from api.hub.matches import repository as matches
from api.hub.matches.events import Event, EventKind
from api.hub.matches.joining import resolve
from api.hub.matches.match_seal import match_seal
from api.hub.meetings.service import grade_code
from api.hub.policy import Action, Actor, Decision, Rung, decide
from api.hub.reviews import repository
from api.hub.reviews.agreeing import Outcome, standing
from api.hub.reviews.repository import MatchRow, ReviewRow
from api.hub.reviews.service import ANSWERS, DISPOSITIONS, REASONS
from api.wire.reviews import REVIEW_DAYS, Adjudicated, Adjudication, OpenCase, OpenCases, SideAnswer
from api.wire.statements import Purpose

SHOWN = 100  # cases in one answer: each compares two sketches


def open_cases(hub: Hub, actor: Actor) -> OpenCases:
    """
    Return the matches of the desk's project that wait for it, those due first.

    Raises:
        UnavailableError: the answer cannot be written down.
    """
    with hub.database.writing() as connection:
        found = _open(connection, hub, actor)[:SHOWN]
        reviews = repository.reviews_of(connection, [row.match_id for row in found])
        cases = [_case(connection, hub, actor.project_id, row, reviews) for row in found]
        named = [(case.purpose, case.match_id) for case in cases]
        log.append(connection, hub, actor, told(Action.REVIEWS_ADJUDICATE, "answered", Rung.D3, Kind.MATCH, named))
    return OpenCases(cases=cases)


def adjudicate(hub: Hub, actor: Actor, match_id: str, decision: Adjudication) -> Adjudicated:
    """
    Decide a match that waits for the desk; it is final.

    Raises:
        NotFoundError: no such match waits for this desk.
        UnavailableError: the decision cannot be written down.
    """
    with hub.database.writing(actor.project_id) as connection:
        waiting = {row.match_id: row for row in _open(connection, hub, actor)}
        match = matches.live_match(connection, hub.key, match_id)
        if match_id not in waiting or match is None:
            raise NotFoundError
        repository.add_review(
            connection,
            match_id,
            {
                "organisation_id": actor.organisation_id,
                "actor_id": actor.actor_id,
                "answer": decision.answer,
                "disposition": None,
                "invalid_reasons": " ".join(dict.fromkeys(decision.invalid_reasons)),
                "has_conflict": False,
                "is_desk": True,
                "given_on": hub.today(),
            },
        )
        resolve(connection, hub, actor.project_id, match, Event(EventKind.ADJUDICATED, decision.answer))
        purposes = (Purpose(match.ends.purpose),)
        act = Act(Action.REVIEWS_ADJUDICATE, decision.answer, purposes=purposes, kind=Kind.MATCH, objects=(match_id,))
        log.append(connection, hub, actor, [act])
    return Adjudicated(match_id=match_id, resolution=decision.answer)


def due_on(row: MatchRow) -> date:
    """Return the day by which both sides shall have reviewed."""
    due: date = row.made_on + timedelta(days=REVIEW_DAYS)
    return due


def _open(connection: Connection, hub: Hub, actor: Actor) -> list[MatchRow]:
    """Return the matches that wait for the desk: sides disagree, or are late."""
    rows = [
        row
        for row in repository.live_matches(connection, actor.project_id)
        if not row.resolution and _may_decide(actor, Purpose(row.purpose))
    ]
    by_match: dict[str, list[ReviewRow]] = {row.match_id: [] for row in rows}
    for review in repository.reviews_of(connection, list(by_match)):
        by_match[review.match_id].append(review)
    return [
        row
        for row in rows
        if hub.today() > due_on(row) or standing(by_match[row.match_id]).outcome is Outcome.DISAGREEMENT
    ]


def _may_decide(actor: Actor, purpose: Purpose) -> bool:
    """Tell whether a desk decides on matches for a purpose."""
    return decide(actor, Action.REVIEWS_ADJUDICATE, purpose=purpose) is Decision.ALLOWED


def _case(connection: Connection, hub: Hub, project_id: str, row: MatchRow, reviews: list[ReviewRow]) -> OpenCase:
    """Return one case; the answers stand in an order of their own, which tells of no side."""
    match = matches.live_match(connection, hub.key, row.match_id)
    last = {each.organisation_id: each for each in reviews if each.match_id == row.match_id and not each.is_desk}
    answers = [
        SideAnswer(
            answer=ANSWERS.get(each.answer or ""),
            disposition=DISPOSITIONS.get(each.disposition or ""),
            invalid_reasons=[REASONS[word] for word in each.invalid_reasons.split()],
        )
        for each in last.values()
    ]
    return OpenCase(
        match_id=row.match_id,
        purpose=Purpose(row.purpose),
        grade=grade_code(match_seal(hub.key).grade(row.grade_box, row.match_id)),
        agreement=[] if match is None else agreement_of(connection, hub, project_id, match.ends) or [],
        answers=sorted(answers, key=lambda each: each.model_dump_json()),
        due_on=due_on(row).isoformat(),
        is_overdue=hub.today() > due_on(row),
    )
