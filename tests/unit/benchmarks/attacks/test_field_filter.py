"""Field Bloom filters as the attack suite makes them."""

from benchmarks.attacks.encodings.field_filter import FieldFilter, JoinedFieldFilter
from benchmarks.attacks.population import population


def test_each_field_has_a_filter_of_its_own_and_blank_ones_are_empty():
    """A field's filter follows from its cell alone."""
    people = population("nepali", 40, 1)
    filters = FieldFilter().encode(people, 1).bits
    blank = [not cells["phone"] for cells in people.cells]
    assert [not row.any() for row in filters["phone"]] == blank
    assert filters["given_name"].shape == (40, 512)


def test_side_by_side_they_are_one_filter():
    """The joined form holds the same bits."""
    people = population("nepali", 40, 1)
    joined, parts = JoinedFieldFilter().encode(people, 1).bits, FieldFilter().encode(people, 1).bits
    assert joined.sum() == sum(part.sum() for part in parts.values())


def test_equal_people_are_linked():
    """Filters of people without duplicates link nobody; every record twice is linked without fault."""
    people = population("nepali", 40, 1)
    assert FieldFilter().linkage_f1(people, 1) == 0
    assert FieldFilter().linkage_f1(people.take([*range(40), *range(40)]), 1) == 1
