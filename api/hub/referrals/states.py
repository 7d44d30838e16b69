"""What can become of a referral, by whose move; the one table of it; pure; hub."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from api.wire.referrals import ReferralState


class Move(StrEnum):
    """What happened to a referral; each is one event."""

    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    REVOKE = "revoke"
    COMPLETE = "complete"
    EXPIRE = "expire"
    VOID = "void"


class Mover(StrEnum):
    """Whose move it is."""

    REFERRER = "referrer"
    RECEIVER = "receiver"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Step:
    """One line: who may move, from which states, and to which."""

    mover: Mover
    before: frozenset[ReferralState]
    after: ReferralState


_OFFERED = frozenset({ReferralState.OFFERED})
_ACCEPTED = frozenset({ReferralState.ACCEPTED})
STEPS: dict[Move, Step] = {
    Move.OFFER: Step(Mover.REFERRER, frozenset(), ReferralState.OFFERED),
    Move.ACCEPT: Step(Mover.RECEIVER, _OFFERED, ReferralState.ACCEPTED),
    Move.DECLINE: Step(Mover.RECEIVER, _OFFERED, ReferralState.DECLINED),
    Move.REVOKE: Step(Mover.REFERRER, _OFFERED | _ACCEPTED, ReferralState.REVOKED),
    Move.COMPLETE: Step(Mover.RECEIVER, _ACCEPTED, ReferralState.COMPLETED),
    Move.EXPIRE: Step(Mover.HUB, _OFFERED, ReferralState.EXPIRED),
    Move.VOID: Step(Mover.HUB, _OFFERED | _ACCEPTED, ReferralState.VOID),
}


def replay(moves: Iterable[Move]) -> ReferralState:
    """
    Return where a referral stands after its moves, of which the first is the offer.

    Raises:
        ValueError: a move that the table does not have; the history was tampered with.
    """
    first, *rest = moves
    if first is not Move.OFFER:
        raise ValueError("a referral begins with its offer")
    state = STEPS[first].after
    for move in rest:
        if state not in STEPS[move].before:
            raise ValueError("a move from a state that does not allow it")
        state = STEPS[move].after
    return state
