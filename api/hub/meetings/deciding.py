"""
Who decides first on a meeting, and what each side sees then; pure; hub. Why so: docs/decisions/0002.

    neither needs a hand    released  | released
    one needs a hand        to_decide | hidden                                     → released | released
    both need a hand        to_decide | hidden → awaiting_other_side | to_decide   → released | released
    refused                 refused   | as before: refusal looks like silence
"""

from dataclasses import dataclass
from enum import StrEnum

from api.wire.statements import OrganisationClass

# The more protected class decides first: it has more to lose when the other learns that it holds somebody.
_PROTECTION = (
    OrganisationClass.SHELTER,
    OrganisationClass.NGO,
    OrganisationClass.GOVERNMENT,
    OrganisationClass.BORDER,
    OrganisationClass.POLICE,
    OrganisationClass.LINKAGE_DESK,
    OrganisationClass.DATA_PROTECTION,
)


class SideState(StrEnum):
    """Where a meeting stands for one side; all but `hidden` and `erased` are told to it under the same name."""

    HIDDEN = "hidden"
    TO_DECIDE = "to_decide"
    AWAITING_OTHER_SIDE = "awaiting_other_side"
    RELEASED = "released"
    REFUSED = "refused"
    CLAIMED = "claimed"
    VOID = "void"
    ERASED = "erased"


UNSEEN = frozenset({SideState.HIDDEN, SideState.ERASED})


@dataclass(frozen=True, slots=True)
class Stance:
    """What decides the order: the class of a side, and whether it has to decide by hand."""

    organisation_class: OrganisationClass
    needs_hand: bool


def opening_states(earlier: Stance, later: Stance) -> tuple[SideState, SideState]:
    """
    Return the states of a new meeting, in the order of the arguments.

    Args:
        earlier: the side whose entry was filed first.
        later: the other.
    """
    if not earlier.needs_hand and not later.needs_hand:
        return SideState.RELEASED, SideState.RELEASED
    is_earlier_first = earlier.needs_hand and (not later.needs_hand or _rank(earlier) <= _rank(later))
    if is_earlier_first:
        return SideState.TO_DECIDE, SideState.HIDDEN
    return SideState.HIDDEN, SideState.TO_DECIDE


def after_release(other: SideState, *, other_needs_hand: bool) -> tuple[SideState, SideState]:
    """
    Return the states of the side that releases and of the other one.

    Args:
        other: where the other side stands now.
        other_needs_hand: whether it has to decide as well.
    """
    if other is SideState.HIDDEN and other_needs_hand:
        return SideState.AWAITING_OTHER_SIDE, SideState.TO_DECIDE
    return SideState.RELEASED, SideState.RELEASED


def _rank(side: Stance) -> int:
    """Return the place in the order of protection; 0 is the most protected."""
    return _PROTECTION.index(side.organisation_class)
