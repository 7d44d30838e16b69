"""
The plan on DuckDB: joins and reductions out of core, under a memory limit; on the partner's premises.

DuckDB joins the tokens of one part after the other, and in the end looks for the best comparison of every pair among
all parts, spilling to the store's folder what does not fit. It never sees a sketch. Each part's result is a Parquet
file of its own, so that a run that was stopped goes on with the next part.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from api.agent.linking.compared import BestPairs, LeftOut
from api.agent.linking.pairing import PartComparer
from api.agent.linking.sessions import open_session
from api.agent.linking.store import EntryStore
from matcher.schema import LinkageSchema

_LARGE = """
    SELECT high, low, count(*) FILTER (list = 0) AS one, count(*) FILTER (list = 1) AS other
    FROM tokens GROUP BY high, low HAVING one > $most OR other > $most
"""
_LEFT_OUT = """
    SELECT count(*), coalesce(sum(pairs), 0) FROM (
        SELECT CASE WHEN $is_one THEN one * (one - 1) // 2 ELSE one * other END AS pairs FROM large
    ) WHERE pairs > 0
"""
_JOIN = """
    SELECT one.row AS left_row, other.row AS right_row
    FROM tokens AS one JOIN tokens AS other USING (high, low)
    ANTI JOIN large USING (high, low)
    WHERE one.list = 0 AND other.list = $last AND ($last = 1 OR one.row < other.row)
"""
_BEST = """
    SELECT left_record, right_record, min(rank) AS rank
    FROM triples JOIN ranks USING (code) GROUP BY left_record, right_record
"""

Positions = NDArray[np.int64]


class ComparedOnDuckDB:
    """Candidates as Parquet files that DuckDB reads."""

    def __init__(self, session: duckdb.DuckDBPyConnection, left_out: LeftOut) -> None:
        """Take a session with the table `triples`."""
        self.left_out = left_out
        self._session = session
        self._patterns: Positions = self._arrays("SELECT DISTINCT code FROM triples ORDER BY code")["code"]

    def patterns(self) -> Positions:
        """Return the distinct patterns as numbers, rising."""
        return self._patterns

    def best_counts(self, ranks: Positions) -> Positions:
        """Count the pairs of records whose best pattern is each."""
        self._rank(ranks)
        found = self._arrays(f"SELECT rank, count(*) AS pairs FROM ({_BEST}) GROUP BY rank")  # noqa: S608 - a constant
        counts = np.zeros(len(ranks), dtype=np.int64)
        counts[found["rank"]] = found["pairs"]
        return counts[ranks]

    def best_pairs(self, ranks: Positions, is_kept: NDArray[np.bool_]) -> BestPairs:
        """Return the pairs of records whose best pattern is kept."""
        self._rank(ranks)
        kept = {"rank": ranks[is_kept]}
        self._session.register("kept", kept)
        query = f"SELECT * FROM ({_BEST}) SEMI JOIN kept USING (rank) ORDER BY left_record, right_record"  # noqa: S608 - same
        found = self._arrays(query)
        pattern_of = np.empty(len(ranks), dtype=np.int64)
        pattern_of[ranks] = np.arange(len(ranks))
        return BestPairs(found["left_record"], found["right_record"], pattern_of[found["rank"]])

    def are_candidates(self, left: Positions, right: Positions) -> NDArray[np.bool_]:
        """Tell which of some pairs of records are among the candidates."""
        self._session.register("asked", {"place": np.arange(len(left)), "left_record": left, "right_record": right})
        query = "SELECT place FROM asked SEMI JOIN triples USING (left_record, right_record)"
        found = np.zeros(len(left), dtype=np.bool_)
        found[self._arrays(query)["place"]] = True
        return found

    def _rank(self, ranks: Positions) -> None:
        """Tell the session how good each pattern is."""
        self._session.register("ranks", {"code": self._patterns, "rank": ranks})

    def _arrays(self, query: str) -> Mapping[str, Any]:
        """Run a query."""
        return self._session.execute(query).fetchnumpy()


def compare_on_duckdb(
    store: EntryStore,
    lists: int,
    schema: LinkageSchema,
    most_in_a_block: int,
    memory_mb: int,
    tell: Callable[[int], None],
) -> ComparedOnDuckDB:
    """
    Join and compare all parts of a store; those that are done already are not done again.

    Args:
        store: finished.
        lists: 1 or 2.
        schema: of the entries.
        most_in_a_block: greatest number of entries of one list under one token.
        memory_mb: what DuckDB may take before it spills to the store's folder.
        tell: told how many parts are done.
    """
    session = open_session(
        {
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": str(store.folder / "spill"),
            "preserve_insertion_order": False,
        }
    )
    comparer = PartComparer(store, lists, schema)
    left_out = LeftOut()
    for part in range(store.parts):
        left_out += _part(session, store, part, lists, comparer, most_in_a_block)
        tell(part + 1)
    parts = str(store.folder / f"compared-{most_in_a_block}-*.parquet")
    session.from_parquet(parts).create_view("triples")
    return ComparedOnDuckDB(session, left_out)


def _part(
    session: duckdb.DuckDBPyConnection,
    store: EntryStore,
    part: int,
    lists: int,
    comparer: PartComparer,
    most: int,
) -> LeftOut:
    """Join and compare a part, unless its result is there."""
    result = store.folder / f"compared-{most}-{part:04}.parquet"
    note = result.with_suffix(".json")
    if note.exists():
        return LeftOut(**json.loads(note.read_text(encoding="utf-8")))
    keys = [store.keys(number, part) for number in range(lists)]
    tokens = {
        "high": np.concatenate([each["high"] for each in keys]),
        "low": np.concatenate([each["low"] for each in keys]),
        "row": np.concatenate([np.arange(len(each)) for each in keys]),
        "list": np.repeat(np.arange(lists), [len(each) for each in keys]),
    }
    session.register("tokens", tokens)
    session.execute(f"CREATE OR REPLACE TEMP TABLE large AS {_LARGE}", {"most": most})
    counted = session.execute(_LEFT_OUT, {"is_one": lists == 1}).fetchall()[0]
    pairs = session.execute(_JOIN, {"last": lists - 1}).fetchnumpy()
    found = comparer.triples(part, pairs["left_row"], pairs["right_row"])
    _write(session, result, {"left_record": found.left, "right_record": found.right, "code": found.code})
    note.write_text(json.dumps({"tokens": int(counted[0]), "pairs": int(counted[1])}), encoding="utf-8")
    return LeftOut(int(counted[0]), int(counted[1]))


def _write(session: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, Positions]) -> None:
    """Write columns to a Parquet file."""
    session.register("columns_to_write", columns)
    session.table("columns_to_write").write_parquet(str(path))
