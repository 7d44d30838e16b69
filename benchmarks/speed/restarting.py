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
    few_wall, few_cpu = _until_ready(FEW)
    for people in sizes(PEOPLE[profile]):
        wall, cpu = _until_ready(people)
        work, peer = f"restart, {people:,} people, SQLite", f"the same with {FEW} people"
        note = "from the start of the process, Python's own start and imports included"
        yield row_of(work, "s until ready", wall, peer=peer, peers=median(few_wall), most=MOST_SECONDS, note=note)
        yield row_of(f"{work}: CPU", "s until ready", cpu, peer=peer, peers=median(few_cpu))


def _until_ready(people: int) -> tuple[list[float], list[float]]:
    """Start a hub again and again; return the wall and CPU seconds that each start took."""
    wall, cpu = [], []
    with filled_hub(people) as hub:
        for _ in range(RUNS + 1):
            with served_hub(hub.settings) as served:
                wall.append(served.ready_seconds)
                cpu.append(served.cpu_seconds())
    return wall[1:], cpu[1:]
