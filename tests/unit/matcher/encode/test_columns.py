"""Persons as columns: the ways that `ways_of` lists, each distinct reading once."""

from matcher.encode.columns import FIRST_WAY, MISSING, columns_of
from matcher.encode.readings import ways_of


def test_columns_hold_the_ways_in_order(schema, make_person) -> None:
    """Read back, they are the readings of every way."""
    persons = [make_person(aliases=("gita", "rita")), make_person(town=None), make_person(given=None)]
    columns = columns_of(persons, schema.field_names)
    expected = [(owner, way) for owner, person in enumerate(persons) for way in ways_of(person)]
    assert len(columns.rows) == len(expected)
    for place, (owner, way) in enumerate(expected):
        held = {
            field: columns.distinct[column][row]
            for column, (field, row) in enumerate(zip(schema.field_names, columns.rows[place], strict=True))
            if row != MISSING
        }
        assert (columns.owner[place], held) == (owner, dict(way.readings))
        changed = columns.changed[place]
        assert way.changed == ("" if changed == FIRST_WAY else schema.field_names[changed])


def test_a_reading_that_two_share_stands_once(schema, make_person) -> None:
    """Work is done once for it."""
    columns = columns_of([make_person(), make_person()], schema.field_names)
    assert {len(readings) for readings in columns.distinct} == {1}


def test_other_fields_are_passed_over(make_person) -> None:
    """Only the columns asked for are laid out."""
    columns = columns_of([make_person(aliases=("gita",))], ["surname"])
    assert columns.rows.tolist() == [[0]]


def test_no_persons_have_no_ways(schema) -> None:
    """The empty list keeps its shape."""
    assert columns_of([], schema.field_names).rows.shape == (0, len(schema.fields))
