"""
What the numbers of a day must reach to raise an alarm; pure; hub. Why so, and how measured: docs/decisions/0013.

- `walk`: one token filed again and again. Composite keys are rare by design: on honest lists no token came more than a
  handful of times. But who walks through spellings or birth dates of one person files what stays the same each time.
- `roster`: many people never filed before, or many filings with somebody new in them, on a day without a bulk filing.
- `ask_and_erase`: most of what is filed is erased on the same day: it was filed to ask.
- `decoy`: an entry met an invented person.
"""

from dataclasses import dataclass
from enum import StrEnum

from api.hub.quotas.limits import ENTRIES_PER_PERSON

WALK_REPEATS = 20
ROSTER_PEOPLE = 25  # fewer than a key may file: nobody uses up a day's quota unseen, and two who collude are 50
ROSTER_FILINGS = 25
ERASED_PEOPLE = 10
ERASED_SHARE = 0.5


class Sign(StrEnum):
    """What an alarm is about."""

    WALK = "walk"
    ROSTER = "roster"
    ASK_AND_ERASE = "ask_and_erase"
    DECOY = "decoy"


def is_walk(repeats: int) -> bool:
    """Tell whether one token was filed too often by one organisation."""
    return repeats >= WALK_REPEATS


@dataclass(frozen=True, slots=True)
class Day:
    """
    What an organisation did on a day, outside bulk filings.

    Attributes:
        filings: batches with an entry whose token it did not have on file.
        first_time: such entries.
        erased: entries that it erased on the day they arrived.
    """

    filings: int
    first_time: int
    erased: int


def is_roster(day: Day) -> bool:
    """Tell whether too many people are asked about for the first time."""
    return day.first_time >= ROSTER_PEOPLE * ENTRIES_PER_PERSON or day.filings >= ROSTER_FILINGS


def is_ask_and_erase(day: Day) -> bool:
    """Tell whether what was filed on a day is mostly erased on the same day."""
    enough = day.erased >= ERASED_PEOPLE * ENTRIES_PER_PERSON
    return enough and day.erased >= ERASED_SHARE * day.first_time
