"""Rows of a mixed load: filings and polls at a steady rate over HTTP, two workers."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.speed import load as loads
from benchmarks.speed.filled import PROJECT, FilledHub, filled_hub
from benchmarks.speed.levels import growth
from benchmarks.speed.load import Answers, Load, percentile
from benchmarks.speed.row import Profile, Row
from benchmarks.speed.serving import Served, served_hub, served_stub

PEOPLE = {"ci": 1_000, "full": 100_000}
SECONDS = {"ci": 15.0, "full": 600.0}
WARM_SECONDS = {"ci": 3.0, "full": 20.0}
FILINGS = POLLS = 20.0  # a second
WORKERS = 2
ASKERS = {"ci": 2, "full": 5}
MOST_MS = {95: 50.0, 99: 150.0}
MOST_GROWTH = 5.0  # per cent
STUB = "a stub endpoint of the same shape"
RUNS = 5  # into which the time is cut, for the spread


def rows(profile: Profile) -> Iterator[Row]:
    """Yield the percentiles, then what must be nought."""
    with filled_hub(PEOPLE[profile]) as hub, TemporaryDirectory() as folder:
        askers = [hub.ask_as(number) for number in range(ASKERS[profile])]
        with served_stub(Path(folder), WORKERS) as stub:
            beside = _answers(stub, hub, askers, profile, SECONDS["ci"])
        with served_hub(hub.settings, WORKERS) as served:
            answers = _answers(served, hub, askers, profile, SECONDS[profile])
    work = f"mixed load, {hub.people:,} people, {FILINGS:.0f} filings and {POLLS:.0f} polls a second"
    for part in (50, 95, 99):
        yield Row(
            f"{work}: p{part}",
            "ms",
            percentile(answers.all_ms, part),
            _spread(answers, part),
            peer=STUB,
            peers=percentile(beside.all_ms, part),
            most=MOST_MS.get(part),
            note=f"filings {percentile(answers.filing_ms, part):.1f}, polls {percentile(answers.poll_ms, part):.1f}; "
            f"{WORKERS} workers, {SECONDS[profile]:.0f} s; answers leave at once, in service on a quantum",
        )
    errors = float(sum(answers.errors.values()))
    told = ", ".join(f"{name}: {number}" for name, number in answers.errors.items())
    yield Row(f"{work}: failed", "requests", errors, (errors, errors), most=0.0, note=told)
    grown = growth(answers.samples) * 100
    note = "mean of the last tenth of the time over the first's"
    yield Row(f"{work}: growth of memory", "%", grown, (grown, grown), most=MOST_GROWTH, note=note)


def _answers(served: Served, hub: FilledHub, askers: list[dict[str, str]], profile: Profile, seconds: float) -> Answers:
    """Put the load on a program, warm first."""
    for wait in (WARM_SECONDS[profile], seconds):
        load = Load(served.url, PROJECT, askers, hub.population, FILINGS, POLLS, wait)
        answers = loads.run(load, served.memory_bytes, lambda _seconds, _answers: None)
    return answers


def _spread(answers: Answers, part: float) -> tuple[float, float]:
    """Return the least and the greatest of a percentile over pieces of the run."""
    times = [answers.filing_ms, answers.poll_ms]
    pieces = [[time for kind in times for time in kind[_piece(kind, number)]] for number in range(RUNS)]
    found = [percentile(piece, part) for piece in pieces]
    return min(found), max(found)


def _piece(times: list[float], number: int) -> slice:
    """Return one of `RUNS` pieces of a run."""
    return slice(len(times) * number // RUNS, len(times) * (number + 1) // RUNS)
