"""Keys agree across scripts and spellings, and refuse what has no letters."""

import jellyfish
import pytest

from matcher.errors import UnreadableFieldError
from matcher.phonetics.keys import blocking_key, family_of, scoring_key


@pytest.mark.parametrize(
    ("devanagari", "roman"),
    [("सूर्य", "surya"), ("विश्वकर्मा", "Bishwokarma"), ("बि.क.", "bk"), ("क्षेत्री", "Chhetri"), ("तामाङ्ग", "Tamang")],
)
def test_both_scripts_give_one_key(devanagari: str, roman: str) -> None:
    """A name has one scoring and one blocking key, whatever it is written in."""
    written = devanagari.replace(".", "")
    assert scoring_key(written) == scoring_key(roman)
    assert blocking_key(written) == blocking_key(roman)


@pytest.mark.parametrize(("one", "other"), [("Sunita", "Sarita"), ("Kamal", "Kamala"), ("Kumar", "Kumari")])
def test_two_names_keep_two_scoring_keys(one: str, other: str) -> None:
    """Sisters and siblings are told apart."""
    assert scoring_key(one) != scoring_key(other)


@pytest.mark.parametrize("name", ["", "12", "😀", "ꦄꦏꦸ", "Ramराम"])
def test_no_letters_no_key(name: str) -> None:
    """The empty key is refused, because everybody would share it."""
    for key in (scoring_key, blocking_key):
        with pytest.raises(UnreadableFieldError) as fault:
            key(name)
        assert not name or name not in str(fault.value)


def test_words_are_joined() -> None:
    """A name written together or apart has one blocking key."""
    assert blocking_key("Ram Krishna") == blocking_key("Ramkrishna")


def test_jellyfish_sees_latin_letters_only() -> None:
    """The latin family writes Devanagari out before it asks jellyfish."""
    family_of("latin").spell("सीता")
    assert scoring_key("सीता", "latin") == "sita"
    assert jellyfish.metaphone("सीता") == ""  # why


def test_zero_width_and_mis_encoded_vowels_do_not_matter() -> None:
    """What converters leave behind makes no other name."""
    assert scoring_key("रा\u200dम") == scoring_key("राम")
    assert scoring_key("गाेपाल") == scoring_key("गोपाल")
