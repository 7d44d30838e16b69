"""Any table gets a linkage schema from its columns' kinds."""

import pytest

from matcher.encode.recipes import recipe_book
from matcher.encoding import sketch_layout
from matcher.errors import InvalidSchemaError
from matcher.schema import Facet, Kind
from matcher.template import general_schema

COLUMNS = {
    "given_name": Kind.NAME,
    "surname": Kind.NAME,
    "born": Kind.DATE,
    "town": Kind.PLACE,
    "code": Kind.IDENTIFIER,
}


def test_names_are_joined_and_dates_give_three_parts() -> None:
    """Two own names make a joined name; a date is three attributes of a composite key."""
    parts = {part.name: part for part in general_schema(COLUMNS, 100).gate.parts}
    assert {"full_name", "born.year", "born.month", "born.day"} <= set(parts)
    assert parts["full_name"].excludes == {"given_name", "surname"}


def test_an_identifier_counts_as_two_attributes() -> None:
    """With one more attribute an identifier makes a composite key."""
    assert {p.name: p.counts_as for p in general_schema(COLUMNS, 100).gate.parts}["code"] == 2


def test_a_relative_is_not_the_person() -> None:
    """A father's name neither joins the person's own nor makes a composite key personal."""
    schema = general_schema({"name": Kind.NAME, "father_name": Kind.NAME, "born": Kind.DATE}, 100)
    parts = {part.name: part for part in schema.gate.parts}
    assert "full_name" not in parts
    assert not parts["father_name"].is_personal


def test_the_sketch_holds_exactly_what_its_fields_need() -> None:
    """No more than a word of eight bytes is left over."""
    schema = general_schema(COLUMNS, 100)
    assert 0 <= schema.sketch_bytes - sketch_layout(schema)[-1].stop < 8


@pytest.mark.parametrize("columns", [{}, {"name": Kind.NAME}, {"town": Kind.PLACE, "state": Kind.CATEGORY}])
def test_too_few_columns_are_refused(columns: dict[str, Kind]) -> None:
    """Where no composite key is possible, linking would find nothing."""
    with pytest.raises(InvalidSchemaError):
        general_schema(columns, 100)


def test_a_text_stands_in_keys_by_its_beginning() -> None:
    """An address line tells people apart, but its spelling hardly ever survives whole."""
    parts = {part.name: part for part in general_schema({**COLUMNS, "address": Kind.TEXT}, 100).gate.parts}
    assert parts["address"].facet is Facet.START
    assert not parts["address"].is_personal


@pytest.mark.parametrize("form", ["initials", "first", "last"])
def test_joined_names_have_forms_that_survive_another_order(form: str) -> None:
    """Given name and surname are often exchanged."""
    parts = {part.name: part for part in general_schema(COLUMNS, 100).gate.parts}
    assert parts[f"full_name.{form}"].coarsens == "full_name"


def test_a_word_of_the_joined_name_never_stands_beside_the_name_it_is_of() -> None:
    """Together they would say one thing twice, and pass for rare."""
    schema = general_schema(COLUMNS, 100)
    joined = {part.name for part in schema.gate.parts if part.field == "full_name"}
    names = [part.name for part in schema.gate.parts]
    sets = [{names[member] for member in chosen} for chosen in recipe_book(schema.gate.parts, schema.recipes).parts]
    own = {name for name in names if name.split(".")[0] in {"given_name", "surname"}}
    assert not [each for each in sets if each & joined and each & own]
