"""What stands for a reading in a composite key."""

from collections.abc import Callable

import pytest

from matcher.encode.readings import part_value
from matcher.person import Name, Opaque
from matcher.schema import Facet, Part


@pytest.fixture
def value() -> Callable[[Facet, Name | Opaque], str]:
    """Return the value of a part by its facet."""

    def of(facet: Facet, reading: Name | Opaque) -> str:
        part = Part("x", "x", facet, 0.8, counts_as=1, is_personal=True, excludes=frozenset(), coarsens="")
        return part_value(part, reading)

    return of


def name(folded: str) -> Name:
    """Make a name whose folded text is all that matters."""
    return Name(folded, folded, folded.replace(" ", ""))


def test_initials_survive_another_order_and_a_slip_in_the_rest(value) -> None:
    """`wilde kyra` and `kyra wilda` share them."""
    assert value(Facet.INITIALS, name("wilde kyra")) == value(Facet.INITIALS, name("kyra wilda")) == "ky wi"


def test_a_single_word_has_no_initials(value) -> None:
    """Two symbols of one name would be too common."""
    assert value(Facet.INITIALS, name("kyra")) == ""


def test_a_text_begins_with_its_first_symbols_whatever_its_spaces(value) -> None:
    """`fox place` and `foxplace` share them."""
    assert value(Facet.START, Opaque(("fox", "place"))) == value(Facet.START, Opaque(("foxplace",))) == "fox"
