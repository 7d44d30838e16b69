"""
Read a written date, in either calendar and either set of digits, to Gregorian readings; partner's side only.

What the writing leaves open stays open: at most three readings, the likeliest first. A part that cannot be is left
out rather than repaired, so that a date is never wrong in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from matcher.errors import UnreadableFieldError
from matcher.normalise.calendar import FIRST_YEAR, LAST_YEAR, LONGEST_MONTH, BikramDay, month_days, to_gregorian
from matcher.normalise.text import CELL_CACHE, clean
from matcher.normalise.writing import BIKRAM, GREGORIAN, MONTHS, YEAR_DIGITS, YEARS, Written, written_orders
from matcher.person import PartialDate, Precision

MAX_READINGS = 3
OLDEST_AGE = 110  # years; older is a slip of the pen
LIKELY_AGE = 60  # years; up to 56 only one calendar gives an age between 0 and this
SURELY_GREGORIAN = range(YEARS.start, 1987)  # as Bikram years these are before 1930
SURELY_BIKRAM = range(2027, LAST_YEAR + 1)  # as Gregorian years these lie ahead
MIDDLE_OF_YEAR = 7  # the month from which half of the year is over
YEARS_APART = 57  # Baisakh 1 of a Bikram year lies in the Gregorian year 57 lower
HEAPED_DAY = 15  # 8.7 % of official birth dates, 3.3 % expected
EXCEL_DAYS = range(10_000, 60_000)  # 1927 to 2064
EXCEL_ZERO = date(1899, 12, 30).toordinal()


@dataclass(frozen=True, slots=True)
class DateHabits:
    """
    How a project's partners write dates.

    Attributes:
        knows_bikram: whether Bikram Sambat dates occur at all.
        knows_heaping: whether the 15th often stands for "some time that month".
    """

    knows_bikram: bool = True
    knows_heaping: bool = True


NEPALI_HABITS = DateHabits()
PLAIN_HABITS = DateHabits(knows_bikram=False, knows_heaping=False)


@lru_cache(maxsize=CELL_CACHE)
def read_date(cell: str, on: date | None = None, habits: DateHabits = NEPALI_HABITS) -> tuple[PartialDate, ...]:
    """
    Return the readings of a written date, likeliest first.

    Args:
        cell: text as written: digits with any usual separator, month names, ISO, a compact date, an Excel serial.
        on: the day it was written down, if known: nobody is born later, and few are older than 60.
        habits: what the project's partners may write.

    Returns:
        One to three readings; none when the cell is blank.

    Raises:
        UnreadableFieldError: `unreadable_date`, `calendar_out_of_range`, `after_recorded`, `too_long`.
    """
    text = clean(cell).lower()
    if not text:
        return ()
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(text[:5]) in EXCEL_DAYS:
        day = date.fromordinal(EXCEL_ZERO + int(text[:5]))
        return _within([_whole_day(day, is_heaped=_is_heaped(day.month, day.day, habits))], on)
    orders = written_orders(text)
    if not orders:
        raise UnreadableFieldError("not written as a date", code="unreadable_date")
    readings = [reading for written in orders for reading in _readings(written, on, habits)]
    if not readings:
        raise UnreadableFieldError("outside the tables of both calendars", code="calendar_out_of_range")
    return _within(readings, on)


def says_no_such_day(cell: str, readings: tuple[PartialDate, ...]) -> bool:
    """
    Say whether a written date names a month or day that its calendar has not, so that only a part of it was read.

    Args:
        cell: text as written, which `read_date` could read.
        readings: what it read. Zeros for a month or day say that it is not known, and are no fault.
    """
    if not readings or readings[0].precision is Precision.DAY:
        return False
    lost_month = readings[0].precision is Precision.YEAR
    return any(written.day or (written.month and lost_month) for written in written_orders(clean(cell).lower()))


_AGE = re.compile(r"^[^\d]{0,20}?(\d{1,3})(?:\.\d+)? ?(m(?:onths?|ahina)?\b|महिना|d(?:ays?)?\b|दिन)?[^\d]{0,20}$")


def read_age(cell: str, on: date | None) -> tuple[PartialDate, ...]:
    """
    Return the birth years an age allows, likeliest first.

    Args:
        cell: an age in years (or months, days) as written.
        on: the day on which the age was true.

    Returns:
        Two readings of precision age; none when the cell is blank.

    Raises:
        UnreadableFieldError: `unreadable_age`, `age_without_day`.
    """
    text = clean(cell).lower()
    if not text:
        return ()
    found = _AGE.match(text)
    age = int(found[1]) if found else OLDEST_AGE + 1
    if found and found[2]:
        age = 0
    if age > OLDEST_AGE:
        raise UnreadableFieldError("not written as an age in years", code="unreadable_age")
    if on is None:
        raise UnreadableFieldError("an age says nothing without the day it was stated on", code="age_without_day")
    later = on.year - age
    years = (later, later - 1) if on.month >= MIDDLE_OF_YEAR else (later - 1, later)
    return tuple(PartialDate(year, None, None, Precision.AGE) for year in years)


def _readings(written: Written, on: date | None, habits: DateHabits) -> Iterator[PartialDate]:
    """Read one order in each calendar that may be meant."""
    for calendar, year in _calendars(written, on, habits):
        read = _bikram if calendar == BIKRAM else _gregorian
        yield from read(year, written.month, written.day, habits)


def _calendars(written: Written, on: date | None, habits: DateHabits) -> list[tuple[str, int]]:
    """Name the calendars and full years that may be meant, the likeliest first."""
    options = [
        (calendar, year)
        for calendar in (GREGORIAN, BIKRAM)
        if written.calendar in {calendar, ""} and (calendar == GREGORIAN or habits.knows_bikram or written.calendar)
        for year in _full_years(written, calendar)
        if written.calendar or _is_thinkable(calendar, year, written.day, habits)
    ]
    if on is None:
        return options
    for oldest in (LIKELY_AGE, OLDEST_AGE):
        likely = [option for option in options if 0 <= on.year - _gregorian_year(*option) <= oldest]
        if likely:
            return likely
    return options


def _full_years(written: Written, calendar: str) -> tuple[int, ...]:
    """Complete a year of two digits (or of three, as 045 for 2045) in the centuries that may be meant."""
    if written.year_digits >= YEAR_DIGITS:
        return (written.year,)
    if written.year > 99:  # noqa: PLR2004 - three digits that are no shortened year
        return ()
    if calendar == BIKRAM:
        return (2000 + written.year,)
    return () if written.year_digits > len("45") else (1900 + written.year, 2000 + written.year)


def _is_thinkable(calendar: str, year: int, day: int | None, habits: DateHabits) -> bool:
    """Say whether a year that names no calendar may belong to this one."""
    if not habits.knows_bikram:
        return year in YEARS
    if day == LONGEST_MONTH:
        return calendar == BIKRAM and FIRST_YEAR <= year <= LAST_YEAR
    if calendar == BIKRAM:
        return FIRST_YEAR <= year <= LAST_YEAR and year not in SURELY_GREGORIAN
    return year in YEARS and year < SURELY_BIKRAM.start


def _gregorian_year(calendar: str, year: int) -> int:
    """Return the Gregorian year in which the year of a calendar begins."""
    return year - YEARS_APART if calendar == BIKRAM else year


def _gregorian(year: int, month: int | None, day: int | None, habits: DateHabits) -> Iterator[PartialDate]:
    """Read Gregorian parts as far as there is such a day."""
    if year not in YEARS:
        return
    if month is None or month not in MONTHS:
        yield PartialDate(year, None, None, Precision.YEAR)
    elif day is None or not 1 <= day <= _gregorian_month_days(year, month):
        yield PartialDate(year, month, None, Precision.MONTH)
    else:
        yield PartialDate(year, month, day, Precision.DAY, is_heaped=_is_heaped(month, day, habits))


def _gregorian_month_days(year: int, month: int) -> int:
    """Return the length of a Gregorian month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


