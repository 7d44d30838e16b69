"""
Take a written date apart: which number is the year, the month, the day, and which calendar the writing names.

Partner's side only. Only the writing is looked at here; whether there is such a day, and in which calendar, is
decided by `matcher.normalise.dates`.
"""

import re
from csv import DictReader
from functools import cache, lru_cache
from io import StringIO
from typing import NamedTuple

from matcher.document import read_data
from matcher.normalise.text import CELL_CACHE

BIKRAM = "bikram"
GREGORIAN = "gregorian"
COMPACT_DAY = 8  # digits of 19950302
COMPACT_MONTH = 6  # digits of 199503
YEAR_DIGITS = 4
MONTHS = range(1, 13)
YEARS = range(1500, 2201)  # lists of historical people are linked too


class Written(NamedTuple):
    """
    The parts of a date as written, in one order.

    Attributes:
        year: as written; `year_digits` says with how many digits.
        month: as written, 0 to 99; None when only the year was written.
        day: as written, 0 to 99; None when no day was written.
        calendar: bikram or gregorian when the writing says it, else empty.
    """

    year: int
    year_digits: int
    month: int | None = None
    day: int | None = None
    calendar: str = ""

    def __repr__(self) -> str:
        """Show nothing of a date of birth."""
        return "Written(…)"


_CLOCK = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?(?:z| ?[+-]\d{2}:?\d{2})?$")
_ABBREVIATED = (
    (re.compile(r"[वब]ि\.? ?स(?:ं|म्)\.?"), " bs "),
    (re.compile(r"[ईइ]\. ?(?:सं|सन्|स)\.?"), " ad "),
    (re.compile(r"\b([abcv])\. ?([deis])\b\.?"), r" \1\2 "),
    (re.compile(r"(?<=\d)(?:st|nd|rd|th)\b"), ""),
    (re.compile(r"(?<=\d)\.0$"), ""),
)
_TOKEN = re.compile(r"\d+|[a-z]+|[\u0900-\u0963]+")
_BETWEEN = re.compile(r"^[ ./,।|'\"()_-]*$")
_ERA_WORDS = dict.fromkeys(["bs", "vs", "bikram", "sambat", "sambhat", "साल", "गते", "विक्रम", "संवत", "सम्वत"], BIKRAM)
_ERA_WORDS |= dict.fromkeys(["ad", "ce", "सन्", "ईस्वी", "इस्वी"], GREGORIAN)
_IDLE_WORDS = frozenset(
    [
        "about",
        "approx",
        "approximately",
        "around",
        "circa",
        "est",
        "estimated",
        "of",
        "in",
        "on",
        "born",
        "year",
        "date",
        "dob",
        "the",
        "and",
        "gate",
        "gatey",
        "sal",
        "saal",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "करिब",
        "लगभग",
        "अन्दाजी",
        "मिति",
        "जन्म",
        "वर्ष",
        "बर्ष",
    ]
)


@cache
def _months() -> dict[str, tuple[str, int]]:
    """Return calendar and number by month name, in both scripts."""
    rows = DictReader(StringIO(read_data("months.csv")))
    return {name: (row["calendar"], int(row["month"])) for row in rows for name in row["names"].split("|")}


@lru_cache(maxsize=CELL_CACHE)
def written_orders(text: str) -> tuple[Written, ...]:
    """
    Return every order in which a written date may be meant, the likeliest first.

    Args:
        text: cleaned, lower case, ASCII digits; not empty.

    Returns:
        One to three orders; none when it is not written as a date.
    """
    text = _CLOCK.sub("", text)
    for pattern, replacement in _ABBREVIATED:
        text = pattern.sub(replacement, text)
    if not _BETWEEN.match(_TOKEN.sub("", text)):
        return ()
    numbers: list[str] = []
    calendar, month = "", None
    for token in _TOKEN.findall(text):
        if token.isdigit():
            numbers.append(token)
        elif token in _months() and month is None:
            named, month = _months()[token]
            calendar = calendar or named
        elif token in _ERA_WORDS:
            calendar = _ERA_WORDS[token]
        elif token not in _IDLE_WORDS:
            return ()
    orders = _with_month(numbers, month) if month is not None else _numbers(numbers)
    return tuple(order._replace(calendar=calendar) if calendar else order for order in dict.fromkeys(orders))


