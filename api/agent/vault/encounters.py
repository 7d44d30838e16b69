"""Encounters that a partner adds by hand, beside the one that a case's row tells of; on the partner's premises."""

import apsw

from api.wire.matches import EncounterReport


class Encounters:
    """The table `added_encounter`; of one quarter and kind there is one."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def put(self, case_ref: str, encounter: EncounterReport) -> None:
        """Add an encounter, or replace the one of the same quarter and kind."""
        self._connection.execute(
            "INSERT OR REPLACE INTO added_encounter (case_ref, quarter, kind, status, exit_quarter) "
            "VALUES (?, ?, ?, ?, ?)",
            (case_ref, encounter.quarter, encounter.kind, encounter.status, encounter.exit_quarter),
        )

    def of_cases(self) -> dict[str, list[EncounterReport]]:
        """Return all that was added, by case reference, each in order."""
        found: dict[str, list[EncounterReport]] = {}
        rows = self._connection.execute(
            "SELECT case_ref, quarter, kind, status, exit_quarter FROM added_encounter ORDER BY 1, 2, 3"
        )
        for case_ref, quarter, kind, status, exit_quarter in rows:
            told = {"quarter": quarter, "kind": kind, "status": status, "exit_quarter": exit_quarter}
            found.setdefault(str(case_ref), []).append(EncounterReport.model_validate(told))
        return found