def _bikram(year: int, month: int | None, day: int | None, habits: DateHabits) -> Iterator[PartialDate]:
    """Read Bikram Sambat parts as far as there is such a day; a month or year touches two Gregorian ones."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return
    if month is None or month not in MONTHS:
        for touched in (year - YEARS_APART, year - YEARS_APART + 1):
            yield PartialDate(touched, None, None, Precision.YEAR)
    elif day is None or not 1 <= day <= month_days(year, month):
        for end in (1, month_days(year, month)):
            touched_day = to_gregorian(BikramDay(year, month, end))
            yield PartialDate(touched_day.year, touched_day.month, None, Precision.MONTH)
    else:
        yield _whole_day(to_gregorian(BikramDay(year, month, day)), is_heaped=_is_heaped(month, day, habits))


def _whole_day(day: date, *, is_heaped: bool) -> PartialDate:
    """Turn a day into a reading."""
    return PartialDate(day.year, day.month, day.day, Precision.DAY, is_heaped=is_heaped)


def _is_heaped(month: int, day: int, habits: DateHabits) -> bool:
    """Say whether a day is what forms are filled with when nobody knows; in the calendar it was written in."""
    return (month, day) == (1, 1) or (habits.knows_heaping and day == HEAPED_DAY)


def _within(readings: list[PartialDate], on: date | None) -> tuple[PartialDate, ...]:
    """Drop what lies after the day of writing, and what is said twice."""
    kept = [reading for reading in readings if on is None or not _is_after(reading, on)]
    if not kept:
        raise UnreadableFieldError("it lies after the day it was written down", code="after_recorded")
    return tuple(dict.fromkeys(kept))[:MAX_READINGS]


def _is_after(reading: PartialDate, on: date) -> bool:
    """Say whether all of a reading lies after a day."""
    earliest = (reading.year or on.year, reading.month or 1, reading.day or 1)
    return earliest > (on.year, on.month, on.day)
