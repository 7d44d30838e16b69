"""Rows of encoding: normalised persons to tokens and sketches."""

import os
import time
from collections.abc import Iterator, Sequence
from functools import partial

from api.agent.linking.encoding import Keys, encode_list
from benchmarks.quality.datasets import DataSet, febrl_set, world_set
from benchmarks.quality.peers.environment import PeerMissingError
from benchmarks.quality.peers.link import time_clk
from benchmarks.speed.clock import RUNS, rates
from benchmarks.speed.row import Profile, Row, median, row_of
from matcher.encode.secret import LinkageSecret
from matcher.normalise.record import normalise
from matcher.person import Person, RawRecord

RECORDS = {"ci": 2_000, "full": 10_000}
RECORDS_OVER_PROCESSES = 40_000
LEAST_OF_CLK = 0.5  # one filter a record, against some sixty entries
LEAST_FEBRL4 = 5_000.0
LEAST_NEPAL = 3_000.0
BY_CPU, BY_WALL = "records/s of CPU", "records/s"
SEED = 1


def rows(profile: Profile) -> Iterator[Row]:
    """Yield the rows of encoding."""
    yield _febrl4(profile)
    yield from _nepal(profile)
    if profile == "full":
        yield _over_processes()


def _febrl4(profile: Profile) -> Row:
    """Encode FEBRL4's five fields beside clkhash, which makes one filter of 1,024 bits a record."""
    data = febrl_set(4)
    persons = [*data.left, *(data.right or ())][: RECORDS[profile]]
    figures, entries = _encode_rates(data, persons)
    note = f"{entries:.0f} entries a record: {median(figures) * entries:,.0f} entries/s"
    try:
        clk: float | None = median([len(data.left) / seconds for seconds in time_clk(data, RUNS)])
    except PeerMissingError as missing:
        clk, note = None, f"{note}; {missing}"
    return row_of(
        "encode, FEBRL4's five fields",
        BY_CPU,
        figures,
        peer="clkhash, one filter of 1,024 bits a record",
        peers=clk,
        least_ratio=LEAST_OF_CLK,
        least=LEAST_FEBRL4,
        note=note,
    )


def _nepal(profile: Profile) -> Iterator[Row]:
    """Normalise and encode a world of Nepali-like people."""
    data = world_set("H", RECORDS[profile], SEED)
    figures, entries = _encode_rates(data, data.left)
    note = f"{entries:.0f} entries a record: {median(figures) * entries:,.0f} entries/s"
    yield row_of("encode, nepal schema", BY_CPU, figures, least=LEAST_NEPAL, note=note)
    rows_of_world = data.world.raw_records() if data.world else []
    normalised = rates(lambda: _normalised(rows_of_world, data), len(rows_of_world))
    yield row_of("normalise, nepal schema", BY_CPU, normalised, note="every row for the second time: caches are warm")


def _over_processes() -> Row:
    """Encode a longer list in one process and in one for each core, by wall time, starting them included."""
    data = world_set("L", RECORDS["ci"], SEED)
    persons = list(data.left) * (RECORDS_OVER_PROCESSES // len(data.left))
    cores = os.cpu_count() or 1
    keys = Keys(data.schema, LinkageSecret.generate(), data.frequencies)
    alone, shared = (
        rates(partial(encode_list, persons, keys, _tell_nobody, processes), len(persons), time.perf_counter)
        for processes in (1, cores)
    )
    work = f"encode, nepal schema, {cores} processes, {len(persons):,} records"
    return row_of(work, BY_WALL, shared, peer="one process", peers=median(alone), note="wall time; others may run")


def _encode_rates(data: DataSet, persons: Sequence[Person]) -> tuple[list[float], float]:
    """Return records a second of each run, and entries a record."""
    encoder = Keys(data.schema, LinkageSecret.generate(), data.frequencies).encoder()
    entries = len(encoder.entries(persons).owner) / len(persons)
    return rates(lambda: encoder.entries(persons), len(persons)), entries


def _normalised(records: list[RawRecord], data: DataSet) -> list[Person]:
    """Normalise every row."""
    return [normalise(record, data.schema) for record in records]


def _tell_nobody(_done: int) -> None:
    """Show no progress."""
