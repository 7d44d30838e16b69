"""A name cell comes apart into the name, its other names, and what was no name."""

import pytest

from matcher.normalise.names import read_aliases, read_name


def words(cell: str, phonetics: str = "nepali") -> list[str]:
    """Return the words of the main name."""
    return [word.text for word in read_name(cell, phonetics).tokens]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("  Sita   Tamang ", ["sita", "tamang"]),
        ("सीता तामाङ", ["sita", "tamang"]),
        ("श्रीमती सीता", ["sita"]),
        ("Mrs. Sita Devi Shrestha", ["sita", "devi", "shrestha"]),
        ("Late Ram Bahadur", ["ram", "bahadur"]),
        ("Janab Md. Ali", ["mohammad", "ali"]),
        ("Ram B.K.", ["ram", "bishwakarma"]),
        ("राम बि.क.", ["ram", "bishwakarma"]),
        ("राम बि. क.", ["ram", "bishwakarma"]),
        ("Sita K C", ["sita", "kesi"]),
        ("Rambahadur", ["ram", "bahadur"]),
        ("रामबहादुर", ["ram", "bahadur"]),
        ("Ramabahaadur", ["rama", "bahaadur"]),
        ("सीतामाया", ["sita", "maya"]),
        ("Thapa, Ram", ["ram", "thapa"]),
        ("Ram s/o Hari Thapa", ["ram"]),
        ("Anne-Marie O'Neil", ["anne", "marie", "o", "neil"]),
        ("Shree", ["shree"]),
        ("Nil", ["nil"]),
        ("NaN", []),
        ("N/A", []),
        ("ཚེ་རིང", ["tshering"]),
        ("ਸੁਨੀਤਾ", ["sunita"]),
        ("રમેશ", ["ramesh"]),
        ("ରମେଶ", ["ramesh"]),
    ],
)
def test_the_words_of_a_name(cell: str, expected: list[str]) -> None:
    """Titles go, initials and abbreviations are written out, every northern script is read."""
    assert words(cell) == expected


@pytest.mark.parametrize(
    ("cell", "other"),
    [
        ("Sita (Gita)", "gita"),
        ("Sita [Gita]", "gita"),
        ('Sita "Gita"', "gita"),
        ("Sita 'Gita'", "gita"),
        ("Sita alias Gita", "gita"),
        ("सीता उर्फ गीता", "gita"),
        ("Sita a.k.a. Gita", "gita"),
        ("Sita / Gita", "gita"),
    ],
)
def test_a_name_beside_a_name_is_an_alias(cell: str, other: str) -> None:
    """Brackets, quotes and words like alias hold another name."""
    found = read_name(cell, "nepali")
    assert [word.text for word in found.tokens] == ["sita"]
    assert [[word.text for word in alias] for alias in found.aliases] == [[other]]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("/fd axfb'/", "legacy_font"),
        ("l;tf tfdfª", "legacy_font"),
        ("sdnf >]i7", "legacy_font"),
        ("😀", "no_letters"),
        ("سیتا", "unsupported_script"),
        ("Sitaसीता", "mixed_scripts"),
        ("x" * 401, "too_long"),
        ("a " * 20, "too_many_words"),
    ],
)
def test_what_cannot_be_read_is_reported_by_kind(cell: str, code: str) -> None:
    """The fault is a code, never the text."""
    assert code in read_name(cell, "nepali").faults


def test_one_bad_word_costs_one_word() -> None:
    """The rest of the cell is used, and the fault is kept."""
    found = read_name("Sita 😀 Tamang سیتا", "nepali")
    assert [word.text for word in found.tokens] == ["sita", "tamang"]
    assert set(found.faults) == {"no_letters", "unsupported_script"}


def test_fillers_are_marked() -> None:
    """Bahadur, Kumari and their like are nearly no evidence."""
    assert [word.is_filler for word in read_name("Ram Bahadur Thapa", "nepali").tokens] == [False, True, False]


def test_aliases_are_parted_by_semicolons() -> None:
    """Each is a name of its own; blank ones are none."""
    found = read_aliases("Anju; ; Mala Tamang (Mina)", "nepali")
    assert [[word.text for word in alias] for alias in found.aliases] == [["anju"], ["mala", "tamang"], ["mina"]]


def test_a_token_shows_no_letter() -> None:
    """`repr` is safe to log."""
    assert "sita" not in repr(read_name("Sita", "nepali"))
