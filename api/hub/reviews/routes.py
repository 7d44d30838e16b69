"""`/v1/matches/{id}/reviews` for both sides, `/v1/adjudications` for the linkage desk, and the report of both."""

from typing import Annotated

from fastapi import APIRouter, status

from api.hub.auth import Allowed, TheHub, require_project
from api.hub.ids import require_id
from api.hub.policy import Action, Actor, Member
from api.hub.projects import service as projects
from api.hub.reviews import desk, service
from api.hub.reviews import report as reports
from api.wire.reviews import Adjudicated, Adjudication, NewReview, OpenCases, ResolutionReport, Reviews

router = APIRouter(prefix="/v1", tags=["reviews"])

Reader = Annotated[Member, Allowed(Action.REVIEWS_READ)]
Reviewer = Annotated[Member, Allowed(Action.REVIEWS_GIVE)]
Desk = Annotated[Actor, Allowed(Action.REVIEWS_ADJUDICATE)]
Overseer = Annotated[Actor, Allowed(Action.RESOLUTION_REPORT)]


@router.post("/matches/{match_id}/reviews", status_code=status.HTTP_201_CREATED)
def review_match(match_id: str, wanted: NewReview, member: Reviewer, hub: TheHub) -> Reviews:
    """Say what was found beside one's own record; reviews are only ever appended."""
    return service.give(hub, member, require_id(match_id), wanted)


@router.get("/matches/{match_id}/reviews")
def list_reviews(match_id: str, member: Reader, hub: TheHub) -> Reviews:
    """Return one's own reviews of a match, and what is final."""
    return service.own(hub, member, require_id(match_id))


@router.get("/adjudications")
def list_cases(actor: Desk, hub: TheHub) -> OpenCases:
    """Return the matches that wait for the linkage desk."""
    return desk.open_cases(hub, actor)


@router.post("/adjudications/{match_id}")
def adjudicate(match_id: str, decision: Adjudication, actor: Desk, hub: TheHub) -> Adjudicated:
    """Decide a match whose sides disagree or are late."""
    return desk.adjudicate(hub, actor, require_id(match_id), decision)


@router.get("/projects/{project_id}/reports/resolution")
def report_resolution(project_id: str, actor: Overseer, hub: TheHub) -> ResolutionReport:
    """Return how matches are resolved, and what is badly so."""
    if actor.project_id:
        require_project(actor, project_id)
    projects.require_project(hub, project_id)
    return reports.report(hub, actor, project_id)
