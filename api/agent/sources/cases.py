"""
Rows of a table to cases: what is linked, and what stays with the agent; on the partner's premises.

Encounter, protection and consent columns are no linkage attributes: they never stand in an entry.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pydantic import ValidationError

from api.agent.consent import CONSENT, GivenBy, Stated, is_basis, read_withheld
from api.agent.sources.columns import CASE_COLUMNS, CASE_REF, ColumnMap
from api.agent.sources.csv import Row, RowFault, Table
from api.wire.matches import EncounterReport
from matcher.episodes import format_quarter, parse_quarter
from matcher.errors import UnreadableFieldError
from matcher.normalise.dates import read_date
from matcher.person import PartialDate, RawRecord

CONSENT_COLUMNS = tuple(name for name in CASE_COLUMNS if name.startswith("consent_"))
MAXIMUM_REFERENCE_CHARACTERS = 200
OLDEST_RECORD_YEARS = 40  # less than the 57 years between the calendars, so that only one of them fits
_YES = frozenset({"yes", "y", "true", "1", "हो", "छ"})
_NO = frozenset({"no", "n", "false", "0", "होइन", "छैन"})
_NOT_GIVEN = frozenset({"none", "not_given", "refused", "withdrawn"})


@dataclass(frozen=True, slots=True)
class CaseRow:
    """
    A row as a case.

    Attributes:
        row: line of the file.
        is_location_protected: as written; None when it is not known, which is treated as protected.
        encounter: the contact the row tells of, or None.
        consent: what the row says of consent; None when it says nothing, or nothing that can be read.
        is_consent_told: whether it says anything; what is said of the whole file does not hold then.
    """

    row: int
    record: RawRecord = field(repr=False)
    is_location_protected: bool | None = field(repr=False)
    encounter: EncounterReport | None = field(repr=False)
    consent: Stated | None = field(default=None, repr=False)
    is_consent_told: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class CaseRows:
    """The cases of a table, and what was set aside; no row is in neither."""

    cases: tuple[CaseRow, ...] = field(repr=False)
    faults: tuple[RowFault, ...]


def read_cases(table: Table, columns: ColumnMap) -> CaseRows:
    """
    Turn rows into cases.

    A row without a case reference, or with one that an earlier row has, is set aside; a case column that cannot be
    read is set aside alone.
    """
    cases: list[CaseRow] = []
    faults = list(table.faults)
    first_rows: dict[str, int] = {}
    for row in table.rows:
        texts = {name: text.strip() for name, text in zip(columns.attributes, row.cells, strict=True) if name}
        reference = texts.pop(CASE_REF)
        fault = _reference_fault(row, reference, first_rows)
        if fault is not None:
            faults.append(fault)
            continue
        first_rows[reference] = row.number
        case, set_aside = _read_case(row.number, reference, texts)
        cases.append(case)
        faults.extend(set_aside)
    return CaseRows(tuple(cases), tuple(faults))


def _reference_fault(row: Row, reference: str, first_rows: Mapping[str, int]) -> RowFault | None:
    """Say what is wrong with a row's case reference."""
    if not reference:
        return RowFault(row.number, CASE_REF, "no_case_ref", "Give each case a reference.", is_whole_row=True)
    if len(reference) > MAXIMUM_REFERENCE_CHARACTERS:
        return RowFault(row.number, CASE_REF, "case_ref_too_long", "Use your short case number.", is_whole_row=True)
    if reference in first_rows:
        advice = f"Row {first_rows[reference]} has the same one; give each case its own."
        return RowFault(row.number, CASE_REF, "repeated_case_ref", advice, is_whole_row=True)
    return None


def _read_case(number: int, reference: str, texts: Mapping[str, str]) -> tuple[CaseRow, list[RowFault]]:
    """Read one row's case columns, and leave the others to the normaliser."""
    faults: list[RowFault] = []
    recorded_on = _read_day(texts.get("recorded_on", ""))
    if recorded_on is None and texts.get("recorded_on"):
        faults.append(RowFault(number, "recorded_on", "unreadable_date", "Write it as YYYY-MM-DD."))
    is_protected = _read_flag(texts.get("location_protected", ""))
    if is_protected is None and texts.get("location_protected"):
        faults.append(RowFault(number, "location_protected", "unknown_word", "Write yes or no; unknown means yes."))
    encounter, fault = _read_encounter(number, texts)
    if fault is not None:
        faults.append(fault)
    is_told = any(texts.get(name) for name in CONSENT_COLUMNS)
    stated, fault = _read_consent(number, texts) if is_told else (None, None)
    if fault is not None:
        faults.append(fault)
    linked = {
        name: text for name, text in texts.items() if text and (name not in CASE_COLUMNS or name == "recorded_on")
    }
    record = RawRecord(reference, linked, recorded_on)
    return CaseRow(number, record, is_protected, encounter, stated, is_told), faults


