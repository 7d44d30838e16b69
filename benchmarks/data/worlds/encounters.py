"""
What happened to a person, contact by contact: the same episode, a return after an exit, an attempt, or unclear.

The class of each step is drawn first and the quarters are made to fit it; what a partner records of it may lack the
exit. So the truth of a verdict is what happened, not what the rule would say.
"""

from dataclasses import dataclass

from benchmarks.data.worlds.chance import Chance, Weighted
from matcher.episodes import LONGEST_EPISODE_QUARTERS, Encounter, EncounterKind, EncounterStatus, Verdict

FIRST_QUARTERS = (4 * 2016, 4 * 2019 + 3)  # two long steps later it is 2025
STEPS = Weighted(
    {
        Verdict.SAME_EPISODE: 0.5,
        Verdict.POSSIBLE_RE_TRAFFICKING: 0.25,
        Verdict.ATTEMPT: 0.12,
        Verdict.UNDETERMINED: 0.13,
    }
)  # assumed
LAST_EXIT = 0.4  # of last encounters: the exit is recorded
KINDS = tuple(EncounterKind)


@dataclass(slots=True)
class _Draft:
    """An encounter that is still being made."""

    quarter: int
    kind: EncounterKind
    status: EncounterStatus
    exit_quarter: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One encounter, and what it is to the one before; None for the first."""

    encounter: Encounter
    verdict: Verdict | None


def make_history(contacts: int, chance: Chance) -> list[Step]:
    """
    Draw the encounters of one person, in the order in which they happened.

    Args:
        contacts: how many, at least 1.
        chance: decides.
    """
    drafts = [_Draft(chance.between(*FIRST_QUARTERS), chance.pick(KINDS), _trafficked(chance))]
    verdicts: list[Verdict | None] = [None]
    for _ in range(contacts - 1):
        verdict = STEPS.pick(chance)
        drafts.append(_next(drafts[-1], verdict, chance))
        verdicts.append(verdict)
    if chance.happens(LAST_EXIT):
        drafts[-1].exit_quarter = drafts[-1].quarter + chance.below(5)
    return [
        Step(Encounter(draft.quarter, draft.kind, draft.status, draft.exit_quarter), verdict)
        for draft, verdict in zip(drafts, verdicts, strict=True)
    ]


def _next(before: _Draft, verdict: Verdict, chance: Chance) -> _Draft:
    """Make the encounter that stands in this relation to the one before, and end that one if need be."""
    status = _trafficked(chance)
    if verdict is Verdict.SAME_EPISODE:
        return _Draft(before.quarter + chance.below(4), chance.pick(KINDS), status)
    if verdict is Verdict.UNDETERMINED:
        return _unclear(before, status, chance)
    if before.status is EncounterStatus.NOT:
        before.status = _trafficked(chance)
    before.exit_quarter = before.quarter + chance.below(4)
    kinds = [kind for kind in KINDS if (kind is EncounterKind.INTERCEPTION) == (verdict is Verdict.ATTEMPT)]
    return _Draft(before.exit_quarter + chance.between(1, 8), chance.pick(kinds), status)


def _unclear(before: _Draft, status: EncounterStatus, chance: Chance) -> _Draft:
    """Make an encounter of which nobody can tell: long after, or held to be no trafficking."""
    if chance.happens(0.5):
        gap = LONGEST_EPISODE_QUARTERS + chance.between(1, 4)
        return _Draft(before.quarter + gap, chance.pick(KINDS), status)
    return _Draft(before.quarter + chance.below(6), chance.pick(KINDS), EncounterStatus.NOT)


def _trafficked(chance: Chance) -> EncounterStatus:
    """Draw a status that counts."""
    return EncounterStatus.ACTUAL if chance.happens(0.5) else EncounterStatus.POSSIBLE
