"""
The plan on Apache Spark: the same joins and reductions, on one machine or on a cluster; on the partner's premises.

Spark moves tokens, rows and pattern numbers. Sketches stay in the store's files, which every worker must be able to
read under the same path: pairs go to where their part is read, never sketches to where the pairs are.
"""

import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import SparkSession
from pyspark.sql import functions as sql

from api.agent.linking.compared import BestPairs, LeftOut
from api.agent.linking.pairing import PartComparer
from api.agent.linking.store import EntryStore
from matcher.schema import LinkageSchema

_TOKENS = "part long, list long, high long, low long, row long"
_TRIPLES = "left_record long, right_record long, code long"
_PAIR = ["left_record", "right_record"]

Positions = NDArray[np.int64]
Batches = Iterator[Any]


def spark_session(memory_mb: int, folder: Path, parts: int) -> Any:
    """
    Return the session that is running, or start one; without further settings it is this machine's own cores.

    Args:
        memory_mb: of the driver, when a session is started.
        folder: where it may spill.
        parts: of the store; a stage gets as many tasks.
    """
    builder: Any = SparkSession.builder
    settings = {
        "spark.app.name": "casematch link",
        "spark.driver.memory": f"{memory_mb}m",
        "spark.local.dir": str(folder / "spill"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(parts),
        "spark.ui.enabled": "false",
    }
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # this machine's workers need the same packages
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class ComparedOnSpark:
    """Candidates as Parquet files that Spark reads."""

    def __init__(self, session: Any, triples: Any, left_out: LeftOut) -> None:
        """Take the data frame of triples."""
        self.left_out = left_out
        self._session, self._triples = session, triples
        self._patterns = np.sort(_array(triples.select("code").distinct().toArrow(), "code"))

    def patterns(self) -> Positions:
        """Return the distinct patterns as numbers, rising."""
        return self._patterns

    def best_counts(self, ranks: Positions) -> Positions:
        """Count the pairs of records whose best pattern is each."""
        found = self._best(ranks).groupBy("rank").count().toArrow()
        counts = np.zeros(len(ranks), dtype=np.int64)
        counts[_array(found, "rank")] = _array(found, "count")
        return counts[ranks]

    def best_pairs(self, ranks: Positions, is_kept: NDArray[np.bool_]) -> BestPairs:
        """Return the pairs of records whose best pattern is kept."""
        kept = self._frame({"rank": ranks[is_kept]})
        found = self._best(ranks).join(sql.broadcast(kept), "rank", "leftsemi").orderBy(*_PAIR).toArrow()
        pattern_of = np.empty(len(ranks), dtype=np.int64)
        pattern_of[ranks] = np.arange(len(ranks))
        left, right = (_array(found, name) for name in _PAIR)
        return BestPairs(left, right, pattern_of[_array(found, "rank")])

    def are_candidates(self, left: Positions, right: Positions) -> NDArray[np.bool_]:
        """Tell which of some pairs of records are among the candidates."""
        asked = self._frame({"place": np.arange(len(left)), "left_record": left, "right_record": right})
        known = self._triples.select(*_PAIR).distinct()
        found = np.zeros(len(left), dtype=np.bool_)
        found[_array(known.join(sql.broadcast(asked), _PAIR).select("place").toArrow(), "place")] = True
        return found

    def _best(self, ranks: Positions) -> Any:
        """Return each pair of records with the rank of its best comparison."""
        ranked = self._triples.join(sql.broadcast(self._frame({"code": self._patterns, "rank": ranks})), "code")
        return ranked.groupBy(*_PAIR).agg(sql.min("rank").alias("rank"))

    def _frame(self, columns: dict[str, Positions]) -> Any:
        """Make a data frame of arrays."""
        return self._session.createDataFrame(pa.table(columns))


def compare_on_spark(
    session: Any, store: EntryStore, lists: int, schema: LinkageSchema, most_in_a_block: int
) -> ComparedOnSpark:
    """
    Join and compare all parts of a store, unless that was done and kept.

    Args:
        session: see `spark_session`.
        store: finished; its folder must be readable by all workers.
        lists: 1 or 2.
        schema: of the entries.
        most_in_a_block: greatest number of entries of one list under one token.
    """
    parts = session.range(0, store.parts, 1, store.parts)
    tokens = parts.mapInArrow(partial(_read_tokens, store, lists), _TOKENS)
    large = _large(tokens, most_in_a_block).cache()
    result = store.folder / f"compared-spark-{most_in_a_block}"
    if not (result / "_SUCCESS").exists():
        pairs = _joined(tokens, large, lists).repartition(store.parts, "part").sortWithinPartitions("part", "left_row")
        compared = pairs.mapInArrow(partial(_compare, store, lists, schema.to_json()), _TRIPLES)
        compared.distinct().write.mode("overwrite").parquet(str(result))
    return ComparedOnSpark(session, session.read.parquet(str(result)), _left_out(large, lists))


def _large(tokens: Any, most: int) -> Any:
    """Return the tokens that have too many entries, with how many of each list."""
    counts = tokens.groupBy("high", "low").agg(
        sql.sum(sql.expr("CAST(list = 0 AS LONG)")).alias("one"),
        sql.sum(sql.expr("CAST(list = 1 AS LONG)")).alias("other"),
    )
    return counts.where((sql.col("one") > most) | (sql.col("other") > most))


def _left_out(large: Any, lists: int) -> LeftOut:
    """Count what is not compared."""
    pairs = large.select(sql.expr("one * (one - 1) DIV 2" if lists == 1 else "one * other").alias("pairs"))
    row = pairs.where("pairs > 0").agg(sql.count("*").alias("tokens"), sql.sum("pairs").alias("pairs")).first()
    return LeftOut(row["tokens"], row["pairs"] or 0)


def _joined(tokens: Any, large: Any, lists: int) -> Any:
    """Pair the rows that share a token."""
    key = ["high", "low"]
    kept = tokens.join(large, key, "left_anti")
    left = kept.where("list = 0").select("part", *key, sql.col("row").alias("left_row"))
    right = kept.where(f"list = {lists - 1}").select(*key, sql.col("row").alias("right_row"))
    pairs = left.join(right, key)
    return (pairs if lists > 1 else pairs.where("left_row < right_row")).select("part", "left_row", "right_row")


def _read_tokens(store: EntryStore, lists: int, batches: Batches) -> Batches:
    """Read the tokens of some parts; runs on a worker."""
    for batch in batches:
        for part in batch.column("id").to_pylist():
            for number in range(lists):
                keys = store.keys(number, part)
                columns = {
                    "part": np.full(len(keys), part),
                    "list": np.full(len(keys), number),
                    "high": np.ascontiguousarray(keys["high"]).view(np.int64),
                    "low": np.ascontiguousarray(keys["low"]).view(np.int64),
                    "row": np.arange(len(keys)),
                }
                yield pa.RecordBatch.from_pydict(columns)


def _compare(store: EntryStore, lists: int, schema: str, batches: Batches) -> Batches:
    """Compare pairs that lie part by part; runs on a worker."""
    comparer = PartComparer(store, lists, LinkageSchema.from_json(schema))
    for batch in batches:
        parts, left, right = (_array(batch, name) for name in ("part", "left_row", "right_row"))
        for part in np.unique(parts):
            here = parts == part
            found = comparer.triples(int(part), left[here], right[here])
            columns = {"left_record": found.left, "right_record": found.right, "code": found.code}
            yield pa.RecordBatch.from_pydict(columns)


def _array(table: Any, name: str) -> Positions:
    """Return a column as an array."""
    found: Positions = (
        table.column(name).to_numpy(zero_copy_only=False)
        if isinstance(table, pa.RecordBatch)
        else (table.column(name).to_numpy())
    )
    return found
