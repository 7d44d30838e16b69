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


@pytest.mark.parametrize(("facet", "shared"), [(Facet.FIRST, "kyr"), (Facet.LAST, "wil")])
def test_a_word_by_the_alphabet_survives_another_order_and_a_slip_in_its_end(value, facet, shared) -> None:
    """`wilde kyra` and `kyra wilda` share both."""
    assert value(facet, name("wilde kyra")) == value(facet, name("kyra wilda")) == shared


def test_a_word_by_the_alphabet_survives_another_beside_it(value) -> None:
    """`webb sam` and `kyra webb` share the last."""
    assert value(Facet.LAST, name("webb sam")) == value(Facet.LAST, name("kyra webb")) == "web"


@pytest.mark.parametrize("facet", [Facet.INITIALS, Facet.FIRST, Facet.LAST])
def test_a_single_word_has_no_first_among_words(value, facet) -> None:
    """The start of one name is another part already."""
    assert value(facet, name("kyra")) == ""


def test_a_text_begins_with_its_first_symbols_whatever_its_spaces(value) -> None:
    """`fox place` and `foxplace` share them."""
    assert value(Facet.START, Opaque(("fox", "place"))) == value(Facet.START, Opaque(("foxplace",))) == "fox"
