"""
Records to entries, a few thousand at a time over all cores, none kept longer than needed; on the partner's premises.

Persons are made, counted and encoded in the processes, and only counts and entries come back. For a schema that takes
its frequencies from the lists themselves every record is normalised twice: keeping what was normalised would take more
memory than all else, and on disk it would be names in the open.
"""

import gc
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, TypeVar

from api.agent.linking.counts import frequencies_of, own_counts
from api.agent.linking.encoding import GARBAGE_AFTER, Keys, cores
from matcher.encode.encoder import PERSONS_AT_ONCE, EncodedEntries, Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.secret import LinkageSecret
from matcher.normalise.record import normalise
from matcher.person import RawRecord
from matcher.schema import LinkageSchema

WAITING = 2  # chunks per process that may wait: none idles, and none piles up

Found = TypeVar("Found")
Counts = dict[str, "Counter[str]"]


@dataclass(frozen=True, slots=True)
class EncodedChunk:
    """Entries of some records, and how many of their cells were not understood, by column and code."""

    entries: EncodedEntries
    set_aside: "Counter[tuple[str, str]]"


@dataclass(frozen=True, slots=True)
class _Tools:
    """What a process works with."""

    schema: LinkageSchema
    encoder: Encoder | None


_of_this_process: list[_Tools] = []


def count_values(
    lists: Sequence[Sequence[RawRecord]], schema: LinkageSchema, tell: Callable[[int], None]
) -> FrequencyModel:
    """
    Count the lists' own values for the schema's gate.

    Args:
        lists: all that will be linked.
        schema: names the parts.
        tell: told how many records are done, of all lists.
    """
    total: Counts = {part.name: Counter() for part in schema.gate.parts}
    done = 0
    for records in lists:
        for found, size in _over_processes(_count, records, (schema.to_json(), None)):
            for part, values in found.items():
                total[part] += values
            done += size
            tell(done)
    return frequencies_of(total, schema)


def encode_records(
    records: Sequence[RawRecord], keys: Keys, tell: Callable[[int], None]
) -> Iterator[tuple[int, EncodedChunk]]:
    """
    Yield the entries of a list, chunk by chunk, each with the position of its first record.

    Args:
        records: of one list.
        keys: what to encode with.
        tell: told how many records are done.
    """
    told = (keys.schema.to_json(), (keys.secret.to_text(), keys.frequencies.to_json()))
    done = 0
    for found, size in _over_processes(_encode, records, told):
        yield done, found
        done += size
        tell(done)


def _over_processes(
    work: Callable[[Sequence[RawRecord]], Found], records: Sequence[RawRecord], told: tuple[Any, ...]
) -> Iterator[tuple[Found, int]]:
    """Do the work on each chunk of records, in order; yield what was found and how many records it is of."""
    starts = range(0, len(records), PERSONS_AT_ONCE)
    processes = cores(len(records))
    if processes == 1:
        _prepare(*told)
        for start in starts:
            chunk = records[start : start + PERSONS_AT_ONCE]
            yield work(chunk), len(chunk)
        return
    waiting: deque[tuple[Future[Found], int]] = deque()
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, told) as pool:
        for start in starts:
            chunk = records[start : start + PERSONS_AT_ONCE]
            waiting.append((pool.submit(work, chunk), len(chunk)))
            if len(waiting) > WAITING * processes:
                first, size = waiting.popleft()
                yield first.result(), size
        while waiting:
            first, size = waiting.popleft()
            yield first.result(), size


def _begin(schema: str, keys: tuple[str, str] | None) -> None:
    """Prepare a process that does nothing else."""
    gc.set_threshold(GARBAGE_AFTER)
    _prepare(schema, keys)


def _prepare(schema: str, keys: tuple[str, str] | None) -> None:
    """Make the tools of this process."""
    parsed = LinkageSchema.from_json(schema)
    encoder = None
    if keys is not None:
        encoder = Keys(parsed, LinkageSecret.from_text(keys[0]), FrequencyModel.from_json(keys[1])).encoder()
    _of_this_process[:] = [_Tools(parsed, encoder)]


def _count(records: Sequence[RawRecord]) -> Counts:
    """Count in a process that was prepared."""
    schema = _of_this_process[0].schema
    return own_counts((normalise(record, schema) for record in records), schema)


def _encode(records: Sequence[RawRecord]) -> EncodedChunk:
    """Encode in a process that was prepared."""
    tools = _of_this_process[0]
    if tools.encoder is None:
        raise ValueError("this process was prepared to count only")
    persons = [normalise(record, tools.schema) for record in records]
    aside = Counter((each.column, each.code) for person in persons for each in person.set_aside)
    return EncodedChunk(tools.encoder.entries(persons), aside)
