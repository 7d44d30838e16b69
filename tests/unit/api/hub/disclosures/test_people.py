"""How many people have to agree, and who counts as how many."""

import pytest

from api.hub.disclosures.people import count_people, people_needed
from api.hub.policy import Rung


@pytest.mark.parametrize("rung", list(Rung))
@pytest.mark.parametrize("is_protected", [True, False])
def test_two_for_a_protected_record_from_d3_on(rung: Rung, *, is_protected: bool) -> None:
    """One in every other case."""
    assert people_needed(rung, is_protected=is_protected) == (2 if is_protected and rung >= Rung.D3 else 1)


@pytest.mark.parametrize(
    ("are_users", "people"),
    [((), 0), ((False,), 1), ((False, False), 1), ((True,), 1), ((True, False), 2), ((True, True), 2)],
)
def test_all_keys_together_are_one_hand(are_users: tuple[bool, ...], people: int) -> None:
    """However many keys an agent has."""
    assert count_people(are_users) == people
