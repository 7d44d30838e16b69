"""A case's encounters: the one of its row, and those that are added by hand; on the partner's premises."""

from pydantic import ValidationError

from api.agent.errors import SourceError, UnknownCaseError
from api.agent.session import Session
from api.agent.sources.cases import read_iso_day
from api.agent.sync import all_encounters
from api.wire.matches import EncounterReport
from matcher.episodes import format_quarter, parse_quarter
from matcher.errors import UnreadableFieldError

_MONTHS_OF_QUARTER = 3


def add_encounter(session: Session, case_ref: str, on: str, kind: str, status: str, exit_on: str) -> None:
    """
    Add an encounter, or replace the one of the same quarter and kind.

    Args:
        session: the agent.
        case_ref: the partner's own reference.
        on: a day (YYYY-MM-DD, Gregorian) or a quarter; only the quarter is kept.
        kind: as the wire knows it.
        status: as the wire knows it.
        exit_on: written like `on`; empty while it lasts.

    Raises:
        UnknownCaseError: there is no such case.
        SourceError: one of the others cannot be read, or the exit lies before.
    """
    quarter, exit_quarter = _quarter(on, "--on"), _quarter(exit_on, "--exit") if exit_on else None
    if exit_quarter is not None and parse_quarter(exit_quarter) < parse_quarter(quarter):
        raise SourceError("the exit lies before it", code="exit_before_encounter", where="--exit")
    told = {"quarter": quarter, "kind": kind, "status": status, "exit_quarter": exit_quarter}
    found: EncounterReport | None = None
    try:
        found = EncounterReport.model_validate(told)
    except ValidationError:
        found = None
    if found is None:
        advice = "Kinds: interception, rescue, admission, police_case, helpline. Statuses: possible, actual, not."
        raise SourceError("not a kind or status", code="unknown_word", where="--kind, --status", advice=advice)
    encounters_of(session, case_ref)
    with session.vault.transaction():
        session.vault.encounters.put(case_ref, found)


def encounters_of(session: Session, case_ref: str) -> list[EncounterReport]:
    """
    Return a case's encounters, as the next sync reports them.

    Raises:
        UnknownCaseError: there is no such case.
    """
    case = session.vault.cases.all().get(case_ref)
    if case is None:
        raise UnknownCaseError("no such case", code="unknown_case", where="case 1", advice="Check its reference.")
    return all_encounters(case, session.vault.encounters.of_cases().get(case_ref, []))


def _quarter(text: str, where: str) -> str:
    """Return the quarter of a day or quarter."""
    day = read_iso_day(text)
    if day is not None:
        return f"{day.year}Q{(day.month - 1) // _MONTHS_OF_QUARTER + 1}"
    number: int | None = None
    try:
        number = parse_quarter(text)
    except UnreadableFieldError:
        number = None
    if number is None:
        advice = "Write a day as 2024-08-03, or a quarter as 2024Q3."
        raise SourceError("neither a day nor a quarter", code="unreadable_quarter", where=where, advice=advice)
    return format_quarter(number)
