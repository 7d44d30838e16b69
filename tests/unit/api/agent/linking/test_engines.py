"""Whatever engine links, the pairs are the same to the last bit; what is too large is bounded and told."""

from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import numpy as np
import pytest
from typer.testing import CliRunner

from api.agent.cli import app
from api.agent.errors import SourceError
from api.agent.linking import engines
from api.agent.linking.blocks import bounded_pairs
from api.agent.linking.compared import Compared, LeftOut
from api.agent.linking.encoding import Keys, encode_list
from api.agent.linking.engines import Engine, choose_engine, is_large, require
from api.agent.linking.judging import LinkedPairs, Sample, judge, sampled_rows, sketch_sample
from api.agent.linking.on_duckdb import compare_on_duckdb
from api.agent.linking.patterns import PatternCode
from api.agent.linking.run import compare_in_memory
from api.agent.linking.store import EntryStore
from benchmarks.quality.datasets import febrl_folder, febrl_set
from matcher.encode.encoder import EncodedEntries
from matcher.encode.secret import LinkageSecret
from matcher.schema import LinkageSchema
from matcher.score.model import ScoreModel

PARTS = 4
MEMORY_MB = 200
PERSONS = 400
NO_LIMIT = 1_000
NEEDS_SPARK = pytest.mark.skipif(
    find_spec("pyspark") is None or find_spec("pyarrow") is None or which("java") is None,
    reason="the extra `spark` and Java 17 are not installed",
)


@dataclass
class Encoded:
    """Encoded lists: what every engine gets."""

    schema: LinkageSchema
    lists: list[EncodedEntries]
    sample: Sample

    @property
    def low_limit(self) -> int:
        """A limit that some blocks break and others keep."""
        return 3 if len(self.lists) == 1 else 1

    def judged(self, compared: Compared, least_probability: float = 0.0) -> LinkedPairs:
        """Score what an engine compared."""
        return judge(
            compared, self.sample, self.schema, entries=0, encode_seconds=0, least_probability=least_probability
        )

    def in_memory(self, most: int) -> LinkedPairs:
        """Link in memory."""
        return self.judged(compare_in_memory(self.lists, self.schema, most, lambda *_: None))

    def stored(self, folder: Path) -> EntryStore:
        """Write the entries to files."""
        store = EntryStore(folder, PARTS, self.schema.sketch_bytes)
        for number, entries in enumerate(self.lists):
            store.add(number, entries, 0)
        return store


@pytest.fixture(scope="module", params=[1, 2], ids=["one list", "two lists"])
def encoded(request) -> Encoded:
    """Encode some of FEBRL."""
    data = febrl_set(1 if request.param == 1 else 4)
    lists = [data.left[:PERSONS], *([data.right[:PERSONS]] if data.right else [])]
    sizes = [len(each) for each in lists]
    keys = Keys(data.schema, LinkageSecret.generate(), data.frequencies)
    sampled = [[people[row] for row in rows] for people, rows in zip(lists, sampled_rows(sizes), strict=True)]
    entries = [encode_list(people, keys, lambda _done: None) for people in lists]
    return Encoded(data.schema, entries, sketch_sample(sampled, sizes, keys))


