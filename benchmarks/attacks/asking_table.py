"""The cells of attacks by a partner who asks, A8 and A9, by profile; part of `benchmarks.attacks.table`."""

from collections.abc import Iterator

from benchmarks.attacks import crafted_sketches, enumeration, hill_climbing
from benchmarks.attacks.encodings.ours import Ours
from benchmarks.attacks.population import Data
from benchmarks.attacks.trial import Role, Trial

PARTNER = "a partner's API key and secret"
FREELY = "the same, without quota and with raw answers"
VICTIMS = {True: 20, False: 2}  # felt out one by one; in full and in ci
HELD = {True: 50, False: 10}  # of whom sketches are crafted


def asking_trials(*, is_full: bool) -> Iterator[Trial]:
    """
    Yield the cells.

    Args:
        is_full: with more victims, and FEBRL4 for crafted sketches.
    """
    ours, victims, roster = Ours(), VICTIMS[is_full], enumeration.ROSTER if is_full else 3 * enumeration.HELD
    yield Trial("A8", hill_climbing.climb_raw, ours, Role.CONTROL, FREELY, people=victims)
    yield Trial("A8", hill_climbing.climb_answers, ours, Role.TARGET, PARTNER, people=victims)
    yield from _crafted("nepali", HELD[is_full])
    if is_full:
        yield from _crafted("febrl4", HELD[is_full])
    yield Trial("A9", enumeration.enumerate_freely, ours, Role.CONTROL, FREELY, people=roster)
    yield Trial("A9", enumeration.enumerate_roster, ours, Role.TARGET, PARTNER, people=roster)


def _crafted(data: Data, people: int) -> Iterator[Trial]:
    """A8 by sketches."""
    yield Trial("A8", crafted_sketches.file_honest, Ours(), Role.CONTROL, PARTNER, data, people)
    yield Trial("A8", crafted_sketches.file_crafted, Ours(), Role.TARGET, PARTNER, data, people)
