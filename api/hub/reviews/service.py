"""
Reviews of a match by people of both sides; hub. Why so: docs/decisions/0014.

Neither side is told what the other answered before both have come to the same, or the desk has decided; so that each
looks for itself, and so that saying nothing and disagreeing look alike.
"""

from typing import get_args

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind, told
from api.hub.context import Hub
from api.hub.errors import ConflictError, UnreadableError
from api.hub.matches.events import Event, EventKind
from api.hub.matches.joining import resolve
from api.hub.matches.service import Party, party
from api.hub.matches.showing import showing
from api.hub.matches.views import RESOLUTIONS, review_due_on
from api.hub.policy import Action, Member, Rung
from api.hub.reviews import repository
from api.hub.reviews.agreeing import FINAL, standing
from api.hub.reviews.repository import ReviewRow
from api.wire.problems import Fault
from api.wire.reviews import Disposition, InvalidReason, NewReview, Review, ReviewAnswer, Reviews

ANSWERS: dict[str, ReviewAnswer] = {answer: answer for answer in get_args(ReviewAnswer)}
DISPOSITIONS: dict[str, Disposition] = {word: word for word in get_args(Disposition)}
REASONS: dict[str, InvalidReason] = {word: word for word in get_args(InvalidReason)}


def give(hub: Hub, member: Member, match_id: str, wanted: NewReview) -> Reviews:
    """
    Append a review; when both sides then say the same, it is final.

    Raises:
        NotFoundError: there is no such match to which this organisation is a party.
        ConflictError: the match is void or resolved, or this reviewer has declared a conflict of interest.
        UnreadableError: answer, disposition, reasons and conflict do not go together.
        UnavailableError: the review cannot be written down.
    """
    _check(wanted)
    with hub.database.writing(member.project_id) as connection:
        found = party(connection, hub, member, match_id, action=Action.REVIEWS_GIVE)
        if found.match.resolution:
            raise ConflictError("the match is resolved", code="review_final")
        _require_no_conflict(connection, member, match_id)
        with showing(connection, hub, match_id):
            repository.add_review(connection, match_id, _row(hub, member, wanted))
        outcome = standing(repository.reviews_of(connection, [match_id])).outcome
        if outcome in FINAL:
            event = Event(EventKind.RESOLVED, outcome.value)
            resolve(connection, hub, member.project_id, found.match, event)
        answer = _own(connection, member, party(connection, hub, member, match_id))
        log.append(connection, hub, member, [_act(found, Action.REVIEWS_GIVE, wanted.answer or "conflict")])
    return answer


def own(hub: Hub, member: Member, match_id: str) -> Reviews:
    """
    Return an organisation's own reviews of a match, and what is final.

    Raises:
        NotFoundError: there is no such match to which it is a party.
        ConflictError: the match is void.
        UnavailableError: the answer cannot be written down.
    """
    with hub.database.writing() as connection:
        found = party(connection, hub, member, match_id, action=Action.REVIEWS_READ)
        answer = _own(connection, member, found)
        objects = [(found.purpose, match_id)]
        log.append(connection, hub, member, told(Action.REVIEWS_READ, "answered", Rung.D1, Kind.MATCH, objects))
    return answer


def _check(wanted: NewReview) -> None:
    """Refuse a review whose parts do not go together."""
    wrong = {
        "/answer": (wanted.answer is None) is not wanted.has_conflict,
        "/invalid_reasons": (wanted.answer == "not_same") is not bool(wanted.invalid_reasons),
        "/disposition": wanted.disposition is not None and wanted.answer != "same",
    }
    faults = [Fault(where=where, code="review_mismatch") for where, is_wrong in wrong.items() if is_wrong]
    if faults:
        reason = "an answer or a conflict; reasons with `not_same` alone; a disposition with `same` alone"
        raise UnreadableError(reason, code="review_mismatch", faults=faults)


def _require_no_conflict(connection: Connection, member: Member, match_id: str) -> None:
    """Refuse a reviewer who has said to be concerned: somebody else has to."""
    if any(row.has_conflict and row.actor_id == member.actor_id for row in _rows(connection, member, match_id)):
        raise ConflictError("somebody else of the organisation has to review", code="conflict_declared")


def _rows(connection: Connection, member: Member, match_id: str) -> list[ReviewRow]:
    """Return an organisation's own reviews."""
    return [
        row
        for row in repository.reviews_of(connection, [match_id])
        if row.organisation_id == member.organisation_id and not row.is_desk
    ]


def _row(hub: Hub, member: Member, wanted: NewReview) -> dict[str, object]:
    """Return what is kept of a review."""
    return {
        "organisation_id": member.organisation_id,
        "actor_id": member.actor_id,
        "answer": wanted.answer,
        "disposition": wanted.disposition,
        "invalid_reasons": " ".join(dict.fromkeys(wanted.invalid_reasons)),
        "has_conflict": wanted.has_conflict,
        "is_desk": False,
        "given_on": hub.today(),
    }


def _own(connection: Connection, member: Member, found: Party) -> Reviews:
    """Return an organisation's own reviews; they are numbered among themselves, so that no gap tells of others."""
    row = found.look.row
    return Reviews(
        match_id=row.match_id,
        reviews=[_view(number, each) for number, each in enumerate(_rows(connection, member, row.match_id), start=1)],
        resolution=RESOLUTIONS.get(row.resolution),
        is_adjudicated=row.is_adjudicated,
        due_on=review_due_on(found.look).isoformat(),
    )


def _view(number: int, row: ReviewRow) -> Review:
    """Return one review."""
    return Review(
        number=number,
        answer=ANSWERS.get(row.answer or ""),
        disposition=DISPOSITIONS.get(row.disposition or ""),
        invalid_reasons=[REASONS[word] for word in row.invalid_reasons.split()],
        has_conflict=row.has_conflict,
        given_on=row.given_on.isoformat(),
    )


def _act(found: Party, action: Action, decision: str) -> Act:
    """Return what is written down: the answer tells nothing new of the other side."""
    return Act(action, decision, purposes=(found.purpose,), kind=Kind.MATCH, objects=(found.match.match_id,))
