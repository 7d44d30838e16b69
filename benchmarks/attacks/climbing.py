"""
How a person is felt out: everything is known of her but ward, month and day of birth, and one attribute is varied.

Kept is the value whose answer is best; equals are drawn among. What an answer is depends on who is asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from matcher.person import PartialDate, Person, Place, Precision, Reading

BIRTH_DATE, WARD = "birth_date", "ward"
MONTHS = range(1, 13)
DAYS = range(1, 32)
WARDS = range(1, 34)  # a local unit of Nepal has 33 at most

Answers = Callable[[Sequence[Person]], Sequence[float]]
"""Asks about some ways to write a person, and returns for each how well it was answered."""


def is_climbed_to(person: Person) -> bool:
    """Tell whether a person's birth date is known to the day, once and not heaped, and her ward."""
    date, wards = person.readings.get(BIRTH_DATE, (None,))[0], person.readings.get(WARD, ())
    is_told = isinstance(date, PartialDate) and date.precision is Precision.DAY and not date.is_heaped
    return is_told and len(wards) == len(person.readings[BIRTH_DATE]) == 1


def climb_date(victim: Person, answers: Answers, draw: np.random.Generator) -> PartialDate:
    """
    Find a person's birth date step by step: the month, then the day.

    Args:
        victim: of her birth date, the year is known.
        answers: whom to ask; every way to write her leaves out the ward.
        draw: draws among equals.
    """
    months = [PartialDate(_date(victim).year, each, None, Precision.MONTH) for each in MONTHS]
    best = _best(victim, months, answers, draw)
    return _best(victim, [replace(best, day=each, precision=Precision.DAY) for each in DAYS], answers, draw)


def climb_ward(victim: Person, answers: Answers, draw: np.random.Generator) -> str:
    """Find a person's ward, when all else is known."""
    wards = [Place(str(each), str(each)) for each in WARDS]
    tried = [_written(victim, {WARD: ward}) for ward in wards]
    return wards[_highest(answers(tried), draw)].code


def has_date(victim: Person, date: PartialDate) -> bool:
    """Tell whether a date is the victim's."""
    true = _date(victim)
    return (date.year, date.month, date.day) == (true.year, true.month, true.day)


def has_ward(victim: Person, ward: str) -> bool:
    """Tell whether a ward is the victim's."""
    (true,) = victim.readings[WARD]
    return isinstance(true, Place) and true.code == ward


def _best(victim: Person, dates: Sequence[PartialDate], answers: Answers, draw: np.random.Generator) -> PartialDate:
    """Return the date whose way to write the victim is answered best."""
    tried = [_written(victim, {BIRTH_DATE: date}, without={WARD}) for date in dates]
    return dates[_highest(answers(tried), draw)]


def _written(person: Person, instead: Mapping[str, Reading], without: set[str] | None = None) -> Person:
    """Return a person with other readings."""
    kept = dict(_left(person, without or set()))
    return replace(person, readings={**kept, **{field: (reading,) for field, reading in instead.items()}})


def _left(person: Person, without: set[str]) -> Iterator[tuple[str, tuple[Reading, ...]]]:
    """Yield the readings of all other fields."""
    return ((field, readings) for field, readings in person.readings.items() if field not in without)


def _highest(scores: Sequence[float], draw: np.random.Generator) -> int:
    """Return the place of the highest score; drawn among equals."""
    found = np.asarray(scores)
    return int(draw.choice(np.flatnonzero(found == found.max())))


def _date(person: Person) -> PartialDate:
    """Return a person's birth date."""
    (date,) = person.readings[BIRTH_DATE]
    if not isinstance(date, PartialDate):
        raise TypeError("a birth date is a date")
    return date
