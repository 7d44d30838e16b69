"""
From a partner's file to entries that wait for the hub; on the partner's premises, without a network.

read → map columns → cases → normalise → decide release → encode → vault. A case is known by its reference: unchanged
ones are passed over, changed ones are encoded anew and their old entries withdrawn, so the same file twice changes
nothing. Rows that cannot be used are reported and the others go on.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path

from api.agent.linking.run import link_persons
from api.agent.policy import ReleaseDecision, decide_release
from api.agent.session import Session
from api.agent.sources.cases import CaseRow, read_cases
from api.agent.sources.columns import ColumnMap, fold_headers, map_columns, parse_map
from api.agent.sources.csv import RowFault, Table, read_table
from api.agent.vault.cases import StoredCase, new_reference
from api.wire.batches import Release, month_number
from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encoding import ENCODER_VERSION
from matcher.normalise.record import normalise
from matcher.pairs import Grade
from matcher.person import Person
from matcher.schema import LinkageSchema

CHUNK_CASES = 250  # encoded and kept together; a kill loses at most this much work, and no case

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class LocalPair:
    """Two cases of the partner's own file that are probably one person; for its own screen alone."""

    left: str = field(repr=False)
    right: str = field(repr=False)
    probability: float
    grade: Grade


@dataclass(frozen=True, slots=True)
class ReadFile:
    """
    A file read and normalised, before anything is encoded.

    Attributes:
        persons: one per case, in the same order.
        faults: all that was set aside, by row.
    """

    table: Table
    columns: ColumnMap
    cases: tuple[CaseRow, ...] = field(repr=False)
    persons: tuple[Person, ...] = field(repr=False)
    decisions: tuple[ReleaseDecision, ...]
    faults: tuple[RowFault, ...]

    @property
    def rows_set_aside(self) -> int:
        """Number of rows left out whole."""
        return sum(fault.is_whole_row for fault in self.faults)

    def faults_by_column(self) -> Mapping[tuple[str, str], int]:
        """Count what was set aside by column and kind of fault, commonest first."""
        return dict(Counter((fault.column, fault.code) for fault in self.faults).most_common())


@dataclass(frozen=True, slots=True)
class Intake:
    """
    What an import did.

    Attributes:
        unlinkable: references of cases with too little in them for a single entry.
    """

    new: int
    changed: int
    unchanged: int
    entries: int
    unlinkable: tuple[str, ...] = field(repr=False)


def read_file(
    session: Session, path: Path, told: Iterable[str], progress: Progress, *, id_column: str = ""
) -> ReadFile:
    """
    Read and normalise a file; opens no socket and writes nothing.

    Args:
        session: the agent.
        path: a CSV file.
        told: what the partner says of columns, as `COLUMN=ATTRIBUTE`; it wins over what was saved.
        progress: called with a step's name, how much is done, and how much there is.
        id_column: the column with the case reference; empty finds it by name.

    Raises:
        SourceError: the file cannot be read as a table, or its columns cannot be told.
    """
    schema = session.schema
    table = read_table(path)
    pairs = [*told, *([f"{id_column}=case_ref"] if id_column else [])]
    saved = session.vault.settings.column_map(fold_headers(table.header))
    columns = map_columns(table.header, {**saved, **parse_map(pairs, schema)}, schema)
    rows = read_cases(table, columns)
    persons: list[Person] = []
    for done, case in enumerate(rows.cases, start=1):
        persons.append(normalise(case.record, schema))
        progress("Reading", done, len(rows.cases))
    faults = [*rows.faults, *_set_aside(rows.cases, persons)]
    return ReadFile(
        table=table,
        columns=columns,
        cases=rows.cases,
        persons=tuple(persons),
        decisions=tuple(_decide(session, case, person) for case, person in zip(rows.cases, persons, strict=True)),
        faults=tuple(sorted(faults, key=lambda fault: fault.row)),
    )


def find_local_pairs(session: Session, file: ReadFile, progress: Progress) -> list[LocalPair]:
    """Return the pairs of cases in the file that are probably one person, likeliest first; nothing leaves."""
    if len(file.persons) < 2:  # noqa: PLR2004 - a pair needs two
        return []
    found = link_persons(
        file.persons,
        None,
        session.schema,
        _frequencies(session.schema),
        lambda step, done, total: progress(f"Own duplicates: {step}", done, total),
    )
    pairs = [
        LocalPair(file.cases[left].record.reference, file.cases[right].record.reference, float(chance), Grade(grade))
        for left, right, chance, grade in zip(found.left, found.right, found.probability, found.grade, strict=True)
        if grade >= Grade.PROBABLE
    ]
    return sorted(pairs, key=lambda pair: -pair.probability)


