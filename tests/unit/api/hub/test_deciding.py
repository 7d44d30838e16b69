"""Who decides first, as a table."""

import itertools

import pytest

from api.hub.meetings.deciding import SideState, Stance, after_release, opening_states
from api.wire.meetings import MeetingState
from api.wire.statements import OrganisationClass

HIDDEN, TO_DECIDE, RELEASED = SideState.HIDDEN, SideState.TO_DECIDE, SideState.RELEASED
NGO, SHELTER, POLICE = OrganisationClass.NGO, OrganisationClass.SHELTER, OrganisationClass.POLICE


@pytest.mark.parametrize(
    ("earlier", "later", "states"),
    [
        ((NGO, False), (POLICE, False), (RELEASED, RELEASED)),
        ((NGO, True), (POLICE, False), (TO_DECIDE, HIDDEN)),
        ((SHELTER, False), (POLICE, True), (HIDDEN, TO_DECIDE)),
        ((POLICE, True), (SHELTER, True), (HIDDEN, TO_DECIDE)),
        ((SHELTER, True), (POLICE, True), (TO_DECIDE, HIDDEN)),
        ((NGO, True), (NGO, True), (TO_DECIDE, HIDDEN)),
    ],
)
def test_opening_states(
    earlier: tuple[OrganisationClass, bool],
    later: tuple[OrganisationClass, bool],
    states: tuple[SideState, SideState],
) -> None:
    """Each row is one rule of docs/decisions/0002."""
    assert opening_states(Stance(*earlier), Stance(*later)) == states


@pytest.mark.parametrize("kinds", list(itertools.product(OrganisationClass, repeat=2)))
@pytest.mark.parametrize("needs", list(itertools.product([True, False], repeat=2)))
def test_one_side_at_most_is_asked_first(
    kinds: tuple[OrganisationClass, OrganisationClass], needs: tuple[bool, bool]
) -> None:
    """Whoever needs no hand is never asked, and nothing is released while somebody has to be."""
    stances = [Stance(kind, need) for kind, need in zip(kinds, needs, strict=True)]
    states = opening_states(*stances)
    assert states.count(TO_DECIDE) == (1 if any(needs) else 0)
    assert all(stance.needs_hand for stance, state in zip(stances, states, strict=True) if state is TO_DECIDE)
    assert (RELEASED in states) == (not any(needs))


def test_after_a_release_the_other_side_is_asked_if_it_must_be() -> None:
    """The second release is the last."""
    assert after_release(HIDDEN, other_needs_hand=True) == (SideState.AWAITING_OTHER_SIDE, TO_DECIDE)
    assert after_release(HIDDEN, other_needs_hand=False) == (RELEASED, RELEASED)
    assert after_release(SideState.AWAITING_OTHER_SIDE, other_needs_hand=True) == (RELEASED, RELEASED)


def test_all_but_the_unseen_states_are_told_under_their_own_name() -> None:
    """A new state cannot be forgotten on the wire."""
    assert {state.value for state in SideState} - {"hidden", "erased"} == {state.value for state in MeetingState}
