"""Every day of the table converts to and fro; outside it there is an error."""

from datetime import date, timedelta

import pytest

from matcher.errors import InvalidSchemaError, UnreadableFieldError
from matcher.normalise import calendar
from matcher.normalise.calendar import FIRST_YEAR, LAST_YEAR, BikramDay, month_days, to_bikram, to_gregorian

FIRST_DAY = date(1918, 4, 13)


def test_every_day_converts_to_and_fro() -> None:
    """All 39,813 days, one after the other, without a gap."""
    expected = FIRST_DAY
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in range(1, 13):
            for day in range(1, month_days(year, month) + 1):
                bikram = BikramDay(year, month, day)
                assert to_gregorian(bikram) == expected
                assert to_bikram(expected) == bikram
                expected += timedelta(days=1)
    assert (expected - FIRST_DAY).days == 39_813


@pytest.mark.parametrize(
    ("bikram", "gregorian"),
    [((2072, 1, 12), date(2015, 4, 25)), ((2000, 1, 1), date(1943, 4, 14)), ((2058, 2, 19), date(2001, 6, 1))],
)
def test_days_everybody_knows(bikram: tuple[int, int, int], gregorian: date) -> None:
    """The Gorkha earthquake, a table's usual first day, the royal massacre."""
    assert to_gregorian(BikramDay(*bikram)) == gregorian


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), date(2027, 4, 14), date(1, 1, 1), date.max])
def test_a_day_outside_the_table_is_refused(day: date) -> None:
    """Nothing is clamped."""
    with pytest.raises(UnreadableFieldError, match="outside the calendar table"):
        to_bikram(day)


@pytest.mark.parametrize(("year", "month", "day"), [(1974, 1, 1), (2084, 1, 1), (2080, 13, 1), (2080, 0, 1)])
def test_a_month_outside_the_table_is_refused(year: int, month: int, day: int) -> None:
    """Years and months have bounds."""
    with pytest.raises(UnreadableFieldError) as fault:
        to_gregorian(BikramDay(year, month, day))
    assert fault.value.code == "calendar_out_of_range"


def test_a_day_the_month_lacks_is_refused() -> None:
    """A short month has no day 32."""
    with pytest.raises(UnreadableFieldError) as fault:
        to_gregorian(BikramDay(2080, 1, 32))
    assert fault.value.code == "no_such_day"


def test_a_changed_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest is checked before a single day is converted."""
    monkeypatch.setattr(calendar, "TABLE_SHA256", "0" * 64)
    calendar._table.cache_clear()  # noqa: SLF001 - the table is read once
    with pytest.raises(InvalidSchemaError, match="calendar table was changed"):
        month_days(2080, 1)
    calendar._table.cache_clear()  # noqa: SLF001 - and must be read again
