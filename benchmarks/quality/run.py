"""Measure every system on every data set of a profile."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from api.agent.evaluate.intervals import with_intervals
from api.agent.evaluate.measures import Evaluation, curve, reliability
from api.agent.evaluate.subgroups import alike_but_not_one, by_subgroup
from benchmarks.quality.datasets import DataSet, Split, data_sets
from benchmarks.quality.systems import CASEMATCH, SYSTEMS, Outcome, run_system
from benchmarks.quality.verdicts import verdict_accuracy
from benchmarks.report.measured import Measured, Report, VerdictRow

NO_SYSTEM = "no system"


def measure_profile(profile: str, split: Split, systems: Sequence[str] = SYSTEMS, only: Sequence[str] = ()) -> Report:
    """
    Run a profile.

    Args:
        profile: `ci` or `full`.
        split: seeds of the worlds.
        systems: which to run.
        only: names of data sets to keep, by their beginning; empty keeps all.
    """
    makers = data_sets(profile, split)
    return measure_sets(
        [each for each in makers if not only or each[0].startswith(tuple(only))], systems, profile, split
    )


def measure_sets(
    makers: Iterable[tuple[str, Callable[[], DataSet]]], systems: Sequence[str], profile: str, split: str
) -> Report:
    """
    Run systems on data sets; one that cannot be read stands in the report with the reason.

    Args:
        makers: name of each data set, and what makes it.
        systems: which to run.
        profile: told in the report; `split` likewise.
        split: see above.
    """
    rows: list[Measured] = []
    verdicts: dict[str, list[VerdictRow]] = {}
    for name, make in makers:
        try:
            data = make()
        except FileNotFoundError as reason:
            rows.append(Measured(name, NO_SYSTEM, str(reason)))
            continue
        if data.world is not None:
            verdicts[name] = verdict_accuracy(data.world)
        rows += _rows(data, systems)
    return Report(profile, split, datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), tuple(rows), verdicts)


def _rows(data: DataSet, systems: Sequence[str]) -> Iterator[Measured]:
    """Run every system on one data set, telling on standard error how long it takes."""
    for system in systems:
        started = time.perf_counter()
        measured = measure_outcome(data, run_system(system, data))
        print(f"{data.name}: {system}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
        yield measured


def measure_outcome(data: DataSet, outcome: Outcome) -> Measured:
    """Hold one system's outcome against the truth; subgroups are told for casematch alone."""
    measured = Measured(
        data.name,
        outcome.system,
        outcome.note,
        outcome.seconds,
        data.truth.true_pairs,
        outcome.entries_per_record,
        outcome.is_fitted,
    )
    found = outcome.found
    if found is None:
        return measured
    evaluation = Evaluation(found, data.truth, related=[*data.siblings, *data.twins])
    table = [] if found.probability is None else reliability(found.probability, evaluation.is_true)
    is_ours = outcome.system == CASEMATCH
    groups = [
        row
        for column, (left, right) in data.groups.items()
        for row in by_subgroup(found, data.truth, column, left, right)
        if is_ours
    ]
    kin = {"siblings": data.siblings, "twins": data.twins}
    return replace(
        measured,
        figures=with_intervals(evaluation),
        curve=curve(evaluation),
        reliability=table,
        subgroups=groups,
        kin={name: dict(alike_but_not_one(found, pairs)) for name, pairs in kin.items() if pairs},
        steps=list(outcome.steps),
    )
