"""Readings of name fields: the likeliest first, doubts after it."""

from collections.abc import Sequence

from matcher.normalise.names import Token, read_name
from matcher.normalise.naming import (
    family_readings,
    given_readings,
    joined_readings,
    relative_readings,
    whole_readings,
)
from matcher.person import Name


def cell(text: str) -> Sequence[Token]:
    """Read the words of a name."""
    return read_name(text, "nepali").tokens


def texts(readings: Sequence[Name]) -> list[str]:
    """Return the texts of readings."""
    return [reading.text for reading in readings]


def test_a_given_name_loses_its_filler() -> None:
    """Ram Bahadur and Ram are one given name."""
    assert texts(given_readings(read_name("Ram Bahadur", "nepali"), (), "nepali")) == ["ram"]


def test_a_given_name_of_two_words_may_be_its_first() -> None:
    """Another list may hold the second word as a middle name."""
    assert texts(given_readings(read_name("Ram Krishna", "nepali"), (), "nepali")) == ["ram krishna", "ram"]


def test_a_double_surname_may_be_either() -> None:
    """Natal and marital surname stand side by side."""
    readings = family_readings(read_name("Thapa Magar", "nepali"), (), "nepali")
    assert texts(readings) == ["thapa magar", "magar", "thapa"]


def test_a_parent_is_known_by_the_given_name() -> None:
    """The surname is the child's too, and no further evidence."""
    assert texts(relative_readings(read_name("श्री राम बहादुर तामाङ", "nepali"), "nepali")) == ["ram"]


def test_a_full_name_has_one_key_in_either_order_and_with_or_without_filler() -> None:
    """Columns swapped, middle name dropped, words joined: one key."""
    keys = {
        joined_readings(cell(given), cell(family), (), "nepali")[0].key
        for given, family in [("Ram Bahadur", "Thapa"), ("Thapa", "Ram"), ("Rambahadur", "Thapa"), ("राम", "थापा")]
    }
    assert len(keys) == 1
    assert keys != {""}


def test_half_a_full_name_has_no_key() -> None:
    """A common given name must not pass for a rare full name."""
    assert joined_readings(cell("Sita"), (), (), "nepali")[0].key == ""


def test_a_key_of_one_symbol_is_left_empty() -> None:
    """Too many unlike names share it."""
    assert given_readings(read_name("Shah", "nepali"), (), "nepali")[0].key == ""


def test_aliases_add_readings_without_repeating_one() -> None:
    """The same alias twice is one."""
    aliases = [cell("Anju Lama"), cell("Anju Lama"), cell("Mala")]
    assert texts(given_readings(read_name("Sita", "nepali"), aliases, "nepali")) == ["sita", "anju", "mala"]
    assert texts(family_readings(read_name("Tamang", "nepali"), aliases, "nepali")) == ["tamang", "lama"]


def test_one_column_for_a_whole_name_is_read_as_two_halves_and_as_one_word() -> None:
    """John W Smith: given names and surname, without the middle, joined."""
    readings = whole_readings(read_name("John William Smith", "latin"), (), "latin")
    assert [reading.key for reading in readings] == ["J54S53", "J50S53", "J54"]
    assert {reading.text for reading in readings} == {"john william smith", "john smith"}


def test_an_initial_is_no_part_of_a_key() -> None:
    """Another list leaves it out."""
    with_initial = whole_readings(read_name("John W. Smith", "latin"), (), "latin")[0].key
    assert with_initial == whole_readings(read_name("John Smith", "latin"), (), "latin")[0].key
