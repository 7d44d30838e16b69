"""
Encounters in time to an episode verdict; runs at the hub and on both sides of a match.

Follows the IOM's 2010 notion of re-trafficking: a recorded exit, then re-entry. Time is kept in quarters only, so
that a date cannot single out a person; the verdict depends on what happened, never on the order of arrival.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from matcher.errors import UnreadableFieldError

LONGEST_EPISODE_QUARTERS = 8  # two years: re-trafficking is mostly seen within two years of an exit (IOM 2010)

_QUARTER = re.compile(r"(?P<year>(19|20|21)[0-9]{2})-?Q(?P<number>[1-4])", re.IGNORECASE | re.ASCII)


class EncounterKind(StrEnum):
    """What brought the person and the partner together."""

    INTERCEPTION = "interception"
    RESCUE = "rescue"
    ADMISSION = "admission"
    POLICE_CASE = "police_case"
    HELPLINE = "helpline"


class EncounterStatus(StrEnum):
    """What the partner held the person to be then."""

    POSSIBLE = "possible"
    ACTUAL = "actual"
    NOT = "not"


class Verdict(StrEnum):
    """What the encounters of a match say together."""

    SAME_EPISODE = "same_episode"
    POSSIBLE_RE_TRAFFICKING = "possible_re_trafficking"
    ATTEMPT = "attempt"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, order=True)
class Encounter:
    """
    One contact of a person with a partner.

    Attributes:
        quarter: quarters since year 0, as `parse_quarter` gives them.
        kind: what brought them together.
        status: what the partner held the person to be.
        exit_quarter: quarter in which the situation was recorded as ended, or None.
    """

    quarter: int
    kind: EncounterKind
    status: EncounterStatus
    exit_quarter: int | None = None


@dataclass(frozen=True, slots=True)
class EpisodeVerdict:
    """The verdict, and its reasons as stable codes (docs/glossary.md explains each)."""

    verdict: Verdict
    reasons: tuple[str, ...]


def parse_quarter(text: str) -> int:
    """
    Read a quarter such as `2024Q3` or `2024-Q3`.

    Returns:
        Quarters since year 0: 4 × year + quarter - 1.

    Raises:
        UnreadableFieldError: it is not written so.
    """
    found = _QUARTER.fullmatch(text.strip())
    if found is None:
        raise UnreadableFieldError("not a quarter such as 2024Q3", code="unreadable_quarter", where="quarter")
    return 4 * int(found["year"]) + int(found["number"]) - 1


def format_quarter(quarter: int) -> str:
    """Write a quarter as `2024Q3`."""
    return f"{quarter // 4}Q{quarter % 4 + 1}"


def judge(encounters: Iterable[Encounter]) -> EpisodeVerdict:
    """
    Say whether the encounters of one person are one episode or several.

    An exit and a contact in the same quarter count as a handover, not as a return: quarters cannot tell more.

    Args:
        encounters: of all sides of the match, in any order; repeated ones count once.
    """
    told = sorted(set(encounters), key=_order)
    trafficked = [encounter for encounter in told if encounter.status is not EncounterStatus.NOT]
    if len(told) < 2:  # noqa: PLR2004 - two encounters make a relation
        return EpisodeVerdict(Verdict.UNDETERMINED, ("fewer_than_two_encounters",))
    if len(trafficked) < 2:  # noqa: PLR2004 - as above
        return EpisodeVerdict(Verdict.UNDETERMINED, ("no_two_with_possible_or_actual_status",))
    returns = [later for later in trafficked if _follows_exit(later, told)]
    if any(later.kind is not EncounterKind.INTERCEPTION for later in returns):
        return EpisodeVerdict(Verdict.POSSIBLE_RE_TRAFFICKING, ("exit_then_later_encounter",))
    if returns:
        return EpisodeVerdict(Verdict.ATTEMPT, ("exit_then_interception_only",))
    return _without_return(trafficked)


def _order(encounter: Encounter) -> tuple[int, str, str, int]:
    """Sort by time, then by what is left, so that arrival plays no part."""
    exit_quarter = -1 if encounter.exit_quarter is None else encounter.exit_quarter
    return (encounter.quarter, encounter.kind, encounter.status, exit_quarter)


def _follows_exit(later: Encounter, told: list[Encounter]) -> bool:
    """Tell whether an exit was recorded, after an earlier encounter, in a quarter before this one."""
    return any(
        earlier.exit_quarter is not None and earlier.quarter <= earlier.exit_quarter < later.quarter
        for earlier in told
        if earlier.status is not EncounterStatus.NOT
    )


def _without_return(trafficked: list[Encounter]) -> EpisodeVerdict:
    """Judge encounters with no exit between them."""
    widest = max(later.quarter - earlier.quarter for earlier, later in pairwise(trafficked))
    if widest > LONGEST_EPISODE_QUARTERS:
        return EpisodeVerdict(Verdict.UNDETERMINED, ("long_gap_without_recorded_exit",))
    if any(encounter.exit_quarter is not None for encounter in trafficked[:-1]):
        return EpisodeVerdict(Verdict.SAME_EPISODE, ("handover_in_the_same_quarter",))
    return EpisodeVerdict(Verdict.SAME_EPISODE, ("no_exit_between",))