def take_in(session: Session, file: ReadFile, progress: Progress) -> Intake:
    """
    Encode what is new or changed, and let its entries wait in the vault.

    Each chunk of cases is kept whole or not at all; after a kill, import the same file again.

    Raises:
        PrivateFileError: the linkage secret's file is absent or open to others.
        SettingsError: another secret than the agent was set up with.
    """
    vault, schema = session.vault, session.schema
    encoder = Encoder(schema, SharedSecretPrf(session.secret(), schema), _frequencies(schema))
    vault.settings.write_column_map(fold_headers(file.table.header), _agreed(file))
    known = vault.cases.all()
    work = _pending(session, file, known)
    expires = _expiry_month(session.project.retention_months)
    entries, unlinkable, done = 0, list[str](), 0
    for chunk in _chunks(work):
        encodings = encoder.encode([person for _, person in chunk])
        with vault.transaction():
            vault.cases.write(case for case, _ in chunk)
            vault.outbox.withdraw(case.case_ref for case, _ in chunk)
            for (case, _), encoding in zip(chunk, encodings, strict=True):
                vault.outbox.put(encoding, case.release, expires)
                entries += len(encoding.entries)
        unlinkable += [encoding.reference for encoding in encodings if not encoding.entries]
        done += len(chunk)
        progress("Encoding", done, len(work))
    _keep_encounters(session, file, known)
    changed = sum(case.case_ref in known for case, _ in work)
    return Intake(len(work) - changed, changed, len(file.cases) - len(work), entries, tuple(unlinkable))


def _agreed(file: ReadFile) -> dict[str, str]:
    """Return the mapping to save: the attribute of each folded header that has one."""
    folded = fold_headers(file.table.header)
    return {name: attribute for name, attribute in zip(folded, file.columns.attributes, strict=True) if attribute}


def _set_aside(cases: Sequence[CaseRow], persons: Sequence[Person]) -> list[RowFault]:
    """Name what the normaliser set aside, with its row."""
    return [
        RowFault(case.row, fault.column, fault.code, fault.advice)
        for case, person in zip(cases, persons, strict=True)
        for fault in person.set_aside
    ]


def _decide(session: Session, case: CaseRow, person: Person) -> ReleaseDecision:
    """Apply the release policy to one case."""
    return decide_release(
        person,
        recorded_on=case.record.recorded_on,
        is_location_protected=case.is_location_protected,
        is_shelter=session.settings.is_shelter,
    )


def _frequencies(schema: LinkageSchema) -> FrequencyModel:
    """Return the frequency model that the schema's gate names."""
    return _shipped_model(schema.gate.frequency_model)


@cache
def _shipped_model(name: str) -> FrequencyModel:
    """Read a shipped model once."""
    return FrequencyModel.shipped(name)


def _pending(session: Session, file: ReadFile, known: Mapping[str, StoredCase]) -> list[tuple[StoredCase, Person]]:
    """Return the cases that are new or changed, as they are to be kept."""
    pending: list[tuple[StoredCase, Person]] = []
    for case, person, decision in zip(file.cases, file.persons, file.decisions, strict=True):
        reference = case.record.reference
        before = known.get(reference)
        digest = _digest(session, case, decision.release)
        if before is None or before.digest != digest:
            random = new_reference() if before is None else before.reference
            kept = StoredCase(reference, random, digest, decision.release, decision.held_for, case.encounter)
            pending.append((kept, person))
    return pending


def _digest(session: Session, case: CaseRow, release: Release) -> bytes:
    """Digest all that a case's entries depend on: its columns, its release, schema, encoder and secret."""
    record = case.record
    parts = [
        sorted(record.columns.items()),
        str(record.recorded_on or ""),
        int(release),
        [session.schema.schema_id, ENCODER_VERSION, session.settings.secret_check],
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).digest()


def _chunks(work: Sequence[tuple[StoredCase, Person]]) -> Iterable[list[tuple[StoredCase, Person]]]:
    """Cut the work into chunks."""
    iterator = iter(work)
    while chunk := list(islice(iterator, CHUNK_CASES)):
        yield chunk


def _keep_encounters(session: Session, file: ReadFile, known: Mapping[str, StoredCase]) -> None:
    """Keep encounters and reasons that changed although the entries did not."""
    changed: list[StoredCase] = []
    for case, decision in zip(file.cases, file.decisions, strict=True):
        before = known.get(case.record.reference)
        if before is None or (before.encounter, before.held_for) == (case.encounter, decision.held_for):
            continue
        digest = _digest(session, case, decision.release)
        changed.append(
            StoredCase(before.case_ref, before.reference, digest, decision.release, decision.held_for, case.encounter)
        )
    with session.vault.transaction():
        session.vault.cases.write(changed)


def _expiry_month(retention_months: int) -> int:
    """Return the month after which the hub drops what is imported now."""
    today = datetime.now(UTC)
    return month_number(today.year, today.month) + retention_months
