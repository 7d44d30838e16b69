"""
From cases that were read to entries that wait for the hub; on the partner's premises, without a network.

read (`reading`) → encode → vault. A case is known by its reference: unchanged
ones are passed over, changed ones are encoded anew and their old entries withdrawn, so the same file twice changes
nothing. Rows that cannot be used are reported and the others go on.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from api.agent.reading import Progress, ReadFile
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
    """

    new: int
    changed: int
    unchanged: int
    entries: int
    unlinkable: tuple[str, ...] = field(repr=False)


def take_in(session: Session, file: ReadFile, progress: Progress) -> Intake:
    """
    Encode what is new or changed, and let its entries wait in the vault.

    Each chunk of cases is kept whole or not at all; after a kill, import the same file again.

    Raises:
        PrivateFileError: the linkage secret's file is absent or open to others.
        SettingsError: another secret than the agent was set up with.
    """
    vault, schema = session.vault, session.schema
    encoder = Encoder(schema, SharedSecretPrf(session.secret(), schema), session.frequencies)
    vault.settings.write_column_map(fold_headers(file.table.header), file.agreed_columns())
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
    """Digest all that a case's entries depend on: its columns, its release, schema, encoder, secret and model."""
    record = case.record
    parts = [
        sorted(record.columns.items()),
        str(record.recorded_on or ""),
        int(release),
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
