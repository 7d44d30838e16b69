"""
Accuracy of the episode verdict by class, against what happened in an invented world.

The truth is what happened between two consecutive contacts; the verdict is the rule's on what both partners recorded.
With date noise, one quarter in five is recorded one quarter off, exits included.
"""

from collections import defaultdict
from dataclasses import replace

import numpy as np

from benchmarks.data.worlds.world import World
from benchmarks.report.measured import VerdictRow
from matcher.episodes import Encounter, Verdict, judge

QUARTER_OFF = 0.2
SEED = 1


def verdict_accuracy(world: World) -> list[VerdictRow]:
    """Judge every pair of consecutive contacts of one person; one row a class, and one for all."""
    draw = np.random.default_rng(SEED)
    hits: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for (left, right), truth in world.verdicts().items():
        both = [world.records[row].encounter for row in (left, right)]
        moved = [_moved(encounter, draw) for encounter in both]
        told = (judge(both).verdict is truth, judge(moved).verdict is truth)
        hits[truth.value].append(told)
        hits["all"].append(told)
    return [_row(name, hits[name]) for name in (*Verdict, "all") if name in hits]


def _moved(encounter: Encounter, draw: np.random.Generator) -> Encounter:
    """Record an encounter one quarter off at times; an exit never comes before its encounter."""
    quarter = encounter.quarter + _off(draw)
    left = None if encounter.exit_quarter is None else max(quarter, encounter.exit_quarter + _off(draw))
    return replace(encounter, quarter=quarter, exit_quarter=left)


def _off(draw: np.random.Generator) -> int:
    """Return -1, 0 or 1."""
    return int(draw.choice((-1, 1))) if draw.random() < QUARTER_OFF else 0


def _row(verdict: str, told: list[tuple[bool, bool]]) -> VerdictRow:
    """Count one class."""
    plain, noisy = zip(*told, strict=True)
    return VerdictRow(str(verdict), len(told), sum(plain) / len(told), sum(noisy) / len(told))
