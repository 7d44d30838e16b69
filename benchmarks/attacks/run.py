"""Run the cells of a profile's table, and hold what they found against the bounds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from statistics import median

from benchmarks.attacks.bounds import bound_of
from benchmarks.attacks.kept import KeptRuns, Run
from benchmarks.attacks.table import SEEDS, Split, trials
from benchmarks.attacks.trial import Outcome, Role, Trial, wilson
from benchmarks.report.attack_rows import AttackReport, Row

LINKED_RECORDS = {"ci": 600, "full": 2_000}  # to measure what an encoding links
LINKING_SEED = 1
FIRST = 0


def run_profile(profile: str, split: Split, only: Sequence[str] = (), kept: KeptRuns | None = None) -> AttackReport:
    """
    Run a profile: all cells under the first seed, then under the next, so that what was stopped is a table as well.

    Args:
        profile: `ci` or `full`.
        split: seeds of people and keys.
        only: attacks to keep; empty keeps all.
        kept: what is in it is not run again.
    """
    runs = kept or KeptRuns()
    for round_ in range(max(map(len, SEEDS.values()))):
        for trial, seeds in _cells(profile, split, only):
            for seed in seeds[round_ : round_ + 1]:
                runs.run(trial, seed)
            runs.measure_linkage(trial.encoding, trial.data, LINKED_RECORDS[profile], LINKING_SEED)
    return report_of(profile, split, only, runs)


def report_of(profile: str, split: Split, only: Sequence[str], kept: KeptRuns) -> AttackReport:
    """
    Return the table of what is kept, without running anything.

    Args:
        profile: `ci` or `full`.
        split: seeds of people and keys.
        only: attacks to keep; empty keeps all.
        kept: cells that are not in it are named in the report, seeds that are not in it are not in their row.
    """
    rows: list[Row] = []
    not_run: list[str] = []
    for trial, seeds in _cells(profile, split, only):
        runs = kept.runs(trial, seeds)
        f1 = kept.find_linkage_f1(trial.encoding, trial.data, LINKED_RECORDS[profile])
        rows += _rows(trial, profile, runs, f1)
        not_run += [] if runs else [f"{trial.attack} {trial.encoding.name}, {trial.data} {trial.people:,}"]
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return AttackReport(profile, split, made, tuple(rows), tuple(not_run))


def _cells(profile: str, split: Split, only: Sequence[str]) -> Iterator[tuple[Trial, Sequence[int]]]:
    """Yield the cells that are asked for, with their seeds."""
    for trial in trials(profile):
        if not only or trial.attack in only:
            yield trial, SEEDS[profile, split][: trial.most_seeds]


def _rows(trial: Trial, profile: str, runs: Sequence[tuple[int, Run]], f1: float | None) -> Iterator[Row]:
    """Yield a row for each rate of a cell."""
    seeds, seconds = tuple(seed for seed, _ in runs), sum(run.cpu_seconds for _, run in runs)
    outcomes = [outcome for _, run in runs for outcome in run.outcomes]
    for what in dict.fromkeys(outcome.what for outcome in outcomes):
        same = [outcome for outcome in outcomes if outcome.what == what]
        yield _row(trial, same, profile, seeds, (f1, seconds))


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
