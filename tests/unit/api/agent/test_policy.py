"""The release policy: automatic only for a known adult at an unprotected place that no shelter holds."""

from datetime import date

import pytest

from api.agent.policy import decide_release, may_release_alone
from api.wire.batches import Release
from matcher.person import PartialDate, Person, Precision

DAY = date(2024, 6, 1)


def person(*births: PartialDate) -> Person:
    """Return a person with these readings of the birth date."""
    return Person("K-1", {"birth_date": births} if births else {})


def born(year: int, month: int | None = None, day: int | None = None, *, heaped: bool = False) -> PartialDate:
    """Return a birth date as precise as its parts."""
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return PartialDate(year, month, day, precision, is_heaped=heaped)


@pytest.mark.parametrize(
    ("births", "reason"),
    [
        ([born(2006, 6, 1)], None),
        ([born(2006, 6, 2)], "child_possible"),
        ([born(2006, 5)], None),
        ([born(2006, 6)], "child_possible"),
        ([born(2004)], None),
        ([born(2005)], "child_possible"),
        ([born(2005, 1, 1, heaped=True)], "child_possible"),
        ([PartialDate(2003, None, None, Precision.AGE)], None),
        ([PartialDate(2004, None, None, Precision.AGE)], "child_possible"),
        ([born(1990, 1, 2), born(2010, 1, 2)], "child_possible"),
        ([], "age_unknown"),
        ([PartialDate(None, 5, 3, Precision.DAY)], "age_unknown"),
    ],
)
def test_only_a_known_adult_is_automatic(births: list[PartialDate], reason: str | None) -> None:
    """Every reading must make an adult, with a margin where the date is imprecise."""
    decision = decide_release(person(*births), recorded_on=DAY, is_location_protected=False, is_shelter=False)
    assert decision.held_for == ((reason,) if reason else ())
    assert decision.release is (Release.MANUAL if reason else Release.AUTOMATIC)


@pytest.mark.parametrize(
    ("protected", "shelter", "day", "held_for"),
    [
        (True, False, DAY, ("location_protected",)),
        (None, False, DAY, ("location_unknown",)),
        (False, True, DAY, ("shelter",)),
        (False, False, None, ("age_unknown",)),
        (None, True, None, ("shelter", "location_unknown", "age_unknown")),
    ],
)
def test_unknown_is_protected(
    protected: bool | None,  # noqa: FBT001 - a table
    shelter: bool,  # noqa: FBT001 - a table
    day: date | None,
    held_for: tuple[str, ...],
) -> None:
    """Each reason alone holds an adult's case back, and all are named."""
    adult = person(born(1990, 3, 3))
    decision = decide_release(adult, recorded_on=day, is_location_protected=protected, is_shelter=shelter)
    assert decision.release is Release.MANUAL
    assert decision.held_for == held_for


@pytest.mark.parametrize(
    ("asker", "is_alone"),
    [("ngo", True), ("shelter", True), ("government", True), ("police", False), ("border", False), ("", False)],
)
def test_people_answer_police_and_border(asker: str, is_alone: bool) -> None:  # noqa: FBT001 - a table
    """And whoever is not told, who may be either; a case that waits is released to nobody."""
    assert may_release_alone(Release.AUTOMATIC, asker) is is_alone
    assert not may_release_alone(Release.MANUAL, asker)
