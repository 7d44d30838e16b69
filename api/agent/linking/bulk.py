"""
Long lists to scored pairs through files, at a few hundred megabytes a stage; on the partner's premises.

    records → entries cut by token (store) → token join and comparison, part by part (engine) → fit and answer (judging)

The same steps as `api.agent.linking.run`, and the same result, pair by pair. A folder that is kept lets a run that was
stopped go on: entries are made once, and each part is compared once.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.agent.linking.blocks import MOST_IN_A_BLOCK
from api.agent.linking.compared import Compared
from api.agent.linking.encoding import Keys
from api.agent.linking.engines import Engine
from api.agent.linking.judging import LinkedPairs, judge, sampled_rows, sketch_sample
from api.agent.linking.run import Progress
from api.agent.linking.store import Contents, EntryStore, parts_for
from api.agent.linking.streaming import count_values, encode_records
from matcher.encode.frequency import FrequencyModel
from matcher.encode.secret import LinkageSecret
from matcher.encoding import ENCODER_VERSION
from matcher.normalise.record import normalise
from matcher.person import RawRecord
from matcher.schema import LinkageSchema
from matcher.score.model import ScoreModel

FOLDER = "casematch-link"  # within the one that was named: what else is there stays
MEMORY_MB = 1_000  # DuckDB's own; a part's sketches and the process itself come beside it


@dataclass(frozen=True, slots=True)
class Plan:
    """
    How to link in bulk.

    Attributes:
        engine: DuckDB or Spark.
        folder: for entries and intermediate results; some 15 GB per million records.
        made_from: says of which files the lists are, so that a kept folder is not taken for another's.
        most_in_a_block: greatest number of entries of one list under one token.
        memory_mb: what the engine may take.
        least_probability: pairs below it are counted and not returned.
    """

    engine: Engine
    folder: Path
    made_from: str
    most_in_a_block: int = MOST_IN_A_BLOCK
    memory_mb: int = MEMORY_MB
    least_probability: float = 0.0


@dataclass(frozen=True, slots=True)
class BulkResult:
    """
    What was found.

    Attributes:
        linked: scored pairs.
        set_aside: cells that were not understood, by column and code.
        frequencies: the model that was given or counted; None where a kept folder made counting needless.
        stages: wall seconds of each stage that was run.
    """

    linked: LinkedPairs
    set_aside: "Counter[tuple[str, str]]"
    frequencies: FrequencyModel | None
    stages: dict[str, float]


def link_records(
    lists: Sequence[Sequence[RawRecord]],
    schema: LinkageSchema,
    frequencies: FrequencyModel | None,
    plan: Plan,
    progress: Progress = lambda _stage, _done, _total: None,
) -> BulkResult:
    """
    Link two lists of records, or find the duplicates within one, through files.

    Args:
        lists: one or two.
        schema: for both.
        frequencies: the gate's frequency model; None counts the lists' own values.
        plan: how.
        progress: told the stage, what is done and how much there is.
    """
    clock = _Clock()
    sizes = [len(records) for records in lists]
    store = EntryStore(plan.folder / FOLDER, parts_for(sum(sizes)), schema.sketch_bytes)
    told = None if frequencies is None else frequencies.to_json()
    levels = [field.levels.tolist() for field in ScoreModel.for_schema(schema).fields]  # what patterns count
    made = (plan.made_from, schema.schema_id, ENCODER_VERSION, told, levels)
    made_from = hashlib.sha256(repr(made).encode()).hexdigest()
    contents = store.contents(made_from)
    if contents is None:
        store.clear()
        if frequencies is None:
            frequencies = count_values(lists, schema, lambda done: progress("count", done, sum(sizes)))
            clock.stop("count")
        contents = _encode(lists, Keys(schema, LinkageSecret.generate(), frequencies), store, made_from, progress)
        clock.stop("encode")
    compared = _compare(store, len(lists), schema, plan, progress)
    clock.stop("join and compare")
    linked = judge(
        compared,
        store.sample(sizes),
        schema,
        entries=contents.entries,
        encode_seconds=contents.encode_seconds,
        least_probability=plan.least_probability,
    )
    clock.stop("fit and answer")
    aside = Counter({(column, code): count for column, code, count in contents.set_aside})
    return BulkResult(linked, aside, frequencies, clock.stages)


def _encode(
    lists: Sequence[Sequence[RawRecord]], keys: Keys, store: EntryStore, made_from: str, progress: Progress
) -> Contents:
    """Fill a store."""
    started = time.perf_counter()
    sizes = [len(records) for records in lists]
    aside: Counter[tuple[str, str]] = Counter()
    entries = 0
    for number, records in enumerate(lists):
        for first, chunk in encode_records(records, keys, _counting(progress, "encode", len(records))):
            store.add(number, chunk.entries, first)
            aside += chunk.set_aside
            entries += len(chunk.entries.owner)
    sampled = [
        [normalise(records[int(row)], keys.schema) for row in rows]
        for records, rows in zip(lists, sampled_rows(sizes), strict=True)
    ]
    sample = sketch_sample(sampled, sizes, keys)
    told = [(column, code, count) for (column, code), count in sorted(aside.items())]
    contents = Contents(made_from, sizes, entries, time.perf_counter() - started, told)
    store.finish(contents, sample)
    return contents


def _compare(store: EntryStore, lists: int, schema: LinkageSchema, plan: Plan, progress: Progress) -> Compared:
    """Join and compare on the engine."""
    tell = _counting(progress, "compare", store.parts)
    if plan.engine is Engine.SPARK:
        from api.agent.linking.on_spark import compare_on_spark, spark_session  # noqa: PLC0415 - an extra

        session = spark_session(plan.memory_mb, store.folder, store.parts)
        return compare_on_spark(session, store, lists, schema, plan.most_in_a_block)
    from api.agent.linking.on_duckdb import compare_on_duckdb  # noqa: PLC0415 - an extra

    return compare_on_duckdb(store, lists, schema, plan.most_in_a_block, plan.memory_mb, tell)


def _counting(progress: Progress, stage: str, total: int) -> Callable[[int], None]:
    """Tell of one stage alone."""
    return lambda done: progress(stage, done, total)


class _Clock:
    """Wall time of each stage."""

    def __init__(self) -> None:
        """Start."""
        self.stages: dict[str, float] = {}
        self._last = time.perf_counter()

    def stop(self, stage: str) -> None:
        """Write down the seconds since the last stage's end."""
        now = time.perf_counter()
        self.stages[stage], self._last = now - self._last, now
