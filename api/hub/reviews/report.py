"""What is badly resolved in a project: late, disputed, doubtful; for the desk and the data-protection officer; hub."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act
from api.hub.context import Hub
from api.hub.matches.match_seal import match_seal
from api.hub.policy import Action, Actor
from api.hub.reviews import repository
from api.hub.reviews.agreeing import Outcome, standing
from api.hub.reviews.desk import due_on
from api.hub.reviews.repository import MatchRow, ReviewRow
from api.wire.break_glass import REVIEW_HOURS
from api.wire.reviews import BadlyResolved, ResolutionReport
from matcher.pairs import Grade

LISTED = 500  # things in one report


def report(hub: Hub, actor: Actor, project_id: str) -> ResolutionReport:
    """
    Count how matches are resolved, and list what somebody has to look after, what is due first first.

    Raises:
        UnavailableError: the report cannot be written down.
    """
    with hub.database.writing() as connection:
        rows = repository.live_matches(connection, project_id)
        reviews: dict[str, list[ReviewRow]] = {}
        for review in repository.reviews_of(connection, [row.match_id for row in rows if not row.resolution]):
            reviews.setdefault(review.match_id, []).append(review)
        wrong = [*_matches(hub, rows, reviews), *_glasses(connection, hub, project_id)]
        log.append(connection, hub, actor, [Act(Action.RESOLUTION_REPORT, "answered", count=len(wrong))], project_id)
    counts = Counter(row.resolution for row in rows)
    return ResolutionReport(
        project_id=project_id,
        open_matches=counts[""],
        overdue=sum(each.kind == "overdue" for each in wrong),
        final_same=counts["same"],
        final_not_same=counts["not_same"],
        adjudicated=sum(row.is_adjudicated for row in rows),
        listed=sorted(wrong, key=lambda each: (each.due_on, each.thing_id, each.kind))[:LISTED],
    )


def _matches(hub: Hub, rows: Sequence[MatchRow], reviews: Mapping[str, Sequence[ReviewRow]]) -> Iterator[BadlyResolved]:
    """Return what is wrong with matches; one may be late and disputed."""
    seal = match_seal(hub.key)
    for row in rows:
        day = due_on(row).isoformat()
        outcome = standing(reviews.get(row.match_id, ())).outcome
        if row.resolution == "same" and seal.grade(row.grade_box, row.match_id) == Grade.POSSIBLE:
            yield BadlyResolved(kind="same_but_possible", thing_id=row.match_id, due_on=day)
        if row.resolution:
            continue
        if hub.today() > due_on(row):
            yield BadlyResolved(kind="overdue", thing_id=row.match_id, due_on=day)
        if outcome is Outcome.DISAGREEMENT:
            yield BadlyResolved(kind="disagreement", thing_id=row.match_id, due_on=day)
        elif outcome is Outcome.CONFLICT_ONLY:
            yield BadlyResolved(kind="conflict_only", thing_id=row.match_id, due_on=day)


def _glasses(connection: Connection, hub: Hub, project_id: str) -> Iterator[BadlyResolved]:
    """Return emergencies that nobody has looked into in time."""
    for row in repository.unreviewed_glasses(connection, project_id):
        due = row.opened_at + REVIEW_HOURS * 3600
        if hub.now() >= due:
            day = datetime.fromtimestamp(due, UTC).date().isoformat()
            yield BadlyResolved(kind="break_glass_unreviewed", thing_id=row.break_glass_id, due_on=day)
