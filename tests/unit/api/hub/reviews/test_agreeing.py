"""What reviews come to, in every combination of two sides."""

from dataclasses import dataclass
from itertools import product

import pytest

from api.hub.reviews.agreeing import Outcome, standing


@dataclass(frozen=True)
class Given:
    """A review as far as it counts."""

    organisation_id: str
    answer: str | None
    is_desk: bool = False


ANSWERS = ("same", "not_same", "unsure")


@pytest.mark.parametrize(("one", "other"), list(product(ANSWERS, ANSWERS)))
def test_final_when_both_say_the_same_and_are_sure(one: str, other: str) -> None:
    """Two who are unsure do not agree on anything."""
    outcome = standing([Given("a", one), Given("b", other)]).outcome
    expected = Outcome(one) if one == other != "unsure" else Outcome.DISAGREEMENT
    assert outcome is expected


def test_the_last_answer_of_a_side_counts_and_the_desks_does_not() -> None:
    """A side may think again until it is final."""
    given = [Given("a", "same"), Given("b", "not_same"), Given("a", "not_same"), Given("b", "same", is_desk=True)]
    assert standing(given).outcome is Outcome.NOT_SAME


def test_a_conflict_is_no_answer() -> None:
    """And is forgotten once somebody else of the side has answered."""
    assert standing([]).outcome is Outcome.WAITING
    assert standing([Given("a", None), Given("b", "same")]).outcome is Outcome.CONFLICT_ONLY
    assert standing([Given("a", None), Given("b", "same"), Given("a", "same")]).outcome is Outcome.SAME
