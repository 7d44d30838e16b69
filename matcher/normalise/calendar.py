"""
Bikram Sambat days to Gregorian days and back, by table; partner's side only.

The lengths of the months follow no formula: they are published year by year. The table covers 1975 to 2083 and its
digest is checked when it is read. Outside it there is an error, never a guess: a known converter clamps silently.
"""

import csv
import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from io import StringIO

from matcher.document import read_data
from matcher.errors import InvalidSchemaError, UnreadableFieldError

FIRST_YEAR = 1975
LAST_YEAR = 2083
LONGEST_MONTH = 32
TABLE_SHA256 = "7f2c24b92a87c5228a817c2f34c58297475f9ab7f52eec260ed2f564cf747ac5"


@dataclass(frozen=True, slots=True)
class BikramDay:
    """A day of the Bikram Sambat calendar; `month` is 1 (Baisakh) to 12 (Chaitra)."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class _Table:
    """New year's days in order, and the lengths of each year's months."""

    new_years: tuple[date, ...]
    months: tuple[tuple[int, ...], ...]


@cache
def _table() -> _Table:
    """Read the table once, and refuse it when a digit was changed."""
    text = read_data("bs_calendar.csv")
    if hashlib.sha256(text.encode()).hexdigest() != TABLE_SHA256:
        raise InvalidSchemaError("the calendar table was changed", pointer="/bs_calendar", code="calendar_damaged")
    rows = list(csv.DictReader(StringIO(text)))
    return _Table(
        tuple(date.fromisoformat(row["ad_new_year"]) for row in rows),
        tuple(tuple(int(row[f"m{month}"]) for month in range(1, 13)) for row in rows),
    )


def month_days(year: int, month: int) -> int:
    """
    Return the length of a Bikram Sambat month, 29 to 32 days.

    Raises:
        UnreadableFieldError: `calendar_out_of_range`: the year is outside the table, or there is no such month.
    """
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= len(_table().months[0])):
        raise UnreadableFieldError("outside the calendar table of BS 1975 to 2083", code="calendar_out_of_range")
    return _table().months[year - FIRST_YEAR][month - 1]


def to_gregorian(day: BikramDay) -> date:
    """
    Return the Gregorian day of a Bikram Sambat day.

    Raises:
        UnreadableFieldError: `calendar_out_of_range` outside the table, `no_such_day` when the month is shorter.
    """
    if not 1 <= day.day <= month_days(day.year, day.month):
        raise UnreadableFieldError("the month has no such day", code="no_such_day")
    row = day.year - FIRST_YEAR
    passed = sum(_table().months[row][: day.month - 1]) + day.day - 1
    return _table().new_years[row] + timedelta(days=passed)


def to_bikram(day: date) -> BikramDay:
    """
    Return the Bikram Sambat day of a Gregorian day.

    Raises:
        UnreadableFieldError: `calendar_out_of_range`: the day is outside the table.
    """
    row = bisect_right(_table().new_years, day) - 1
    if row >= 0:
        left = (day - _table().new_years[row]).days
        for month, length in enumerate(_table().months[row], start=1):
            if left < length:
                return BikramDay(FIRST_YEAR + row, month, left + 1)
            left -= length
    raise UnreadableFieldError("outside the calendar table of BS 1975 to 2083", code="calendar_out_of_range")
