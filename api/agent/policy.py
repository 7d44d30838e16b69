"""
The release policy: which entries may answer by themselves, and which wait for a person; on the partner's premises.

Only the agent knows what decides: whether the person is a child, whether the location is protected, whether the
holder is a shelter. The hub sees *automatic* or *manual*, never why. What is not known is treated as protected.
"""

from dataclasses import dataclass
from datetime import date

from api.wire.batches import Release
from api.wire.statements import OrganisationClass
from matcher.person import PartialDate, Person, Precision

ADULT_YEARS = 18
BIRTH_FIELD = "birth_date"
MARGIN_YEARS = {
    Precision.YEAR: 2,  # a Bikram Sambat year spans two others, and the birthday may lie after the record
    Precision.AGE: 3,  # ages are told to within a year or two, and a minor's is often raised to 18
}
BY_HAND = frozenset({OrganisationClass.POLICE, OrganisationClass.BORDER})


@dataclass(frozen=True, slots=True)
class ReleaseDecision:
    """Automatic or manual, and why manual, as codes for the partner's own screen."""

    release: Release
    held_for: tuple[str, ...]


def may_release_alone(release: Release, asker_class: str) -> bool:
    """
    Tell whether the agent may release a meeting of a case by itself; a person decides on all others.

    Args:
        release: of the case.
        asker_class: of the other side; empty where the hub does not tell it, and then it may be any.
    """
    return release is Release.AUTOMATIC and bool(asker_class) and asker_class not in BY_HAND


def decide_release(
    person: Person,
    *,
    recorded_on: date | None,
    is_location_protected: bool | None,
    is_shelter: bool,
    is_withheld: bool = False,
) -> ReleaseDecision:
    """
    Decide how a case's entries are released.

    Args:
        person: the case, normalised.
        recorded_on: day of the record, None when unknown.
        is_location_protected: None when unknown.
        is_shelter: whether this partner holds everything back.
        is_withheld: whether consent keeps the case from some class of organisations.

    Returns:
        Automatic only for a known adult at an unprotected location that no shelter holds, and nothing is withheld.
    """
    held_for: list[str] = []
    if is_shelter:
        held_for.append("shelter")
    if is_location_protected is not False:
        held_for.append("location_protected" if is_location_protected else "location_unknown")
    is_adult = _is_known_adult(person, recorded_on)
    if not is_adult:
        held_for.append("child_possible" if is_adult is False else "age_unknown")
    if is_withheld:
        held_for.append("withheld")
    return ReleaseDecision(Release.MANUAL if held_for else Release.AUTOMATIC, tuple(held_for))


def _is_known_adult(person: Person, recorded_on: date | None) -> bool | None:
    """Tell whether every reading of the birth date makes an adult; None when that cannot be told."""
    births = [reading for reading in person.readings.get(BIRTH_FIELD, ()) if isinstance(reading, PartialDate)]
    if recorded_on is None or not births:
        return None
    ages = [_least_age(birth, recorded_on) for birth in births]
    if any(age is None for age in ages):
        return None
    return all(age is not None and age >= ADULT_YEARS for age in ages)


def _least_age(birth: PartialDate, recorded_on: date) -> int | None:
    """Return the least age in whole years that a birth date of this precision leaves possible."""
    if birth.year is None:
        return None
    if birth.is_heaped or birth.precision in (Precision.YEAR, Precision.AGE):
        precision = Precision.YEAR if birth.precision in (Precision.DAY, Precision.MONTH) else birth.precision
        return recorded_on.year - birth.year - MARGIN_YEARS[precision]
    had_birthday = _latest_birthday(birth) <= (recorded_on.month, recorded_on.day)
    return recorded_on.year - birth.year - (not had_birthday)


def _latest_birthday(birth: PartialDate) -> tuple[int, int]:
    """Return month and day; the last of the month when the day is not known, of the year when the month is not."""
    last_month, last_day = 12, 31
    return (birth.month or last_month, birth.day or last_day)