def assert_equal(one: LinkedPairs, other: LinkedPairs) -> None:
    """Check every row and every figure."""
    for name in ("left", "right", "probability", "grade"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert np.array_equal(one.scored.levels, other.scored.levels)
    assert np.array_equal(one.scored.weight_bits, other.scored.weight_bits)
    assert (one.candidates, one.left_out, one.is_fitted) == (other.candidates, other.left_out, other.is_fitted)


@pytest.mark.parametrize("is_bounded", [True, False])
def test_duckdb_finds_what_memory_finds(encoded, tmp_path, is_bounded) -> None:
    """Same pairs, same probabilities, same grades, and the same left out."""
    most = encoded.low_limit if is_bounded else NO_LIMIT
    in_memory = encoded.in_memory(most)
    told: list[int] = []
    found = compare_on_duckdb(
        encoded.stored(tmp_path), len(encoded.lists), encoded.schema, most, MEMORY_MB, told.append
    )
    assert_equal(encoded.judged(found), in_memory)
    assert told == [1, 2, 3, 4]
    assert len(in_memory.left) > 0
    assert (in_memory.left_out.tokens > 0) == is_bounded
    likely = encoded.judged(found, least_probability=0.5)
    assert len(likely.left) == (in_memory.probability >= 0.5).sum() < likely.candidates == in_memory.candidates


def test_a_part_that_is_done_is_not_done_again(encoded, tmp_path) -> None:
    """Without its sketches it could not be: the kept result is used."""
    lists = len(encoded.lists)
    first = encoded.judged(
        compare_on_duckdb(encoded.stored(tmp_path), lists, encoded.schema, 3, MEMORY_MB, lambda _: None)
    )
    for path in tmp_path.glob("*.sketches"):
        path.unlink()
    store = EntryStore(tmp_path, PARTS, encoded.schema.sketch_bytes)
    again = compare_on_duckdb(store, lists, encoded.schema, 3, MEMORY_MB, lambda _: None)
    assert_equal(encoded.judged(again), first)


@NEEDS_SPARK
@pytest.mark.parametrize("encoded", [2], indirect=True, ids=["two lists"])  # each starts a JVM
@pytest.mark.filterwarnings("ignore")  # Spark's own, of its sockets and of what it will change
def test_spark_finds_what_memory_finds(encoded, tmp_path) -> None:
    """Local mode; same pairs, same probabilities, same grades, and the same left out."""
    from api.agent.linking.on_spark import compare_on_spark, spark_session  # noqa: PLC0415 - an extra

    session = spark_session(1_000, tmp_path, PARTS)
    try:
        found = compare_on_spark(session, encoded.stored(tmp_path), 2, encoded.schema, encoded.low_limit)
        assert_equal(encoded.judged(found), encoded.in_memory(encoded.low_limit))
    finally:
        session.stop()


@NEEDS_SPARK
@pytest.mark.filterwarnings("ignore")  # as above
def test_spark_writes_what_duckdb_writes(tmp_path) -> None:
    """From the command line to the last row, of one store of entries."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    people = febrl_folder() / "dataset1.csv"
    table = (tmp_path / "people.csv", tmp_path / "duckdb.csv", tmp_path / "spark.csv")
    table[0].write_text("\n".join(people.read_text("utf-8").replace(", ", ",").splitlines()[:PERSONS]), "utf-8")
    given = ["--map", "given_name=name,surname=name,date_of_birth=date", "--id", "rec_id", "--work", str(tmp_path)]
    for engine, out in zip(("duckdb", "spark"), table[1:], strict=True):
        asked = ["link", str(table[0]), *given, "--engine", engine, "--out", str(out), "--least-probability", "0"]
        try:
            assert CliRunner().invoke(app, asked, catch_exceptions=False).exit_code == 0
        finally:
            if (session := SparkSession.getActiveSession()) is not None:
                session.stop()
    assert table[1].read_bytes() == table[2].read_bytes()
    assert len(table[1].read_bytes().splitlines()) > PERSONS // 10


def test_large_blocks_are_left_out_and_counted() -> None:
    """Of one list by pairs within, of two by pairs across; what meets nothing is no loss."""
    tokens = np.repeat(np.arange(4, dtype=np.uint8), [1, 2, 3, 4])[:, None].repeat(16, axis=1)
    pairs, left_out = bounded_pairs([tokens], 2)
    assert (pairs.left.tolist(), pairs.right.tolist()) == ([1], [2])
    assert left_out == LeftOut(tokens=2, pairs=3 + 6)
    pairs, left_out = bounded_pairs([tokens, tokens[5:7]], 3)
    assert (pairs.left.tolist(), pairs.right.tolist()) == ([3, 4, 5], [0, 0, 0])
    assert left_out == LeftOut(tokens=1, pairs=4)


def test_patterns_are_numbered_in_the_order_of_their_rows() -> None:
    """And can be read back."""
    model = ScoreModel.for_schema(LinkageSchema.shipped("nepal"))
    code = PatternCode.of(model)
    draw = np.random.default_rng(1)
    columns = [draw.integers(-1, len(field.levels), size=50) for field in model.fields]
    levels = np.unique(np.stack(columns, axis=1).astype(np.int8), axis=0)
    numbers = code.pack(levels)
    assert (np.diff(numbers) > 0).all()
    assert np.array_equal(code.unpack(numbers), levels)


def test_too_many_fields_are_refused() -> None:
    """Rather than two patterns of one number."""
    model = ScoreModel.for_schema(LinkageSchema.shipped("nepal"))
    with pytest.raises(SourceError, match="too many columns"):
        PatternCode.of(replace(model, fields=model.fields * 2))


def test_large_files_go_through_duckdb_where_it_is_installed(tmp_path, monkeypatch) -> None:
    """Small ones stay in memory; without DuckDB all do, and asking for it says what to install."""
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    small.write_bytes(b"a,b\n")
    large.write_bytes(bytes(engines.LARGE_BYTES + 1))
    assert [choose_engine([path]) for path in (small, large)] == [Engine.MEMORY, Engine.DUCKDB]
    monkeypatch.setattr(engines, "find_spec", lambda _name: None)
    assert choose_engine([large]) is Engine.MEMORY
    assert is_large([large])
    with pytest.raises(SourceError, match="duckdb is not installed"):
        require(Engine.DUCKDB)
