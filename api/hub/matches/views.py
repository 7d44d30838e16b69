"""A match as one side sees it, as far as its rung reaches; hub."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol, get_args

from sqlalchemy import Connection, Row

from api.hub.clusters.service import parted_from
from api.hub.context import Hub
from api.hub.encounters import repository as reported
from api.hub.grants import service as grants
from api.hub.matches import repository
from api.hub.matches.match_seal import match_seal
from api.hub.matches.repository import View
from api.hub.meetings.service import grade_code
from api.hub.places import hides_class, place_of
from api.hub.policy import Rung
from api.wire.matches import BrokenGlass, EncounterReport, Match, MatchState, PoliceAnswer, RungName
from api.wire.meetings import OtherSide, RecordAge
from api.wire.reviews import REVIEW_DAYS, Resolution, ReviewAnswer
from api.wire.statements import OrganisationClass, Purpose
from api.wire.verdicts import VerdictView
from matcher.episodes import Encounter, EncounterKind, EncounterStatus, judge, parse_quarter
from matcher.pairs import Grade

Told = Sequence[Row[str, str, int, str, str, int | None]]

YOUNG_QUARTERS = 1  # a quarter after the one we are in begins less than six months ago
OLD_QUARTERS = 8  # two years
RUNG_NAMES: dict[Rung, RungName] = dict(zip(list(Rung)[1:], get_args(RungName), strict=True))
_ANSWERS: dict[str, ReviewAnswer] = {answer: answer for answer in get_args(ReviewAnswer)}
RESOLUTIONS: dict[str, Resolution] = {answer: answer for answer in get_args(Resolution)}


class Looker(Protocol):
    """Who looks: an organisation in a project."""

    @property
    def organisation_id(self) -> str:
        """Return the organisation."""

    @property
    def organisation_class(self) -> OrganisationClass:
        """Return its class."""

    @property
    def project_id(self) -> str:
        """Return the project."""


@dataclass(frozen=True, slots=True)
class Look:
    """
    A match as a side looks at it, before it is written out.

    Attributes:
        rung: how much it may be told now.
        told: encounters of both sides.
        expires_on: when what the other side grants ends; None when that is D1.
    """

    row: View
    rung: Rung
    told: Told
    expires_on: date | None


def look_at(connection: Connection, hub: Hub, looker: Looker, match_ids: Sequence[str]) -> list[Look]:
    """Return matches as an organisation may look at them; those to which it is no party are left out."""
    rows = repository.views(connection, looker.organisation_id, looker.project_id, match_ids)
    names = [row.match_id for row in rows]
    told, live = reported.encounters_of(connection, names), grants.live(connection, hub, names)
    looks = []
    for row in rows:
        rung = Rung.D1 if row.is_void else grants.told_to(live, row.match_id, looker.organisation_id, row.other_id)
        grant = live.get((row.match_id, row.other_id))
        looks.append(Look(row, rung, told.get(row.match_id, []), None if grant is None else grant.expires_on))
    return looks


def view_all(connection: Connection, hub: Hub, looker: Looker, match_ids: Sequence[str]) -> list[Match]:
    """Return matches as an organisation may see them; those to which it is no party are left out."""
    looks = look_at(connection, hub, looker, match_ids)
    names = [look.row.match_id for look in looks]
    answers = repository.last_answers(connection, looker.organisation_id, names)
    broken = repository.broken_glasses(connection, looker.organisation_id, names)
    warned = _parted_before(connection, looker, looks)
    return [
        _view(
            hub,
            looker,
            look,
            own_review=_ANSWERS.get(answers.get(look.row.match_id, "")),
            broken_glass=[_broken(each) for each in broken.get(look.row.match_id, ())],
            was_parted_before=look.row.match_id in warned,
        )
        for look in looks
    ]


def encounter_columns(encounter: EncounterReport) -> dict[str, Any]:
    """Return what is kept of a reported encounter."""
    ended = encounter.exit_quarter
    return {
        "quarter": parse_quarter(encounter.quarter),
        "kind": encounter.kind,
        "status": encounter.status,
        "exit_quarter": None if ended is None else parse_quarter(ended),
    }


def other_class(looker: Looker, look: Look) -> OrganisationClass | None:
    """Return the other side's class, where it is told."""
    other = place_of(look.row.other_class, look.row.other_is_sensitive)
    is_hidden = look.rung < Rung.D2 or hides_class(looker.organisation_class, other)
    return None if is_hidden else other.organisation_class


