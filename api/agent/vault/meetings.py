"""Meetings of the partner's entries and the matches they became, as the hub last told; on the partner's premises."""

from collections.abc import Iterable, Mapping
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
        rung: how much may be told now.
        own_review: our last answer; None before the first review.
        resolution: what both sides, or the desk, found; None until then.
        review_due_on: ISO date by which we shall have reviewed; empty where no review is due.
        answer: what the police is told in place of the other side; None to everybody else.
        broken_glass: a line for each time that the other side was told D3 in an emergency: danger and day.
        was_parted_before: reviews found our record not to be one person with another record of that organisation.
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
    rung: str = "D1"
    own_review: str | None = None
    resolution: str | None = None
    review_due_on: str = ""
    answer: str | None = None
    broken_glass: str = ""
    was_parted_before: bool = False

    @property
    def is_review_due(self) -> bool:
        """Whether a person of ours has still to look."""
        return bool(self.review_due_on) and not self.own_review and not self.resolution and self.state != "void"


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
        """Keep matches as told; those of cases that are forgotten are left out."""
        for match in matches:
            verdict = match.verdict
            told = {
                "cluster_id": match.cluster_id,
                "other_class": match.other.organisation_class or "",
                "grade": match.grade,
                "state": match.state.value,
                "verdict": verdict.verdict if verdict else None,
                "reasons": " ".join(verdict.reasons) if verdict else "",
                "rung": match.rung,
                "own_review": match.own_review,
                "resolution": match.resolution,
                "review_due_on": match.review_due_on,
                "answer": match.answer,
                "broken_glass": "\n".join(f"{each.danger} {each.opened_on}" for each in match.broken_glass),
                "was_parted_before": int(match.was_parted_before),
            }
            self._write_match(match.match_id, match.reference, told)

    def _write_match(self, match_id: str, reference: str, told: Mapping[str, str | int | None]) -> None:
        """Add a match of a case that is known, or replace what was told of it."""
        names = ", ".join(told)
        marks = ", ".join("?" for _ in told)
        changes = ", ".join(f"{name} = excluded.{name}" for name in told)
        self._connection.execute(
            f"INSERT INTO match (match_id, reference, {names}) SELECT ?, ?, {marks} "  # noqa: S608 - our own names
            "WHERE EXISTS (SELECT 1 FROM case_record WHERE reference = ?) "
            f"ON CONFLICT (match_id) DO UPDATE SET {changes}",
            (match_id, reference, *told.values(), reference),
        )

    def matches(self) -> list[CaseMatch]:
        """Return all matches of the partner's cases, by case."""
        rows = self._connection.execute(
            "SELECT match_id, case_ref, cluster_id, other_class, grade, state, verdict, reasons, reported, "
            "rung, own_review, resolution, review_due_on, answer, broken_glass, was_parted_before "
            "FROM match JOIN case_record USING (reference) ORDER BY case_ref, match_id"
        )
        return [_match(row) for row in rows]

    def set_reported(self, match_id: str, encounters: str) -> None:
        """Note which encounters the hub has of us for a match."""
        self._connection.execute("UPDATE match SET reported = ? WHERE match_id = ?", (encounters, match_id))


def _match(row: tuple[Any, ...]) -> CaseMatch:
    """Read one row of matches."""
    match_id, case_ref, cluster_id, other_class, grade, state, verdict, reasons, *rest = row
    rest[-1] = bool(rest[-1])
    return CaseMatch(match_id, case_ref, cluster_id, other_class, grade, state, verdict, tuple(reasons.split()), *rest)
