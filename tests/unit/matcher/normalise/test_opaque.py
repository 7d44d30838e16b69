"""Identifiers, telephones, categories and texts come out as canonical parts."""

import pytest

from matcher.errors import UnreadableFieldError
from matcher.normalise.categories import read_category, read_text
from matcher.normalise.identifiers import read_identifier
from matcher.normalise.phones import read_phone


@pytest.mark.parametrize(
    "cell", ["27-01-72-01234", "२७-०१-७२-०१२३४", "27/1/72/1234", "27.01.72.01234", "नं. 27-1-72-1234"]
)
def test_one_citizenship_number_however_written(cell: str) -> None:
    """Digits, signs between and leading zeros do not matter."""
    assert [reading.parts for reading in read_identifier(cell)] == [("27", "1", "72", "1234")]


def test_letters_of_a_passport_stay() -> None:
    """Letters and digits are parts of their own."""
    assert read_identifier("PA 0123987")[0].parts == ("pa", "123987")


@pytest.mark.parametrize(
    ("cell", "code"), [("0000", "filled_in"), ("123456789", "filled_in"), ("none given", "no_digits")]
)
def test_a_stop_gap_is_no_identifier(cell: str, code: str) -> None:
    """It would make strangers one."""
    with pytest.raises(UnreadableFieldError) as fault:
        read_identifier(cell)
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("9841234567", ["9779841234567"]),
        ("+977 984-1234567", ["9779841234567"]),
        ("००९७७ ९८४१२३४५६७", ["9779841234567"]),
        ("01-4123456", ["97714123456"]),
        ("+91 98765 43210", ["919876543210"]),
        ("01712345678", ["8801712345678"]),
        ("+8801712345678", ["8801712345678"]),
        ("9841234567 / 9851012345", ["9779841234567", "9779851012345"]),
    ],
)
def test_telephones_of_three_countries(cell: str, numbers: list[str]) -> None:
    """Each number has its country in front."""
    assert [reading.parts[0] for reading in read_phone(cell)] == numbers


@pytest.mark.parametrize("cell", ["12345", "no phone", "9999999999", "9800000000000000000"])
def test_no_telephone(cell: str) -> None:
    """Too short, too long, none, or a stop-gap."""
    with pytest.raises(UnreadableFieldError) as fault:
        read_phone(cell)
    assert fault.value.code == "unreadable_phone"


def test_plain_lists_keep_foreign_numbers() -> None:
    """Digits that no plan of the region knows are still digits."""
    assert read_phone("555-0100-77", is_plain=True)[0].parts == ("555010077",)


@pytest.mark.parametrize(
    ("cell", "sex"), [("F", "f"), ("महिला", "f"), ("Girl", "f"), ("पुरुष", "m"), ("Third gender", "o"), ("মহিলা", "f")]
)
def test_words_for_a_sex(cell: str, sex: str) -> None:
    """Three languages, one letter."""
    readings = read_category(f" {cell}. ", "sex")
    assert [reading.parts for reading in readings] == [(sex,)]


def test_other_categories_keep_their_words() -> None:
    """A state is no sex."""
    assert read_category("New South Wales", "state")[0].parts == ("new", "south", "wales")
    assert read_text("नीलो झोला")[0].parts == ("nilo", "jhola")


def test_an_unknown_sex_is_refused() -> None:
    """It is set aside, not guessed."""
    with pytest.raises(UnreadableFieldError) as fault:
        read_category("blue", "sex")
    assert fault.value.code == "unknown_sex"
