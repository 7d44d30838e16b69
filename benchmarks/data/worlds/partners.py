"""Partners of a world, each with habits of its own."""

from dataclasses import dataclass

from benchmarks.data.worlds.births import BirthHabits
from benchmarks.data.worlds.chance import Chance, Weighted
from benchmarks.data.worlds.noise import Level

SAME_PARTNER_AGAIN = 0.1  # of later records: the person returns to the partner she came from


@dataclass(frozen=True, slots=True)
class Partner:
    """
    An organisation with a list.

    Attributes:
        roman_share: share of records in Latin letters; the others are in Devanagari.
        has_middle_column: else the middle name stands in the given-name column.
        writes_whole_relatives: parents and spouses with surname; else their given names alone.
    """

    key: str
    share: float
    roman_share: float
    birth: BirthHabits
    has_middle_column: bool
    writes_whole_relatives: bool


# Shares of scripts make two records of one person differ in script at about the rate of the level: 0.3 and 0.5.
PARTNERS: dict[Level, tuple[Partner, ...]] = {
    "L": (
        Partner("A", 0.45, 0.03, BirthHabits(0.95, "-", day_first=False), True, True),  # noqa: FBT003 - a table
        Partner("B", 0.33, 0.05, BirthHabits(0.80, "/", day_first=False), False, True),  # noqa: FBT003 - a table
        Partner("C", 0.22, 0.55, BirthHabits(0.15, "-", day_first=False), True, False),  # noqa: FBT003 - a table
    ),
    "H": (
        Partner("A", 0.40, 0.30, BirthHabits(0.85, "-", day_first=False), True, True),  # noqa: FBT003 - a table
        Partner("B", 0.35, 0.55, BirthHabits(0.60, "/", day_first=False), False, True),  # noqa: FBT003 - a table
        Partner("C", 0.25, 0.70, BirthHabits(0.10, "/", day_first=True), False, False),  # noqa: FBT003 - a table
    ),
}
_BY_SHARE = {level: Weighted({partner: partner.share for partner in PARTNERS[level]}) for level in PARTNERS}


def partners_of(contacts: int, level: Level, chance: Chance) -> list[Partner]:
    """Draw the partner of each contact; most go on to another."""
    chosen = [_BY_SHARE[level].pick(chance)]
    while len(chosen) < contacts:
        other = _BY_SHARE[level].pick(chance)
        if other is not chosen[-1] or chance.happens(SAME_PARTNER_AGAIN):
            chosen.append(other)
    return chosen