def _with_month(numbers: list[str], month: int) -> list[Written]:
    """Order a day and a year around a named month; one number alone must be a year."""
    if len(numbers) == 1:
        return [Written(int(numbers[0]), YEAR_DIGITS, month)] if len(numbers[0]) == YEAR_DIGITS else []
    if len(numbers) != len(("day", "year")) or max(map(len, numbers)) > YEAR_DIGITS:
        return []
    first, second = numbers
    if len(first) > len(second):
        first, second = second, first
    return [_order(second, str(month), first)]


def _numbers(numbers: list[str]) -> list[Written]:
    """Order bare numbers by how many there are."""
    if len(numbers) == 1:
        return _compact(numbers[0])
    if len(numbers) > len(("year", "month", "day")) or max(map(len, numbers), default=9) > YEAR_DIGITS:
        return []
    if len(numbers) == len(("year", "month")):
        first, second = numbers
        pair = (first, second) if len(first) > len(second) else (second, first)
        return [_order(*pair)] if len(pair[0]) == YEAR_DIGITS and len(pair[1]) < len("003") else []
    return _three(*numbers)


def _three(first: str, second: str, third: str) -> list[Written]:
    """Order three numbers: the long one is the year; a first year goes down to the day, a last year goes up to it."""
    if len(second) > len("31"):
        return []
    if len(first) > len("31"):
        return [_order(first, second, third)] if len(third) <= len("31") else []
    if len(third) > len("31"):
        return _year_last(first, second, third)
    orders = [] if _is_no_year(first, third) else [_order(first, second, third)]
    return orders + ([] if _is_no_year(third, first) else _year_last(first, second, third)[:1])


def _is_no_year(year: str, day: str) -> bool:
    """Of two short numbers, the one that can be a day is not the year when the other cannot."""
    return int(year) in range(1, 33) and int(day) not in range(1, 33)


def _year_last(first: str, second: str, year: str) -> list[Written]:
    """Day before month is the region's habit; month before day is what spreadsheets do."""
    if int(second) not in MONTHS and int(first) in MONTHS:
        return [_order(year, first, second)]
    if int(first) in MONTHS and int(second) in MONTHS and int(first) != int(second):
        return [_order(year, second, first), _order(year, first, second)]
    return [_order(year, second, first)]


def _order(year: str, month: str, day: str | None = None) -> Written:
    """Build one order from digits; a year first with an impossible month is year, day, month."""
    if day is not None and int(month) not in MONTHS and int(day) in MONTHS and int(month) in range(1, 33):
        month, day = day, month
    return Written(int(year), len(year), int(month), None if day is None else int(day))


def _compact(digits: str) -> list[Written]:
    """Cut a run of digits: a day, a month, or a year alone."""
    if len(digits) == COMPACT_DAY:
        return _compact_day(digits)
    if len(digits) == COMPACT_MONTH and int(digits[:4]) in YEARS and int(digits[4:]) in MONTHS:
        return [_order(digits[:4], digits[4:])]
    if len(digits) == YEAR_DIGITS:
        return [Written(int(digits), YEAR_DIGITS)]
    return []


def _compact_day(digits: str) -> list[Written]:
    """Cut eight digits: year first, unless only the other way makes a year."""
    if int(digits[:4]) in YEARS:
        return [_order(digits[:4], digits[4:6], digits[6:])]
    if int(digits[4:]) in YEARS:
        return _year_last(digits[:2], digits[2:4], digits[4:])
    return []
