"""
`python -m benchmarks.speed.profiled PATH`: where the time of one main path goes, as pyinstrument sees it.

What it printed once stands in docs/profiles. It looks at the stack every millisecond, and so changes little of what
it sees.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from pyinstrument import Profiler
from pyinstrument.renderers import ConsoleRenderer

from api.agent.linking.encoding import Keys
from api.hub import operating
from api.hub.access import api_keys
from api.hub.context import Hub
from api.hub.entries import service as entries
from api.hub.meetings import service as meetings
from api.hub.policy import Member
from api.wire.batches import pack_batch
from benchmarks.quality.datasets import world_set
from benchmarks.speed.filled import filled_hub
from benchmarks.speed.load import new_entries
from benchmarks.speed.population import STATEMENT
from matcher.compare.sketches import compare
from matcher.encode.secret import LinkageSecret
from matcher.encoding import envelope_of
from matcher.normalise.record import normalise
from matcher.schema import LinkageSchema

ON_FILE, FILED, POLLED = 10_000, 200, 200
RECORDS, PAIRS = 2_000, 50_000
INTERVAL_SECONDS = 0.001
SHORTEST = 0.02  # share of the whole below which a line is left out
SEED = 1

Work = Callable[[], None]


class MainPath(StrEnum):
    """What is done all day."""

    FILING = "filing"
    POLLING = "polling"
    ENCODING = "encoding"
    COMPARING = "comparing"


@contextmanager
def _filing() -> Iterator[Work]:
    """File people one by one, half of whom another organisation has on file."""
    with filled_hub(ON_FILE) as hub, operating.opened(hub.settings) as opened:
        member = _asker(opened, hub.ask_as(0))
        envelope = envelope_of(hub.population.schema)
        people = [number if number % 2 else ON_FILE + number for number in range(FILED)]
        filed = [new_entries(hub.population, number) for _ in range(2) for number in people]
        bodies = iter([pack_batch(envelope, STATEMENT, rows) for rows in filed])

        def work() -> None:
            for body in islice(bodies, FILED):
                entries.file(opened, member, body)

        yield work


@contextmanager
def _polling() -> Iterator[Work]:
    """Authenticate and ask for new meetings, of which there are none, as with most polls."""
    with filled_hub(ON_FILE) as hub, operating.opened(hub.settings) as opened:
        headers = hub.ask_as(0)

        def work() -> None:
            for _ in range(POLLED):
                meetings.list_changes(opened, _asker(opened, headers), "")

        yield work


@contextmanager
def _encoding() -> Iterator[Work]:
    """Normalise and encode a world of careful offices."""
    data = world_set("L", RECORDS, SEED)
    rows = data.world.raw_records() if data.world else []
    encoder = Keys(data.schema, LinkageSecret.generate(), data.frequencies).encoder()
    yield lambda: _done(encoder.entries([normalise(row, data.schema) for row in rows]))


@contextmanager
def _comparing() -> Iterator[Work]:
    """Compare the sketches of a block, half of whose pairs are of one person."""
    schema = LinkageSchema.shipped("nepal")
    left, right = np.random.default_rng(SEED).integers(256, size=(2, PAIRS, schema.sketch_bytes), dtype=np.uint8)
    left[::2] = right[::2]
    yield lambda: _done(compare(left, right, schema))


_WORK = {
    MainPath.FILING: _filing,
    MainPath.POLLING: _polling,
    MainPath.ENCODING: _encoding,
    MainPath.COMPARING: _comparing,
}


def main(
    path: Annotated[MainPath, typer.Argument(help="What to look at.")],
    out: Annotated[Path | None, typer.Option(help="Write there, not to the terminal.")] = None,
) -> None:
    """Print where the time of a main path goes, as a tree of calls; wall time, waits for the disk included."""
    with _WORK[path]() as work:
        work()  # caches are warm all day
        profiler = Profiler(interval=INTERVAL_SECONDS)
        profiler.start(target_description=path.value)
        work()
        session = profiler.stop()
    tree = ConsoleRenderer(processor_options={"filter_threshold": SHORTEST}).render(session)
    if out is None:
        typer.echo(tree)
    else:
        out.write_text(tree, encoding="utf-8")


def _asker(opened: Hub, headers: Mapping[str, str]) -> Member:
    """Return who asks."""
    presented = headers["Authorization"].removeprefix("Bearer ")
    with opened.database.reading() as connection:
        return api_keys.authenticate(connection, opened.key, opened.today(), presented, None)


def _done(_result: object) -> None:
    """Let a result go."""


if __name__ == "__main__":
    typer.run(main)
