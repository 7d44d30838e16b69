"""The table of a referral's states."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.hub.referrals.states import STEPS, Move, Mover, replay
from api.hub.voiding import repository
from api.wire.referrals import ReferralState

OVER = set(ReferralState) - {ReferralState.OFFERED, ReferralState.ACCEPTED}


def test_every_move_and_every_state_stands_in_the_table() -> None:
    """Nothing is forgotten."""
    assert set(STEPS) == set(Move)
    assert {step.after for step in STEPS.values()} == set(ReferralState)


def test_what_is_over_stays_over() -> None:
    """No move leads on from an end."""
    assert all(not step.before & OVER for step in STEPS.values())


def test_only_the_hub_expires_and_voids() -> None:
    """And the void of a match is written as the table names it."""
    assert {move for move, step in STEPS.items() if step.mover is Mover.HUB} == {Move.EXPIRE, Move.VOID}
    assert Move(repository.VOID) is Move.VOID


@given(st.lists(st.sampled_from(list(Move)), max_size=5))
def test_a_history_is_a_walk_through_the_table(moves: list[Move]) -> None:
    """It has a state exactly when each of its moves starts where the last one led."""
    history = [Move.OFFER, *moves]
    fits = all(STEPS[last].after in STEPS[next_].before for last, next_ in itertools.pairwise(history))
    if fits:
        assert replay(history) is STEPS[history[-1]].after
    else:
        with pytest.raises(ValueError, match="a move from a state"):
            replay(history)


def test_a_history_begins_with_its_offer() -> None:
    """Anything else was tampered with."""
    with pytest.raises(ValueError, match="begins with its offer"):
        replay([Move.ACCEPT])
