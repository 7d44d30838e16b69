"""Whose records are attacked."""

import numpy as np
import pytest

from benchmarks.attacks.population import duplicates, population, two_lists


def test_a_population_has_one_record_a_person():
    """Nobody stands on it twice, and a seed gives it again."""
    people = population("nepali", 120, 1)
    assert len(set(people.numbers.tolist())) == len(people) == 120
    assert population("nepali", 120, 1).cells == people.cells
    assert population("nepali", 120, 2).cells != people.cells


@pytest.mark.parametrize("overlap", [1.0, 0.5, 0.2])
def test_two_lists_share_what_they_should_with_the_same_cells(overlap: float):
    """As many as the overlap says stand on both, cell by cell the same, in other places."""
    lists = two_lists("nepali", 100, overlap, 1)
    truth = lists.truth()
    assert (truth >= 0).sum() == round(100 * overlap)
    for row in np.flatnonzero(truth >= 0):
        assert lists.encoded.cells[row] == lists.known.cells[truth[row]]
    assert (truth != np.arange(100)).any()


def test_duplicates_hold_records_of_one_person():
    """Some numbers stand there more than once, on several lists."""
    records = duplicates("nepali", 200, 1)
    assert len(records) == 200
    assert len(set(records.numbers.tolist())) < 200
    assert len(set(records.lists)) == 3


def test_febrl_has_no_more_people_than_it_has():
    """More than 5,000 are refused."""
    with pytest.raises(ValueError, match="only 5000 people"):
        population("febrl4", 5_001, 1)
    assert set(duplicates("febrl4", 100, 1).lists) == {"A", "B"}
