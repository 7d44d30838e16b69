"""
A partner's file read, mapped and normalised, before anything is encoded; on the partner's premises.

It opens no socket and writes nothing, so a dry run is this and no more.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.agent.consent import Consent, Stated, settle
from api.agent.consent_end import today
from api.agent.policy import ReleaseDecision, decide_release
from api.agent.progress import Progress
from api.agent.session import Session
from api.agent.sources.cases import CaseRow, read_cases
from api.agent.sources.columns import CASE_REF, IGNORED, ColumnMap, fold_headers, map_columns, parse_map
from api.agent.sources.csv import RowFault, Table, read_table
from matcher.normalise.record import normalise
from matcher.normalise.suggestions import unknown_places
from matcher.person import Person


@dataclass(frozen=True, slots=True)
class ReadFile:
    """
    A file read and normalised, before anything is encoded.

    Attributes:
        told: what the partner has said of columns, now and before, by folded header.
        persons: one per case, in the same order.
        consents: what holds of each case for the agent's purpose, once this file is imported; None where nothing was
            ever said.
        source: name of the file or register.
        faults: all that was set aside, and places that are used as their text alone, by row.
    """

    table: Table
    columns: ColumnMap
    told: Mapping[str, str]
    cases: tuple[CaseRow, ...] = field(repr=False)
    persons: tuple[Person, ...] = field(repr=False)
    decisions: tuple[ReleaseDecision, ...]
    faults: tuple[RowFault, ...]
    consents: tuple[Consent | None, ...] = field(repr=False)
    source: str

    @property
    def rows_set_aside(self) -> int:
        """Number of rows left out whole."""
        return sum(fault.is_whole_row for fault in self.faults)

    def without_consent(self) -> dict[str, str]:
        """Return why nothing is encoded, by case reference: as an `Ended`, or `never_given`."""
        day = today()
        return {
            case.record.reference: consent.ended or "never_given" if consent else "never_given"
            for case, consent in zip(self.cases, self.consents, strict=True)
            if consent is None or not consent.is_live(day)
        }

    def agreed_columns(self) -> dict[str, str]:
        """Return the mapping to remember: the attribute of each folded header that has one, or was left out."""
        folded = fold_headers(self.table.header)
        read = {name: each for name, each in zip(folded, self.columns.attributes, strict=True) if each}
        return read | {name: IGNORED for name, each in self.told.items() if each == IGNORED}

    def faults_by_column(self) -> Mapping[tuple[str, str], int]:
        """Count what was set aside or not known by column and kind of fault, commonest first."""
        return dict(Counter((fault.column, fault.code) for fault in self.faults).most_common())


def read_file(
    session: Session,
    path: Path,
    told: Iterable[str],
    progress: Progress,
    *,
    id_column: str = "",
    consent: Stated | None = None,
    source: str = "",
) -> ReadFile:
    """
    Read and normalise a file; opens no socket and writes nothing.

    Args:
        session: the agent.
        path: a CSV file.
        told: what the partner says of columns, as `COLUMN=ATTRIBUTE`; it wins over what was saved.
        progress: called with a step's name, how much is done, and how much there is.
        id_column: the column with the case reference; empty finds it by name.
        consent: what the partner says of all cases of the file.
        source: name of the register that the file is from; empty takes the file's name.

    Raises:
        SourceError: the file cannot be read as a table, or its columns cannot be told.
    """
    schema = session.schema
    table = read_table(path)
    now = parse_map([*told, *([f"{id_column}={CASE_REF}"] if id_column else [])], schema)
    before = session.vault.settings.column_map(fold_headers(table.header))
    agreed = {name: each for name, each in before.items() if each == IGNORED or each not in now.values()} | now
    columns = map_columns(table.header, agreed, schema)
    rows = read_cases(table, columns)
    persons: list[Person] = []
    for done, case in enumerate(rows.cases, start=1):
        persons.append(normalise(case.record, schema))
        progress("Reading", done, len(rows.cases))
    faults = [*rows.faults, *_set_aside(rows.cases, persons), *_unknown_places(rows.cases, session)]
    consents = _settle(session, rows.cases, consent)
    return ReadFile(
        table=table,
        columns=columns,
        told=agreed,
        cases=rows.cases,
        persons=tuple(persons),
        decisions=tuple(
            _decide(session, case, person, held)
            for case, person, held in zip(rows.cases, persons, consents, strict=True)
        ),
        faults=_each_once(faults),
        consents=consents,
        source=source or path.name,
    )


def _settle(session: Session, cases: Sequence[CaseRow], whole_file: Stated | None) -> tuple[Consent | None, ...]:
    """Settle what holds of each case: what is known, what its row says, what is said of the whole file."""
    known, day = session.vault.consents.newest(session.settings.purpose), today()
    return tuple(
        settle(
            known.get(case.record.reference),
            case.consent,
            None if case.is_consent_told and case.consent is None else whole_file,
            day,
        )
        for case in cases
    )


def _each_once(faults: Iterable[RowFault]) -> tuple[RowFault, ...]:
    """Sort faults by row; of two that say the same of one cell the first is told."""
    told: dict[tuple[int, str, str], RowFault] = {}
    for fault in faults:
        told.setdefault((fault.row, fault.column, fault.code), fault)
    return tuple(sorted(told.values(), key=lambda fault: fault.row))


def _set_aside(cases: Sequence[CaseRow], persons: Sequence[Person]) -> list[RowFault]:
    """Name what the normaliser set aside, with its row."""
    return [
        RowFault(case.row, fault.column, fault.code, fault.advice)
        for case, person in zip(cases, persons, strict=True)
        for fault in person.set_aside
    ]


def _unknown_places(cases: Sequence[CaseRow], session: Session) -> Iterator[RowFault]:
    """Name the places that no table knows, with what they may mean."""
    for case in cases:
        for place in unknown_places(case.record, session.schema):
            meant = f"Is it {' or '.join(place.names)}? " if place.names else ""
            yield RowFault(case.row, place.column, "unknown_place", f"{meant}Write the official name.")


def _decide(session: Session, case: CaseRow, person: Person, consent: Consent | None) -> ReleaseDecision:
    """Apply the release policy to one case."""
    return decide_release(
        person,
        recorded_on=case.record.recorded_on,
        is_location_protected=case.is_location_protected,
        is_shelter=session.settings.is_shelter,
        is_withheld=consent is not None and bool(consent.stated.withheld_from),
    )