def _read_consent(number: int, texts: Mapping[str, str]) -> tuple[Stated | None, RowFault | None]:
    """Read the consent columns whole; a word that is not understood leaves the case without consent."""
    given, basis = _word(texts.get("consent_given_by", "")), _word(texts.get("consent_basis", ""))
    withheld = read_withheld(texts.get("consent_withheld_from", ""))
    last = texts.get("consent_expires_on", "")
    expires_on = read_iso_day(last)
    is_refusal = given in _NO or given in _NOT_GIVEN
    if given and not is_refusal and given not in set(GivenBy):
        advice = "Write self, guardian, representative, or none."
        return None, RowFault(number, "consent_given_by", "unknown_word", advice)
    if basis and not is_basis(basis):
        return None, RowFault(number, "consent_basis", "unknown_word", "Write consent, or a code such as court_order.")
    if withheld is None:
        return None, RowFault(number, "consent_withheld_from", "unknown_word", "Write classes such as police; border.")
    if last and expires_on is None:
        return None, RowFault(number, "consent_expires_on", "unreadable_date", "Write it as YYYY-MM-DD.")
    if basis == CONSENT and not given:
        return None, RowFault(number, "consent_given_by", "unknown_word", "Say who gave consent: self, guardian …")
    given_by = GivenBy(given) if given and not is_refusal else None
    return Stated(given_by, basis or (CONSENT if given_by else ""), withheld, expires_on, is_refusal), None


def read_iso_day(text: str) -> date | None:
    """Read a day written as YYYY-MM-DD in the Gregorian calendar; None when it is none."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read_flag(text: str) -> bool | None:
    """Read yes or no; anything else is unknown."""
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


def _read_day(text: str) -> date | None:
    """
    Read the day of a record in either calendar; None when it is no whole day of the last decades.

    Of several readings the latest year counts, since records are recent, and in it the earliest day, since a person
    must not be made older than she may be.
    """
    today = datetime.now(UTC).date()
    readings: tuple[PartialDate, ...] = ()
    try:
        readings = read_date(text, today)
    except UnreadableFieldError:
        return None
    whole = [
        date(each.year, each.month, each.day)
        for each in readings
        if each.year is not None and each.month is not None and each.day is not None
    ]
    recent = [day for day in whole if day <= today and today.year - day.year <= OLDEST_RECORD_YEARS]
    return min((day for day in recent if day.year == max(recent).year), default=None)


def _read_encounter(number: int, texts: Mapping[str, str]) -> tuple[EncounterReport | None, RowFault | None]:
    """Read the encounter columns: all that is needed, or nothing."""
    if not any(texts.get(name) for name in CASE_COLUMNS if name.startswith(("encounter_", "exit_"))):
        return None, None
    quarters: dict[str, int | None] = {}
    for name in ("encounter_quarter", "exit_quarter"):
        quarters[name] = _read_quarter(texts.get(name, ""))
        if quarters[name] is None and (texts.get(name) or name == "encounter_quarter"):
            return None, RowFault(number, name, "unreadable_quarter", "Write it as 2024Q3.")
    start, end = quarters["encounter_quarter"], quarters["exit_quarter"]
    if start is not None and end is not None and end < start:
        return None, RowFault(number, "exit_quarter", "exit_before_encounter", "Check both quarters.")
    return _validate(number, texts, start, end)


def _validate(
    number: int, texts: Mapping[str, str], start: int | None, end: int | None
) -> tuple[EncounterReport | None, RowFault | None]:
    """Check kind and status against the words the wire knows."""
    told = {
        "quarter": "" if start is None else format_quarter(start),
        "kind": _word(texts.get("encounter_kind", "")),
        "status": _word(texts.get("encounter_status", "")),
        "exit_quarter": None if end is None else format_quarter(end),
    }
    column = ""
    try:
        return EncounterReport.model_validate(told), None
    except ValidationError as error:
        column = str(error.errors(include_input=False, include_context=False)[0]["loc"][0])
    advice = "Kinds: interception, rescue, admission, police_case, helpline. Statuses: possible, actual, not."
    return None, RowFault(number, f"encounter_{column}", "unknown_word", advice)


def _word(text: str) -> str:
    """Fold a code word as people write it."""
    return re.sub(r"[\s_-]+", "_", text.casefold())


def _read_quarter(text: str) -> int | None:
    """Read a quarter, or return None."""
    try:
        return parse_quarter(text)
    except UnreadableFieldError:
        return None
