"""Written dates come out as what they may mean, and as no more."""

from datetime import date

import pytest

from matcher.errors import UnreadableFieldError
from matcher.normalise.dates import PLAIN_HABITS, read_age, read_date
from matcher.person import PartialDate, Precision

ON = date(2024, 5, 1)
DAY, MONTH, YEAR, AGE = Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.AGE


def day(year: int, month: int, number: int, *, heaped: bool = False) -> PartialDate:
    """Make a whole day."""
    return PartialDate(year, month, number, DAY, heaped)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2045/03/12", day(1988, 6, 26)),
        ("२०४५।०३।१२", day(1988, 6, 26)),
        ("२०४५ असार १२ गते", day(1988, 6, 26)),
        ("वि.सं. २०४५-०३-१२", day(1988, 6, 26)),
        ("Asar 12, 2045", day(1988, 6, 26)),
        ("045/3/12", day(1988, 6, 26)),
        ("2045-02-32", day(1988, 6, 14)),
        ("1995-03-02", day(1995, 3, 2)),
        ("1995-03-02T00:00:00Z", day(1995, 3, 2)),
        ("19950302", day(1995, 3, 2)),
        ("2 March 1995", day(1995, 3, 2)),
        ("Mar 2nd, 1995", day(1995, 3, 2)),
        ("34760", day(1995, 3, 2)),
        ("34760.0", day(1995, 3, 2)),
        ("13/3/1995", day(1995, 3, 13)),
        ("3/13/1995", day(1995, 3, 13)),
        ("1990-15-03", day(1990, 3, 15, heaped=True)),
        ("1 Jan 1990", day(1990, 1, 1, heaped=True)),
        ("2045-01-01", day(1988, 4, 13, heaped=True)),
        ("1995-03", PartialDate(1995, 3, None, MONTH)),
        ("199503", PartialDate(1995, 3, None, MONTH)),
        ("1995-00-00", PartialDate(1995, None, None, YEAR)),
        ("1990", PartialDate(1990, None, None, YEAR)),
        ("सन् १९९०", PartialDate(1990, None, None, YEAR)),
    ],
)
def test_one_meaning(cell: str, expected: PartialDate) -> None:
    """With the day of recording known, these mean one thing."""
    assert read_date(cell, ON) == (expected,)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("02/03/1995", (day(1995, 3, 2), day(1995, 2, 3))),
        ("2045", (PartialDate(1988, None, None, YEAR), PartialDate(1989, None, None, YEAR))),
        ("2045-03", (PartialDate(1988, 6, None, MONTH), PartialDate(1988, 7, None, MONTH))),
    ],
)
def test_what_is_open_stays_open(cell: str, expected: tuple[PartialDate, ...]) -> None:
    """Day and month may be swapped; a Bikram month or year touches two."""
    assert read_date(cell, ON) == expected


def test_without_a_day_of_recording_both_calendars_stay() -> None:
    """1995 may be a Gregorian or a Bikram year; the Gregorian is likelier."""
    assert read_date("1995-03-02") == (day(1995, 3, 2), day(1938, 6, 16))


def test_plain_lists_know_no_bikram_and_no_heaping() -> None:
    """An Australian list is Gregorian, and its 15th is the 15th."""
    assert read_date("1995-03-15", None, PLAIN_HABITS) == (day(1995, 3, 15),)
    assert read_date("2045", None, PLAIN_HABITS) == (PartialDate(2045, None, None, YEAR),)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("tomorrow", "unreadable_date"),
        ("12/05", "unreadable_date"),
        ("1/2/3/4", "unreadable_date"),
        ("99999999", "unreadable_date"),
        ("2090-01-01", "calendar_out_of_range"),
        ("2025-06-01 AD", "after_recorded"),
        ("x" * 500, "too_long"),
    ],
)
def test_what_is_no_date_is_refused_without_being_quoted(cell: str, code: str) -> None:
    """The error names the kind of fault and not the cell."""
    with pytest.raises(UnreadableFieldError) as fault:
        read_date(cell, ON)
    assert fault.value.code == code
    assert cell not in str(fault.value)


@pytest.mark.parametrize("cell", ["", "  ", "-", "unknown", "थाहा छैन"])
def test_blank_is_missing(cell: str) -> None:
    """No date is no fault."""
    assert read_date(cell, ON) == ()


@pytest.mark.parametrize("cell", ["17", "१७ वर्ष", "17 years", "17.0", "about 17"])
def test_an_age_allows_two_years(cell: str) -> None:
    """Born between May 2006 and May 2007."""
    assert read_age(cell, ON) == (PartialDate(2006, None, None, AGE), PartialDate(2007, None, None, AGE))


def test_an_age_in_months_is_under_a_year() -> None:
    """An infant's age is no age of a woman."""
    assert [reading.year for reading in read_age("8 months", ON)] == [2023, 2024]


@pytest.mark.parametrize(("cell", "on", "code"), [("17", None, "age_without_day"), ("170", ON, "unreadable_age")])
def test_an_age_that_says_nothing_is_refused(cell: str, on: date | None, code: str) -> None:
    """An age needs the day it was true."""
    with pytest.raises(UnreadableFieldError) as fault:
        read_age(cell, on)
    assert fault.value.code == code
