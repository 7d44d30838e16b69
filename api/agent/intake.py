"""
From cases that were read to entries that wait for the hub; on the partner's premises, without a network.

read (`reading`) → encode → vault. Nothing of a case is encoded without a live consent or lawful basis. A case is known
by its reference: unchanged ones are passed over, changed ones are encoded anew and their old entries withdrawn, so the
same file twice changes nothing. Rows that cannot be used are reported and the others go on.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from api.agent.consent import Consent, Ended, bounded_expiry
from api.agent.consent_end import end_cases, today
from api.agent.errors import ConsentError, SourceError
from api.agent.progress import Progress
from api.agent.reading import ReadFile
from api.agent.session import Session
from api.agent.sources.cases import CaseRow
from api.agent.sources.columns import fold_headers
from api.agent.vault.cases import StoredCase, new_reference
from api.wire.batches import Release, month_number
from matcher.encode.encoder import Encoder
from matcher.encode.prf import SharedSecretPrf
from matcher.encoding import ENCODER_VERSION
from matcher.person import Person

CHUNK_CASES = 250  # encoded and kept together; a kill loses at most this much work, and no case


@dataclass(frozen=True, slots=True)
class Intake:
    """
    What an import did.

    Attributes:
        unlinkable: references of cases with too little in them for a single entry.
        ended: number of cases that were known and ended, for want of consent or because their rows are gone.
    """

    new: int
    changed: int
    unchanged: int
    entries: int
    unlinkable: tuple[str, ...] = field(repr=False)
    ended: int = 0


def take_in(session: Session, file: ReadFile, progress: Progress, *, erase_missing: bool = False) -> Intake:
    """
    Encode what is new or changed, and let its entries wait in the vault.

    Each chunk of cases is kept whole or not at all; after a kill, import the same file again.

    Args:
        session: the agent.
        file: as it was read.
        progress: called with a step's name, how much is done, and how much there is.
        erase_missing: end the cases whose rows are gone from this source.

    Raises:
        ConsentError: of no case there is any consent or lawful basis, nor was there ever; nothing is changed.
        SourceError: rows are to be missed, but some could not be read.
        PrivateFileError: the linkage secret's file is absent or open to others.
        SettingsError: another secret than the agent was set up with.
    """
    vault, schema = session.vault, session.schema
    missing = missing_cases(session, file) if erase_missing else ()
    _require_consent(session, file)
    encoder = Encoder(schema, SharedSecretPrf(session.secret(), schema), session.frequencies)
    vault.settings.write_column_map(fold_headers(file.table.header), file.agreed_columns())
    ended = _settle(session, file, missing)
    known = vault.cases.all()
    work = _pending(session, file, known)
    expires = _expiry_months(session, file)
    entries, unlinkable, done = 0, list[str](), 0
    for chunk in _chunks(work):
        encodings = encoder.encode([person for _, person in chunk])
        with vault.transaction():
            vault.cases.write(case for case, _ in chunk)
            vault.outbox.withdraw(case.case_ref for case, _ in chunk)
            for (case, _), encoding in zip(chunk, encodings, strict=True):
                vault.outbox.put(encoding, case.release, expires[case.case_ref])
                entries += len(encoding.entries)
        unlinkable += [encoding.reference for encoding in encodings if not encoding.entries]
        done += len(chunk)
        progress("Encoding", done, len(work))
    _keep_encounters(session, file, known)
    changed = sum(case.case_ref in known for case, _ in work)
    unchanged = len(file.cases) - len(work) - len(file.without_consent())
    return Intake(len(work) - changed, changed, unchanged, entries, tuple(unlinkable), ended)


def _require_consent(session: Session, file: ReadFile) -> None:
    """Refuse a file of which nobody has said anything of consent."""
    if file.cases and not any(file.consents) and not session.vault.cases.count():
        advice = "Add a column consent_given_by, or say it of the whole file: --consent self, or --basis CODE."
        raise ConsentError("no consent and no lawful basis", code="no_consent", where="file", advice=advice)


def missing_cases(session: Session, file: ReadFile) -> tuple[str, ...]:
    """
    Return the cases that were last read from this source and have no row in the file.

    Raises:
        SourceError: rows were left out whole: a case may seem to be gone because its row cannot be read.
    """
    if file.rows_set_aside:
        advice = "Mend the rows that are left out whole, or leave --erase-missing out."
        raise SourceError("rows cannot be read", code="rows_set_aside", where="--erase-missing", advice=advice)
    there = {case.record.reference for case in file.cases}
    cases = session.vault.cases.all()
    return tuple(sorted(ref for ref, case in cases.items() if case.source == file.source and ref not in there))


def _settle(session: Session, file: ReadFile, missing: Iterable[str]) -> int:
    """Keep what holds of consent, and end the known cases for which nothing holds; returns how many."""
    vault, day = session.vault, today()
    said = {case.record.reference: each for case, each in zip(file.cases, file.consents, strict=True) if each}
    known = vault.cases.all()
    over = {ref: Ended(why) if why in set(Ended) else Ended.NOT_GIVEN for ref, why in file.without_consent().items()}
    ended = {ref: why for ref, why in over.items() if ref in known} | dict.fromkeys(missing, Ended.MISSING)
    with vault.transaction():
        vault.consents.write(session.settings.purpose, said, day)
        end_cases(session, ended, day)
    return len(ended)


def _pending(session: Session, file: ReadFile, known: Mapping[str, StoredCase]) -> list[tuple[StoredCase, Person]]:
    """Return the cases that are new or changed, as they are to be kept."""
    pending: list[tuple[StoredCase, Person]] = []
    rows = zip(file.cases, file.persons, file.decisions, file.consents, strict=True)
    for case, person, decision, consent in rows:
        reference = case.record.reference
        if consent is None or not consent.is_live(today()):
            continue
        before = known.get(reference)
        digest = _digest(session, case, decision.release, consent)
        if before is None or before.digest != digest:
            random = new_reference() if before is None else before.reference
            kept = StoredCase(
                reference, random, digest, decision.release, decision.held_for, case.encounter, file.source
            )
            pending.append((kept, person))
    return pending


def _digest(session: Session, case: CaseRow, release: Release, consent: Consent) -> bytes:
    """Digest all that a case's entries depend on: columns, release, consent's end, schema, encoder, secret, model."""
    record = case.record
    parts = [
        sorted(record.columns.items()),
        str(record.recorded_on or ""),
        int(release),
        str(consent.stated.expires_on or ""),
        [session.schema.schema_id, ENCODER_VERSION, session.settings.secret_check, session.frequencies_digest],
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
    for case, decision, consent in zip(file.cases, file.decisions, file.consents, strict=True):
        before = known.get(case.record.reference)
        if before is None or consent is None or not consent.is_live(today()):
            continue
        told = replace(before, held_for=decision.held_for, encounter=case.encounter, source=file.source)
        if told != before:
            digest = _digest(session, case, decision.release, consent)
            changed.append(replace(told, digest=digest, release=decision.release))
    with session.vault.transaction():
        session.vault.cases.write(changed)


def _expiry_months(session: Session, file: ReadFile) -> dict[str, int]:
    """Return the month after which the hub drops each case: by the project's retention, or the end of consent."""
    day = today()
    latest = month_number(day.year, day.month) + session.project.retention_months
    return {
        case.record.reference: bounded_expiry(consent.stated, latest, day)
        for case, consent in zip(file.cases, file.consents, strict=True)
        if consent is not None
    }
