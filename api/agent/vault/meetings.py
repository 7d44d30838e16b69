"""Meetings of the partner's entries and the matches they became, as the hub last told; on the partner's premises."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import apsw

from api.wire.matches import Match
from api.wire.meetings import Meeting, MeetingState


@dataclass(frozen=True, slots=True)
class CaseMeeting:
    """A meeting, with the case whose entry met."""

    meeting_id: str
    case_ref: str = field(repr=False)
    grade: str
    state: MeetingState
    other_class: str
    purpose: str


@dataclass(frozen=True, slots=True)
class CaseMatch:
    """
    A match, with the partner's own case in it.

    Attributes:
        reasons: of the verdict, as codes.
        reported: the encounters the hub has of us, as sent; None before the first report.
    """

    match_id: str
    case_ref: str = field(repr=False)
    cluster_id: str
    other_class: str
    grade: str
    state: str
    verdict: str | None
    reasons: tuple[str, ...]
    reported: str | None


class Meetings:
    """The tables `meeting` and `match`."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def write(self, meetings: Iterable[Meeting]) -> int:
        """Keep meetings as told; returns how many were of entries this vault does not know, which are left out."""
        unknown = 0
        for meeting in meetings:
            entry_id = bytes.fromhex(meeting.entry_id)
            if self._connection.execute("SELECT 1 FROM entry WHERE entry_id = ?", (entry_id,)).fetchone() is None:
                unknown += 1
                continue
            other = meeting.other
            other_class = other.organisation_class or ""  # empty where the hub does not tell
            self._connection.execute(
                "INSERT OR REPLACE INTO meeting (meeting_id, entry_id, grade, state, other_class, purpose) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (meeting.meeting_id, entry_id, meeting.grade, meeting.state, other_class, other.purpose),
            )
        return unknown

    def of_state(self, state: MeetingState) -> list[CaseMeeting]:
        """Return the meetings in a state, by case."""
        rows = self._connection.execute(
            "SELECT meeting_id, case_ref, grade, meeting.state, other_class, purpose "
            "FROM meeting JOIN entry USING (entry_id) WHERE meeting.state = ? ORDER BY case_ref, meeting_id",
            (state.value,),
        )
        return [CaseMeeting(row[0], row[1], row[2], MeetingState(row[3]), row[4], row[5]) for row in rows]

    def set_state(self, meeting_ids: Iterable[str], state: MeetingState) -> None:
        """Note what was decided or claimed, until the hub tells again."""
        self._connection.executemany(
            "UPDATE meeting SET state = ? WHERE meeting_id = ?", ((state.value, each) for each in meeting_ids)
        )

    def write_matches(self, matches: Iterable[Match]) -> None:
        """Keep matches as told."""
        for match in matches:
            verdict = match.verdict
            self._connection.execute(
                "INSERT INTO match (match_id, reference, cluster_id, other_class, grade, state, verdict, reasons) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (match_id) DO UPDATE SET "
                "cluster_id = excluded.cluster_id, other_class = excluded.other_class, grade = excluded.grade, "
                "state = excluded.state, verdict = excluded.verdict, reasons = excluded.reasons",
                (
                    match.match_id,
                    match.reference,
                    match.cluster_id,
                    match.other.organisation_class or "",
                    match.grade,
                    match.state,
                    verdict.verdict if verdict else None,
                    " ".join(verdict.reasons) if verdict else "",
                ),
            )

    def matches(self) -> list[CaseMatch]:
        """Return all matches of the partner's cases, by case."""
        rows = self._connection.execute(
            "SELECT match_id, case_ref, cluster_id, other_class, grade, state, verdict, reasons, reported "
            "FROM match JOIN case_record USING (reference) ORDER BY case_ref, match_id"
        )
        return [_match(row) for row in rows]

    def set_reported(self, match_id: str, encounters: str) -> None:
        """Note which encounters the hub has of us for a match."""
        self._connection.execute("UPDATE match SET reported = ? WHERE match_id = ?", (encounters, match_id))


def _match(row: tuple[Any, ...]) -> CaseMatch:
    """Read one row of matches."""
    match_id, case_ref, cluster_id, other_class, grade, state, verdict, reasons, reported = row
    return CaseMatch(
        match_id, case_ref, cluster_id, other_class, grade, state, verdict, tuple(reasons.split()), reported
    )
