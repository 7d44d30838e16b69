"""
What was agreed with each person, for which purpose and until when; on the partner's premises.

Rows stay after their end, as the partner's record that it had a basis. They hold a case reference and no name.
"""

from collections.abc import Mapping
from datetime import date

import apsw

from api.agent.consent import Consent, Ended, GivenBy, Stated, withheld_codes
from api.wire.statements import OrganisationClass

_COLUMNS = "given_by, basis, withheld_from, expires_on, given_on, ended"


class Consents:
    """The table `consent`; of a case and purpose the newest row counts."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def newest(self, purpose: str) -> dict[str, Consent]:
        """Return what is known for a purpose, by case reference."""
        rows = self._connection.execute(
            f"SELECT case_ref, {_COLUMNS} FROM consent WHERE purpose = ? ORDER BY consent_id",  # noqa: S608 - constant
            (purpose,),
        )
        return {str(row[0]): _consent(row[1:]) for row in rows}

    def history(self, case_ref: str) -> list[tuple[str, Consent, str]]:
        """Return all that is kept of a case, oldest first: purpose, consent, and the day of its end or nothing."""
        rows = self._connection.execute(
            f"SELECT purpose, ended_on, {_COLUMNS} FROM consent WHERE case_ref = ? ORDER BY consent_id",  # noqa: S608 - constant
            (case_ref,),
        )
        return [(str(row[0]), _consent(row[2:]), str(row[1] or "")) for row in rows]

    def write(self, purpose: str, consents: Mapping[str, Consent], day: date) -> None:
        """Keep what holds now; what is known already is not written again, what it replaces stays as ended."""
        known = self.newest(purpose)
        for case_ref, consent in consents.items():
            if known.get(case_ref) == consent:
                continue
            self._end(purpose, case_ref, consent.ended, day)
            if consent.ended is None or case_ref not in known:
                self._add(purpose, case_ref, consent, day)

    def _end(self, purpose: str, case_ref: str, ended: Ended | None, day: date) -> None:
        """End what holds: for a reason, or because another consent takes its place."""
        self._connection.execute(
            "UPDATE consent SET ended = ?, ended_on = ? WHERE purpose = ? AND case_ref = ? AND ended IS NULL",
            (ended or Ended.REPLACED, day.isoformat(), purpose, case_ref),
        )

    def _add(self, purpose: str, case_ref: str, consent: Consent, day: date) -> None:
        """Write one row."""
        stated = consent.stated
        self._connection.execute(
            "INSERT INTO consent (case_ref, purpose, given_by, basis, withheld_from, expires_on, given_on, ended, "
            "ended_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                case_ref,
                purpose,
                stated.given_by,
                stated.basis,
                withheld_codes(stated.withheld_from),
                stated.expires_on.isoformat() if stated.expires_on else None,
                consent.given_on.isoformat(),
                consent.ended,
                day.isoformat() if consent.ended else None,
            ),
        )


def _consent(row: tuple[object, ...]) -> Consent:
    """Read one row."""
    given_by, basis, withheld_from, expires_on, given_on, ended = (str(each or "") for each in row)
    stated = Stated(
        given_by=GivenBy(given_by) if given_by else None,
        basis=basis,
        withheld_from=frozenset(map(OrganisationClass, withheld_from.split())),
        expires_on=date.fromisoformat(expires_on) if expires_on else None,
        is_refusal=ended == Ended.NOT_GIVEN and not basis,
    )
    return Consent(stated, date.fromisoformat(given_on), Ended(ended) if ended else None)
