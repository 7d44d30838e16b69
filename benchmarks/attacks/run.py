"""Run the cells of a profile's table, and hold what they found against the bounds."""

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Any

from benchmarks.attacks.bounds import bound_of
from benchmarks.attacks.encodings.kinds import Encoding
from benchmarks.attacks.population import Data, duplicates
from benchmarks.attacks.table import SEEDS, Split, trials
from benchmarks.attacks.trial import Outcome, Role, Trial, wilson
from benchmarks.report.attack_rows import AttackReport, Row

LINKED_RECORDS = {"ci": 600, "full": 2_000}  # to measure what an encoding links
LINKING_SEED = 1
FIRST = 0


def run_profile(profile: str, split: Split, only: Sequence[str] = ()) -> AttackReport:
    """
    Run a profile.

    Args:
        profile: `ci` or `full`.
        split: seeds of people and keys.
        only: attacks to keep; empty keeps all.
    """
    rows: list[Row] = []
    for trial in trials(profile):
        if not only or trial.attack in only:
            rows += _rows(trial, profile, SEEDS[profile, split][: trial.most_seeds])
    return AttackReport(profile, split, datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), tuple(rows))


def _rows(trial: Trial, profile: str, seeds: Sequence[int]) -> Iterator[Row]:
    """Run one cell under every seed, telling on standard error how long it takes."""
    started = time.perf_counter()
    found = [trial.run(trial, seed) for seed in seeds]
    seconds = time.perf_counter() - started
    f1 = _linkage_f1(trial.encoding, trial.data, LINKED_RECORDS[profile])
    print(f"{trial.attack} {trial.encoding.name} {trial.data} {trial.people}: {seconds:.0f} s", file=sys.stderr)
    for what in dict.fromkeys(outcome.what for outcomes in found for outcome in outcomes):
        same = [outcome for outcomes in found for outcome in outcomes if outcome.what == what]
        yield _row(trial, same, profile, tuple(seeds), (f1, seconds))


def _row(
    trial: Trial, outcomes: Sequence[Outcome], profile: str, seeds: tuple[int, ...], about: tuple[float | None, float]
) -> Row:
    """Put the outcomes of one rate under all seeds into a row."""
    rate = median(outcome.rate for outcome in outcomes)
    low, high = _interval(outcomes)
    what = outcomes[FIRST].what
    bound = bound_of(trial, what, profile)
    return Row(
        attack=trial.attack,
        what=what,
        encoding=trial.encoding.name,
        data=trial.data,
        n=trial.people,
        overlap=trial.overlap,
        knowledge=trial.knowledge,
        seeds=seeds,
        rate=rate,
        low=low,
        high=high,
        is_control=trial.role is Role.CONTROL,
        bound=None if bound is None else bound.value,
        is_met=None if bound is None else bound.is_met_by(rate),
        linkage_f1=about[0],
        seconds=about[1],
        note="; ".join(
            dict.fromkeys([outcome.note for outcome in outcomes if outcome.note] + _over(trial, what, rate))
        ),
        orientation=trial.orientation,
    )


def _over(trial: Trial, what: str, rate: float) -> list[str]:
    """Say that a target is missed, also where the ceiling of the small profile is kept."""
    target = bound_of(trial, what, "full")
    missed = target is not None and not target.is_least and not target.is_met_by(rate)
    return [f"misses its target of {target.value:g}"] if missed and target is not None else []


def _interval(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Return the outcomes' own interval where they have one, else Wilson's over all seeds together."""
    own = [(each.low, each.high) for each in outcomes if each.low is not None and each.high is not None]
    if own:
        return min(low for low, _ in own), max(high for _, high in own)
    of = sum(outcome.of for outcome in outcomes)
    hits = sum(outcome.rate * outcome.of for outcome in outcomes)
    return wilson(hits / of if of else 0.0, of)


_F1: dict[tuple[str, Data, int], float] = {}


def _linkage_f1(encoding: Encoding[Any], data: Data, records: int) -> float:
    """Measure what an encoding links, once for each kind of data."""
    key = (encoding.name, data, records)
    if key not in _F1:
        _F1[key] = encoding.linkage_f1(duplicates(data, records, LINKING_SEED), LINKING_SEED)
    return _F1[key]
