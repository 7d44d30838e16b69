"""Rows of a hub that starts again: how long until it is ready, by how much it holds."""

from collections.abc import Iterator

from benchmarks.speed.clock import RUNS
from benchmarks.speed.filled import filled_hub, sizes
from benchmarks.speed.row import Profile, Row, median, row_of
from benchmarks.speed.serving import served_hub

PEOPLE: dict[Profile, tuple[int, ...]] = {"ci": (1_000,), "full": (100_000, 1_000_000)}
FEW = 100  # people of the hub that the others are held against
MOST_SECONDS = 2.0


def rows(profile: Profile) -> Iterator[Row]:
    """Yield a row for each size."""
    few = _ready_seconds(FEW)
    for people in sizes(PEOPLE[profile]):
        yield row_of(
            f"restart, {people:,} people, SQLite",
            "s until ready",
            _ready_seconds(people),
            peer=f"the same with {FEW} people",
            peers=median(few),
            most=MOST_SECONDS,
            note="wall time from the start of the process, Python's own start and imports included",
        )


def _ready_seconds(people: int) -> list[float]:
    """Start a hub again and again; return how long each start took."""
    found = []
    with filled_hub(people) as hub:
        for _ in range(RUNS + 1):
            with served_hub(hub.settings) as served:
                found.append(served.ready_seconds)
    return found[1:]