def record_age(hub: Hub, look: Look) -> RecordAge | None:
    """Return how long ago the newest encounter of the other side was, where it is told and reported."""
    quarters = [row.quarter for row in look.told if row.organisation_id == look.row.other_id]
    if look.rung < Rung.D2 or not quarters:
        return None
    today = hub.today()
    age = 4 * today.year + (today.month - 1) // 3 - max(quarters)
    if age <= YOUNG_QUARTERS:
        return RecordAge.UNDER_6_MONTHS
    return RecordAge.FROM_6_TO_24_MONTHS if age <= OLD_QUARTERS else RecordAge.OVER_24_MONTHS


def verdict(look: Look) -> VerdictView | None:
    """Judge the encounters of both sides, where that is told and both have reported."""
    if _state(look) is not MatchState.JUDGED:
        return None
    found = judge(_encounters(look.told))
    return VerdictView(verdict=found.verdict.value, reasons=list(found.reasons))


def review_due_on(look: Look) -> date:
    """Return the day by which both sides shall have reviewed."""
    due: date = look.row.made_on + timedelta(days=REVIEW_DAYS)
    return due


def _view(
    hub: Hub,
    looker: Looker,
    look: Look,
    *,
    own_review: ReviewAnswer | None,
    broken_glass: list[BrokenGlass],
    was_parted_before: bool,
) -> Match:
    """Return one match; the police is told neither cluster nor parting: which matches are with one organisation."""
    row, is_police = look.row, looker.organisation_class is OrganisationClass.POLICE
    grade = match_seal(hub.key).grade(row.grade_box, row.match_id)
    other = OtherSide(
        organisation_class=other_class(looker, look),
        purpose=Purpose(row.purpose),
        record_age=record_age(hub, look),
    )
    return Match(
        match_id=row.match_id,
        project_id=looker.project_id,
        cluster_id="" if is_police else row.cluster_id,
        was_parted_before=was_parted_before and not is_police,
        reference=row.reference.hex(),
        other=other,
        grade=grade_code(grade),
        state=_state(look),
        rung=RUNG_NAMES[look.rung],
        verdict=verdict(look),
        answer=_police_answer(row, grade) if is_police else None,
        own_review=own_review,
        resolution=RESOLUTIONS.get(row.resolution),
        review_due_on=review_due_on(look).isoformat(),
        broken_glass=broken_glass,
    )


def _parted_before(connection: Connection, looker: Looker, looks: Sequence[Look]) -> set[str]:
    """Return the matches with an organisation another record of which reviews have parted from the looker's."""
    references: dict[str, set[bytes]] = {}
    for look in looks:
        references.setdefault(look.row.purpose, set()).add(bytes(look.row.reference))
    parted = {
        purpose: parted_from(connection, looker.project_id, purpose, looker.organisation_id, sorted(those))
        for purpose, those in references.items()
    }
    return {look.row.match_id for look in looks if _is_warned(look.row, parted[look.row.purpose])}


def _is_warned(row: View, parted: set[tuple[bytes, tuple[str, bytes]]]) -> bool:
    """Tell whether a match's own record was parted from another record of its other side."""
    own, other = bytes(row.reference), bytes(row.other_reference)
    return any(mine == own and name == row.other_id and theirs != other for mine, (name, theirs) in parted)


def _state(look: Look) -> MatchState:
    """Say where a match stands for the side that looks."""
    row = look.row
    if row.is_void:
        return MatchState.VOID
    if not row.has_reported:
        return MatchState.AWAITING_ENCOUNTERS
    is_judged = row.other_has_reported and look.rung is Rung.D4
    return MatchState.JUDGED if is_judged else MatchState.AWAITING_OTHER_SIDE


def _police_answer(row: View, grade: int) -> PoliceAnswer | None:
    """Answer the police: whether it is the person; `no` is what reviews found, never that there is no record."""
    if row.is_void:
        return None
    if row.resolution == "not_same":
        return PoliceAnswer.NO
    is_yes = row.resolution == "same" or grade >= Grade.PROBABLE
    return PoliceAnswer.YES if is_yes else PoliceAnswer.INSUFFICIENT


def _broken(row: Row[str, str, str, int]) -> BrokenGlass:
    """Tell the holder of an emergency."""
    opened_on = datetime.fromtimestamp(row.opened_at, UTC).date().isoformat()
    return BrokenGlass(break_glass_id=row.break_glass_id, danger=row.danger, opened_on=opened_on)


def _encounters(told: Told) -> Iterator[Encounter]:
    """Read encounters from their rows."""
    for row in told:
        yield Encounter(row.quarter, EncounterKind(row.kind), EncounterStatus(row.status), row.exit_quarter)
