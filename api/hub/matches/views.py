"""A match as one side sees it; hub."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from api.hub.matches import repository
from api.hub.matches.repository import View
from api.hub.meetings.service import grade_code
from api.hub.policy import Member
from api.wire.matches import EncounterReport, Match, MatchState
from api.wire.meetings import OtherSide
from api.wire.statements import OrganisationClass, Purpose
from api.wire.verdicts import VerdictView
from matcher.episodes import Encounter, EncounterKind, EncounterStatus, judge, parse_quarter

Told = Iterable[Row[str, int, str, str, int | None]]


def view_all(connection: Connection, member: Member, match_ids: Sequence[str]) -> list[Match]:
    """Return matches as an organisation may see them; those to which it is no party are left out."""
    rows = repository.views(connection, member.organisation_id, member.project_id, match_ids)
    told = repository.encounters_of(connection, [row.match_id for row in rows])
    return [_view(member, row, told.get(row.match_id, ())) for row in rows]


def encounter_columns(encounter: EncounterReport) -> dict[str, Any]:
    """Return what is kept of a reported encounter."""
    ended = encounter.exit_quarter
    return {
        "quarter": parse_quarter(encounter.quarter),
        "kind": encounter.kind,
        "status": encounter.status,
        "exit_quarter": None if ended is None else parse_quarter(ended),
    }


def _view(member: Member, row: View, told: Told) -> Match:
    """Return one match; the verdict only when both sides have reported."""
    state = _state(row)
    return Match(
        match_id=row.match_id,
        project_id=member.project_id,
        cluster_id=row.cluster_id,
        reference=row.reference.hex(),
        other=OtherSide(organisation_class=OrganisationClass(row.other_class), purpose=Purpose(row.purpose)),
        grade=grade_code(row.grade),
        state=state,
        verdict=_verdict(told) if state is MatchState.JUDGED else None,
    )


def _state(row: View) -> MatchState:
    """Say where a match stands for the side that looks."""
    if row.is_void:
        return MatchState.VOID
    if not row.has_reported:
        return MatchState.AWAITING_ENCOUNTERS
    return MatchState.JUDGED if row.other_has_reported else MatchState.AWAITING_OTHER_SIDE


def _verdict(told: Told) -> VerdictView:
    """Judge the encounters of both sides."""
    found = judge(
        Encounter(row.quarter, EncounterKind(row.kind), EncounterStatus(row.status), row.exit_quarter) for row in told
    )
    return VerdictView(verdict=found.verdict.value, reasons=list(found.reasons))
