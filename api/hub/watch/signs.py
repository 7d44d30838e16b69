"""
What the numbers of a day must reach to raise an alarm; pure; hub. Why so, and how measured: docs/decisions/0013.

- `walk`: one token filed again and again. Composite keys are rare by design: on honest lists no token came more than a
  handful of times. But who walks through spellings or birth dates of one person files what stays the same each time.
- `roster`: many people never filed before, on a day without a bulk filing.
- `ask_and_erase`: most of what is filed is erased on the same day: it was filed to ask.
- `decoy`: an entry met an invented person.
"""

from enum import StrEnum

from api.hub.quotas.limits import ENTRIES_PER_PERSON

WALK_REPEATS = 12
ROSTER_PEOPLE = 40
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


def is_roster(first_time_entries: int, *, is_bulk: bool) -> bool:
    """Tell whether too many people are asked about for the first time."""
    return not is_bulk and first_time_entries >= ROSTER_PEOPLE * ENTRIES_PER_PERSON


def is_ask_and_erase(first_time_entries: int, erased_entries: int) -> bool:
    """Tell whether what was filed on a day is mostly erased on the same day."""
    enough = erased_entries >= ERASED_PEOPLE * ENTRIES_PER_PERSON
    return enough and erased_entries >= ERASED_SHARE * first_time_entries
