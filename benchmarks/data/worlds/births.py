"""
Birth dates as official lists hold them, heaped, and how a partner writes them down, wrongly at times.

Heaping is done in Bikram Sambat, the calendar of the papers: day 15 is 8.7 % of all days where 3.3 % are expected,
1 Baisakh 1.7 % where 0.27 % are.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.data.worlds.chance import Chance
from benchmarks.data.worlds.noise import Noise
from matcher.normalise.calendar import LONGEST_MONTH, BikramDay, month_days, to_bikram, to_gregorian

EXTRA_FIFTEENTH, EXTRA_NEW_YEAR = 0.055, 0.015
ROUND_AGE = 0.12  # makes a Whipple index of 149: (0.2 + 0.8 × 0.12) / 0.2
ROUNDED_FROM = 20
YEARS_APART = 57
MINOR = 18
DEVANAGARI_DIGITS = str.maketrans("0123456789", "०१२३४५६७८९")


@dataclass(frozen=True, slots=True)
class BirthHabits:
    """How a partner writes a birth: the share of Bikram dates, whether digits are Devanagari, and the separator."""

    bikram_share: float
    separator: str
    day_first: bool


@dataclass(frozen=True, slots=True)
class WrittenBirth:
    """Columns by name, and the precision: day, year, age or missing."""

    columns: dict[str, str]
    precision: str


def heaped_birth(born: date, chance: Chance) -> date:
    """Return the birth date of a person's papers: the true one, or one that was made up."""
    day = to_bikram(born)
    if chance.happens(EXTRA_NEW_YEAR):
        return to_gregorian(BikramDay(day.year, 1, 1))
    if chance.happens(EXTRA_FIFTEENTH):
        return to_gregorian(BikramDay(day.year, day.month, 15))
    return born


def write_birth(
    born: date, on: date, habits: BirthHabits, noise: Noise, chance: Chance, *, is_first: bool
) -> WrittenBirth:
    """
    Write a birth as one partner does.

    Args:
        born: as in the person's papers.
        on: day of the record.
        habits: the partner's.
        noise: how often it goes wrong.
        chance: decides.
        is_first: the person's first record, which has gaps but no distortions.
    """
    if chance.happens(noise.birth_missing):
        return WrittenBirth({}, "missing")
    is_partial = chance.happens(noise.birth_partial / (1 - noise.birth_missing))
    told = born if is_first else _distorted(born, on, noise, chance)
    is_bikram = chance.happens(habits.bikram_share)
    if not is_partial:
        return WrittenBirth(
            {"birth_date": _whole(told, habits, noise, chance, is_bikram=is_bikram, is_first=is_first)}, "day"
        )
    if chance.happens(0.5):
        return WrittenBirth({"birth_year": str(to_bikram(told).year if is_bikram else told.year)}, "year")
    age = max(0, (on - told).days * 4 // 1461)
    if age >= ROUNDED_FROM and chance.happens(ROUND_AGE):
        age = 5 * round(age / 5)
    return WrittenBirth({"age": str(age)}, "age")


def _distorted(born: date, on: date, noise: Noise, chance: Chance) -> date:
    """Move the year of birth by what people misremember, or say."""
    years = 0
    if chance.happens(noise.age_off_by_one):
        years = chance.pick((-1, 1))
    elif chance.happens(noise.age_off_by_two / (1 - noise.age_off_by_one)):
        years = chance.pick((-2, 2))
    age = (on - born).days // 365
    if age < MINOR and chance.happens(noise.minor_made_adult):
        years = age - MINOR - chance.below(2)
    moved = _with_year(born, born.year + years)
    return min(moved, on)


def _whole(told: date, habits: BirthHabits, noise: Noise, chance: Chance, *, is_bikram: bool, is_first: bool) -> str:
    """Write a whole date in the partner's calendar and order."""
    bikram = to_bikram(told)
    if not is_first and chance.happens(noise.bikram_as_gregorian):
        # The year was converted, month and day were copied.
        return _joined(bikram.year - YEARS_APART, bikram.month, min(28, bikram.day), habits)
    year, month, day = (bikram.year, bikram.month, bikram.day) if is_bikram else (told.year, told.month, told.day)
    if not is_first and day <= 12 and chance.happens(noise.day_month_swapped):  # noqa: PLR2004 - months of a year
        month, day = day, month
    if is_bikram and day < LONGEST_MONTH and day > month_days(year, month):
        day = month_days(year, month)
    return _joined(year, month, day, habits)


def _joined(year: int, month: int, day: int, habits: BirthHabits) -> str:
    """Join the parts."""
    parts = (f"{day:02}", f"{month:02}", str(year)) if habits.day_first else (str(year), f"{month:02}", f"{day:02}")
    return habits.separator.join(parts)


def _with_year(day: date, year: int) -> date:
    """Return the same day in another year; 29 February becomes the 28th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28 if is_leap_day else day.day)


def quarter_day(quarter: int, chance: Chance) -> date:
    """Draw a day of a quarter (quarters since year 0)."""
    return date(quarter // 4, 3 * (quarter % 4) + 1, 1) + timedelta(days=chance.below(89))
