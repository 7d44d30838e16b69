"""What the numbers of a day must reach to raise an alarm."""

import pytest

from api.hub.quotas.limits import ENTRIES_PER_PERSON
from api.hub.watch.signs import Day, is_ask_and_erase, is_roster, is_walk
from matcher.schema import LinkageSchema


def test_a_person_has_as_many_entries_as_the_shipped_schema_makes() -> None:
    """The quotas count in them."""
    assert LinkageSchema.shipped("nepal").recipes.maximum_entries == ENTRIES_PER_PERSON


def test_an_alarm_comes_within_fifty_filings() -> None:
    """Whichever way somebody walks."""
    assert is_walk(50)
    assert is_roster(Day(filings=50, first_time=50, erased=0))
    assert is_roster(Day(filings=1, first_time=50 * ENTRIES_PER_PERSON, erased=0))
    assert is_ask_and_erase(Day(filings=50, first_time=50 * ENTRIES_PER_PERSON, erased=50 * ENTRIES_PER_PERSON))


def test_an_honest_day_is_quiet() -> None:
    """Twenty new people, one token ten times as on the largest honest list, a few corrections."""
    day = Day(filings=10, first_time=20 * ENTRIES_PER_PERSON, erased=8 * ENTRIES_PER_PERSON)
    assert [is_walk(10), is_roster(day), is_ask_and_erase(day)] == [False] * 3


@pytest.mark.parametrize(("erased", "alarm"), [(9, False), (10, True), (40, True)])
def test_erasing_what_was_just_filed_is_a_sign(erased: int, *, alarm: bool) -> None:
    """Ten people and half of the day's."""
    day = Day(filings=1, first_time=20 * ENTRIES_PER_PERSON, erased=erased * ENTRIES_PER_PERSON)
    assert is_ask_and_erase(day) is alarm
