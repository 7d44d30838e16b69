"""Persons as columns: a row for each way to read one, and each distinct reading once."""

import numpy as np
import pytest

from matcher.encode.columns import FIRST_WAY, MISSING, columns_of, distinct


def test_each_further_reading_is_a_way_of_its_own(schema, make_person) -> None:
    """One field differs from the first way; what is missing has no place in its column."""
    columns = columns_of([make_person(aliases=("gita", "rita")), make_person(town=None)], schema.field_names)
    assert columns.owner.tolist() == [0, 0, 0, 1]
    given, town = (schema.field_names.index(name) for name in ("given_name", "town"))
    assert columns.changed.tolist() == [FIRST_WAY, given, given, FIRST_WAY]
    assert columns.rows[3][town] == MISSING


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


@pytest.mark.parametrize("keys", [[], [0], [7, 3, 7, 0, 3]])
def test_distinct_keys_are_those_that_sorting_finds(keys: list[int]) -> None:
    """Rising, each with its position."""
    array = np.array(keys, dtype=np.int64)
    found, expected = distinct(array), np.unique(array, return_inverse=True)
    assert [part.tolist() for part in found] == [part.tolist() for part in expected]
