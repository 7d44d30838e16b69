"""A row becomes a person; one bad cell costs that cell."""

from datetime import date

import pytest

from matcher.normalise.record import normalise
from matcher.person import Name, PartialDate, Person, Place, RawRecord
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
ON = date(2024, 5, 1)


def person(**columns: str) -> Person:
    """Normalise a row recorded on a known day."""
    return normalise(RawRecord("case-1", columns, ON), SCHEMA)


def first(found: Person, field: str) -> object:
    """Return a field's likeliest reading."""
    return found.readings[field][0]


def test_both_scripts_and_calendars_give_one_person() -> None:
    """A romanised Gregorian row and a Devanagari Bikram row read alike where it counts."""
    one = person(given_name="Sunita", family_name="Tamang", birth_date="1988-06-26", district="Dang", sex="F")
    other = person(given_name="सुनिता", family_name="तामाङ", birth_date="२०४५/०३/१२", district="दाङ", sex="महिला")
    assert one.readings == other.readings
    assert one.set_aside == other.set_aside == ()


def test_a_bad_cell_is_set_aside_and_the_rest_is_used() -> None:
    """Column, code and advice are noted; the row stays."""
    found = person(given_name="Sunita", birth_date="soon", age="17")
    assert [(aside.column, aside.code) for aside in found.set_aside] == [("birth_date", "unreadable_date")]
    assert isinstance(first(found, "given_name"), Name)
    assert [reading.year for reading in found.readings["birth_date"] if isinstance(reading, PartialDate)] == [
        2006,
        2007,
    ]


@pytest.mark.parametrize(
    ("cell", "code", "month"),
    [
        ("1990-13-45", "no_such_day", None),
        ("2058-02-33", "no_such_day", 5),
        ("31/11/1995", "no_such_day", 11),
        ("1995-02-30", "no_such_day", 2),
        ("1995-14", "no_such_day", None),
        ("1995-00-00", "", None),
        ("1995-11-00", "", 11),
        ("2058-02-31", "", 6),
    ],
)
def test_an_impossible_day_is_set_aside_and_the_rest_of_the_date_used(cell: str, code: str, month: int | None) -> None:
    """Zeros say that a part is unknown; 33 Jestha says that something is wrong."""
    found = person(birth_date=cell)
    assert [(aside.column, aside.code) for aside in found.set_aside] == ([("birth_date", code)] if code else [])
    assert first(found, "birth_date").month == month  # type: ignore[attr-defined]


def test_an_impossible_day_of_recording_is_told_too() -> None:
    """Ages are then counted from the middle of its year."""
    found = person(age="10", recorded_on="2015-13-45")
    assert [(aside.column, aside.code) for aside in found.set_aside] == [("recorded_on", "no_such_day")]
    assert first(found, "birth_date").year == 2005  # type: ignore[attr-defined]


def test_natal_and_marital_surname_are_further_readings() -> None:
    """Of the surname and of the full name; the surname in use stays first, and the given name is left alone."""
    found = person(given_name="Sita", family_name="Rai", natal_family_name="Tamang", marital_family_name="राई")
    assert [reading.text for reading in found.readings["family_name"]] == ["rai", "tamang"]
    assert [reading.text for reading in found.readings["full_name"]] == ["sita rai", "sita tamang"]
    assert [reading.text for reading in found.readings["given_name"]] == ["sita"]


def test_a_surname_in_its_own_column_stands_in_for_a_blank_one() -> None:
    """Natal before marital; the full name has its key."""
    found = person(given_name="Sita", marital_family_name="Rai", natal_family_name="Tamang")
    assert [reading.text for reading in found.readings["family_name"]] == ["tamang", "rai"]
    plain = person(given_name="Sita", family_name="Tamang")
    assert first(found, "full_name") == first(plain, "full_name")


def test_what_is_wrong_with_a_natal_surname_is_told_by_its_column() -> None:
    """And once."""
    found = person(given_name="Sita", family_name="Rai", natal_family_name="Tamang 4")
    assert [(aside.column, aside.code) for aside in found.set_aside] == [("natal_family_name", "digits_in_name")]


def test_the_column_of_recording_comes_before_the_source() -> None:
    """An age is counted from the day in the row."""
    found = person(age="10", recorded_on="2015-09-01")
    assert first(found, "birth_date").year == 2005  # type: ignore[attr-defined]


def test_a_stated_age_decides_between_calendars() -> None:
    """Without a day of recording the date is open; with an age it is not."""
    columns = {"birth_date": "1995-03-02", "age": "29", "recorded_on": "2024-05-01"}
    found = normalise(RawRecord("r", columns), SCHEMA)
    assert len(found.readings["birth_date"]) == 1


def test_the_district_comes_from_the_unit_when_it_is_missing() -> None:
    """Place columns are read together."""
    found = person(local_unit="Itahari")
    assert first(found, "district") == Place("06", "sunsari")


def test_missing_fields_are_absent() -> None:
    """Blank, and words for nothing known."""
    assert person(given_name=" ", family_name="unknown", phone="-", sex="N/A").readings == {}


def test_a_person_shows_nothing() -> None:
    """`repr` is safe to log."""
    text = repr(person(given_name="Sunita", family_name="Tamang", phone="9841234567"))
    assert not any(word in text.lower() for word in ("sunita", "tamang", "984"))


@pytest.mark.parametrize("name", ["given_name", "father_name", "district", "local_unit"])
def test_legacy_fonts_are_refused_in_every_text_column(name: str) -> None:
    """Read as Latin, Preeti would be another person's name."""
    found = person(**{name: "l;tf t'nfwf/"})
    assert ("legacy_font") in {aside.code for aside in found.set_aside}
    assert name not in found.readings


def test_a_fault_is_noted_for_the_column_it_stands_in() -> None:
    """A legacy font in the unit's column is no fault of the district's."""
    found = person(district="Dang", local_unit="3f]/fxL", province="Lumbini")
    assert [(aside.column, aside.code) for aside in found.set_aside] == [("local_unit", "legacy_font")]
    assert first(found, "district") == Place("56", "dang")


def test_a_province_alone_is_noted_as_not_used() -> None:
    """Nothing is silently dropped."""
    assert [aside.column for aside in person(province="Lumbini").set_aside] == ["province"]
