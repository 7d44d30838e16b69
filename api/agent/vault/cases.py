"""
The partner's cases as the vault keeps them: references, release and encounter, no names; on the partner's premises.

The random reference of a case is made once and stays, so that a case that is encoded anew keeps its matches.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

import apsw

from api.wire.batches import Release
from api.wire.matches import EncounterReport

REFERENCE_BYTES = 16
_COLUMNS = (
    "case_ref, reference, digest, release, held_for, source, encounter_quarter, encounter_kind, encounter_status, "
    "exit_quarter"
)


@dataclass(frozen=True, slots=True)
class StoredCase:
    """
    A case of the partner.

    Attributes:
        case_ref: the partner's own reference; shown on its own screen alone.
        reference: random, 32 hex digits; what claims say instead.
        digest: of all that the entries depend on; another digest means they must be made anew.
        held_for: why the release is manual, as codes.
        encounter: the contact its row tells of, or None.
        source: name of the file or register that it was last read from.
    """

    case_ref: str = field(repr=False)
    reference: str
    digest: bytes = field(repr=False)
    release: Release
    held_for: tuple[str, ...]
    encounter: EncounterReport | None = field(repr=False)
    source: str = ""


def new_reference() -> str:
    """Return a random reference, derived from nothing."""
    return os.urandom(REFERENCE_BYTES).hex()


class Cases:
    """The table `case_record`."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def all(self) -> dict[str, StoredCase]:
        """Return every case by the partner's reference."""
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM case_record")  # noqa: S608 - a constant
        return {case.case_ref: case for case in map(_case, rows)}

    def write(self, cases: Iterable[StoredCase]) -> None:
        """Add cases, or replace what is kept of them."""
        self._connection.executemany(
            f"INSERT INTO case_record ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608 - a constant
            "ON CONFLICT (case_ref) DO UPDATE SET digest = excluded.digest, release = excluded.release, "
            "held_for = excluded.held_for, source = excluded.source, encounter_quarter = excluded.encounter_quarter, "
            "encounter_kind = excluded.encounter_kind, encounter_status = excluded.encounter_status, "
            "exit_quarter = excluded.exit_quarter",
            map(_row, cases),
        )

    def encode_anew(self, case_refs: Iterable[str]) -> None:
        """Let cases be encoded at their next import, whatever is known of them."""
        self._connection.executemany(
            "UPDATE case_record SET digest = x'' WHERE case_ref = ?", ((each,) for each in case_refs)
        )

    def count(self) -> int:
        """Count the cases."""
        return int(self._connection.execute("SELECT count(*) FROM case_record").get)


def _case(row: tuple[object, ...]) -> StoredCase:
    """Read one row."""
    case_ref, reference, digest, release, held_for, source, quarter, kind, status, exit_quarter = row
    encounter = None
    if quarter is not None:
        encounter = EncounterReport.model_validate(
            {"quarter": quarter, "kind": kind, "status": status, "exit_quarter": exit_quarter}
        )
    return StoredCase(
        case_ref=str(case_ref),
        reference=str(reference),
        digest=bytes(digest) if isinstance(digest, bytes) else b"",
        release=Release.AUTOMATIC if release == Release.AUTOMATIC else Release.MANUAL,
        held_for=tuple(str(held_for).split()),
        encounter=encounter,
        source=str(source),
    )


def _row(case: StoredCase) -> tuple[str | bytes | int | None, ...]:
    """Write one row."""
    told = case.encounter
    head = (case.case_ref, case.reference, case.digest, int(case.release), " ".join(case.held_for), case.source)
    if told is None:
        return (*head, None, None, None, None)
    return (*head, told.quarter, told.kind, told.status, told.exit_quarter)
