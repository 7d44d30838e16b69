"""Properties of normalisation: it settles at once, raises only its own errors, and quotes nothing."""

import random
import traceback
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matcher.errors import UnreadableFieldError
from matcher.normalise.advice import ADVICE
from matcher.normalise.calendar import to_bikram
from matcher.normalise.categories import read_category, read_text
from matcher.normalise.dates import read_age, read_date
from matcher.normalise.identifiers import read_identifier
from matcher.normalise.names import read_aliases, read_name
from matcher.normalise.phones import read_phone
from matcher.normalise.places import Address, read_any_place, read_district, read_local_unit, read_ward
from matcher.normalise.record import normalise
from matcher.normalise.text import clean
from matcher.person import Precision, RawRecord
from matcher.phonetics.keys import blocking_key, scoring_key
from matcher.schema import LinkageSchema

CANARY = "zqxwvkj"
SCHEMA = LinkageSchema.shipped("nepal")
LETTERS = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from("अआइईउऊऋएऐओऔकखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहािीुूृेैोौ्ंँःक़ज़०१२३४५६७८९।\u200d\u200c"),
    st.sampled_from("কখগঘচছজঝতথদধনপফবভমযরলশষসহািীুূেৈোৌ্ংঁয়ড়বসোཚེརིངསྒྲོལམའབ་"),
    st.sampled_from("aeioubdghjklmnprstvwy .'-()/;,0123456789"),
)
CELLS = st.text(LETTERS, max_size=40)
NAMES = st.text(st.sampled_from("abcdeghijklmnoprstuvwyzAKRSअआइकखगचजतदनपबमयरलवशसहािीुूे्ं .-"), min_size=1, max_size=24)
READERS: list[Callable[[str], Any]] = [
    read_date,
    lambda cell: read_age(cell, date(2024, 5, 1)),
    read_identifier,
    read_phone,
    lambda cell: read_category(cell, "sex"),
    read_text,
    read_ward,
    read_any_place,
    lambda cell: read_district(Address(cell)),
    lambda cell: read_local_unit(Address("", cell)),
    scoring_key,
    blocking_key,
    lambda cell: scoring_key(cell, "bengali"),
    lambda cell: blocking_key(cell, "latin"),
]


@given(CELLS)
@example("x" * 10_000)
@example("\ud800")
@example("१" * 50)
@example("ाि्ं")
@settings(deadline=None)  # tables are read on first use
def test_a_reader_raises_nothing_but_unreadable(cell: str) -> None:
    """Whatever is in the cell."""
    for read in READERS:
        try:
            read(cell)
        except UnreadableFieldError:
            continue


@given(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12))
@settings(deadline=None)  # tables are read on first use
def test_no_error_and_no_traceback_holds_any_of_the_input(before: str, after: str) -> None:
    """A canary in the cell is found in no message, cause or context; only the calling line may name it."""
    cell = f"{before}{CANARY}{after}"
    for read in READERS:
        fault = fault_of(read, cell)
        if fault is not None:
            assert CANARY not in "".join(traceback.format_exception_only(fault)) + repr(fault.__dict__)
            assert (fault.__cause__, fault.__context__) == (None, None)
            assert fault.code in ADVICE


def fault_of(read: Callable[[str], Any], cell: str) -> UnreadableFieldError | None:
    """Return the error a reader raises, if it raises one."""
    try:
        read(cell)
    except UnreadableFieldError as fault:
        return fault
    return None


@given(st.dictionaries(st.sampled_from(sorted(SCHEMA.attributes)), CELLS))
@settings(max_examples=200, deadline=None)
def test_no_row_raises_and_what_is_set_aside_is_named_without_its_value(columns: dict[str, str]) -> None:
    """A bad cell costs that cell; column, code and advice come from fixed lists."""
    person = normalise(RawRecord("r", columns), SCHEMA)
    for aside in person.set_aside:
        assert aside.column in SCHEMA.attributes
        assert aside.advice == ADVICE[aside.code]
    assert all(person.readings.values())
    assert not any(cell in repr(person) for cell in columns.values() if len(cell) > len("given_name") * 3)


@given(CELLS)
@settings(deadline=None)  # tables are read on first use
def test_cleaning_settles(cell: str) -> None:
    """Cleaned text is clean."""
    assert clean(clean(cell)) == clean(cell)


@given(st.from_regex(r"(\+?977)?9[678][0-9]{8}", fullmatch=True))
def test_a_mobile_number_at_home_is_what_the_library_says(cell: str) -> None:
    """It is read without the library, by the library's own pattern: whatever is valid there, and nothing else."""
    number = phonenumbers.parse(cell, "NP")
    try:
        found = [reading.parts[0] for reading in read_phone(cell)]
    except UnreadableFieldError:
        found = []
    is_valid = phonenumbers.is_valid_number_for_region(number, "NP")
    assert (found == [f"977{number.national_number}"]) == is_valid


@pytest.mark.parametrize("phonetics", ["nepali", "bengali", "latin"])
@given(cell=NAMES)
@example(cell="दिदि राम")
@example(cell="Rambahadur K.C.")
@settings(deadline=None)  # tables are read on first use
def test_reading_a_name_settles(phonetics: str, cell: str) -> None:
    """The text of a name, read again, is the same text."""
    once = " ".join(word.text for word in read_name(cell, phonetics).tokens)
    twice = read_name(once, phonetics)
    if not {"legacy_font"} & set(twice.faults):  # bare consonants look typed in a legacy font
        assert " ".join(word.text for word in twice.tokens) == once


@given(st.lists(NAMES, max_size=4))
@settings(deadline=None)  # tables are read on first use
def test_aliases_are_read_like_names(names: list[str]) -> None:
    """A list of aliases holds no name that is empty."""
    assert all(read_aliases(";".join(names), "nepali").aliases)


@given(st.dates(date(1900, 1, 1), date(2024, 4, 30)))
@settings(deadline=None)  # tables are read on first use
def test_reading_a_day_settles(day: date) -> None:
    """An unambiguous day, written as read, is read as written."""
    (first, *_) = read_date(day.isoformat() + " AD", date(2024, 5, 1))
    assert first.precision is Precision.DAY
    assert (first.year, first.month, first.day) == (day.year, day.month, day.day)


SEPARATORS = ("-", "/", ".", "।", " ", " / ")
ORDERS = ("ymd", "dmy", "mdy", "compact")
DIGITS = str.maketrans("0123456789", "०१२३४५६७८९")
FIRST, LAST = date(1970, 1, 1), date(2023, 12, 31)


def messy(day: date, draw: random.Random) -> str:
    """Write a day as somebody might: either calendar, any order and separator, either set of digits."""
    written = draw.choice([day, to_bikram(day)])
    order = draw.choice(ORDERS)
    width = 2 if order == "compact" else draw.choice([1, 2])
    parts = {"y": str(written.year), "m": f"{written.month:0{width}}", "d": f"{written.day:0{width}}"}
    cell = "".join(parts.values()) if order == "compact" else draw.choice(SEPARATORS).join(parts[one] for one in order)
    return cell.translate(DIGITS) if draw.random() < 0.5 else cell


def test_ten_thousand_messy_dates_are_never_wrong_in_silence() -> None:
    """The true day is among the readings of each."""
    draw = random.Random(1)  # noqa: S311 - repeatable
    for _ in range(10_000):
        day = date.fromordinal(draw.randint(FIRST.toordinal(), LAST.toordinal()))
        readings = read_date(messy(day, draw), day + timedelta(days=draw.randint(1, 20_000)))
        assert (day.year, day.month, day.day) in {(found.year, found.month, found.day) for found in readings}
