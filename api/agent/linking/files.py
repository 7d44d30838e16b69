"""Files to linked pairs on the engine of one's choice; on the partner's premises."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from api.agent.linking.bulk import Plan, link_records
from api.agent.linking.engines import Engine, require
from api.agent.linking.inputs import Records
from api.agent.linking.judging import LinkedPairs
from api.agent.linking.reading import Lists, fit_gate, normalised, read_lists
from api.agent.linking.run import Progress, link_persons
from api.agent.linking.streaming import count_values
from matcher.encode.frequency import FrequencyModel
from matcher.schema import LinkageSchema


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What was asked for; see `casematch link --help`.

    Attributes:
        frequencies: instead of the schema's own model.
        gate_population: instead of the schema's own; None takes the longer list where that is more.
        work: folder to keep, or None for a temporary one.
        least_probability: pairs below it need not be returned.
    """

    schema: str
    columns: str | None
    id_column: str | None
    frequencies: FrequencyModel | None
    gate_population: int | None
    engine: Engine
    work: Path | None
    memory_mb: int
    most_in_a_block: int
    least_probability: float


@dataclass(frozen=True, slots=True)
class Linkage:
    """
    What was found, and in what.

    Attributes:
        seconds: wall time from normalised persons to scored pairs; in bulk, normalising is part of it.
        frequencies: returns the gate's frequency model, counted if it has to be.
    """

    schema: LinkageSchema
    lists: list[Records]
    linked: LinkedPairs
    set_aside: "Counter[tuple[str, str]]" = field(repr=False)
    seconds: float
    frequencies: Callable[[], FrequencyModel] = field(repr=False)


def link_files(paths: Sequence[Path], wish: Wish, progress: Progress) -> Linkage:
    """
    Link two files, or one with itself.

    Raises:
        SourceError: a file cannot be read or lacks a column, or the engine is not installed.
        InvalidSchemaError: the schema is unknown or broken.
    """
    require(wish.engine)
    lists = read_lists(paths, wish.schema, wish.columns, wish.id_column)
    lists = fit_gate(lists, wish.schema, wish.gate_population)
    if wish.frequencies is not None:
        lists = replace(lists, frequencies=wish.frequencies)
    return _in_memory(lists, wish, progress) if wish.engine is Engine.MEMORY else _in_bulk(paths, lists, wish, progress)


def _in_memory(lists: Lists, wish: Wish, progress: Progress) -> Linkage:
    """Link as `link_persons` does."""
    inputs = normalised(lists, progress)
    started = time.perf_counter()
    second = inputs.persons[1] if len(inputs.persons) > 1 else None
    linked = link_persons(inputs.persons[0], second, inputs.schema, inputs.frequencies, progress, wish.most_in_a_block)
    seconds = time.perf_counter() - started
    aside = Counter(
        (each.column, each.code) for people in inputs.persons for person in people for each in person.set_aside
    )
    return Linkage(inputs.schema, inputs.lists, linked, aside, seconds, lambda: inputs.frequencies)


def _in_bulk(paths: Sequence[Path], lists: Lists, wish: Wish, progress: Progress) -> Linkage:
    """Link through files."""
    records = [each.records for each in lists.lists]
    started = time.perf_counter()
    with _folder(wish.work) as folder:
        plan = Plan(
            engine=wish.engine,
            folder=folder,
            made_from=repr([(path.stat().st_size, path.stat().st_mtime_ns) for path in paths]),
            most_in_a_block=wish.most_in_a_block,
            memory_mb=wish.memory_mb,
            least_probability=wish.least_probability,
        )
        found = link_records(records, lists.schema, lists.frequencies, plan, progress)
    seconds = time.perf_counter() - started
    return Linkage(
        lists.schema,
        lists.lists,
        found.linked,
        found.set_aside,
        seconds,
        lambda: found.frequencies or count_values(records, lists.schema, lambda _done: None),
    )


@contextmanager
def _folder(work: Path | None) -> Iterator[Path]:
    """Give the folder to keep, or one that is deleted in the end."""
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
        yield work
        return
    with TemporaryDirectory(prefix="casematch-link-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
