"""Plans for the peers, and what they found, in the form that every metric reads."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.agent.evaluate.found import FoundPairs
from benchmarks.quality.datasets import DataSet
from benchmarks.quality.peers.cells import BIRTH_YEAR, columns_of, rule_columns, write_cells
from benchmarks.quality.peers.environment import Peer, run_peer
from matcher.schema import LinkageSchema

Plan = Mapping[str, Any]

HERE = Path(__file__).parent
SPLINK = Peer("Splink 5.0.0", ("splink==5.0.0", "duckdb==2.0.0"), HERE / "splink_script.py")
CLK = Peer(
    "clkhash 0.18.3 + anonlink 0.15.3",
    ("setuptools<81", "clkhash==0.18.3", "anonlink==0.15.3"),
    HERE / "clk_script.py",
)
BLOCKED = Peer(
    "clkhash 0.18.3 + blocklib 0.1.11 + anonlink 0.15.3",
    (*CLK.pins, "blocklib==0.1.11"),
    HERE / "blocked_script.py",
)
RUN_SECONDS = 1_800
SPLINK_THRESHOLD = 0.5  # posterior
CLK_LEAST = 0.7  # pairs below this Dice coefficient are not kept
MOST_PER_RECORD = 50  # pairs beyond the best so many a record are strangers, and only slow the bootstrap
CLK_THRESHOLD = 0.8  # the threshold of anonlink's tutorials
SPLINK_RULES: Mapping[str, Mapping[str, list[list[str]]]] = {
    "nepal": {
        "blocking": [
            ["given_name", "family_name"], ["given_name", "birth_date"], ["family_name", "birth_date"],
            ["given_name", "father_name"], ["phone"], ["citizenship_no"], ["given_name", "district"],
            ["father_name", "district"],
        ],
        "training": [["given_name", "family_name"], ["birth_date"]],
    },
}  # fmt: skip
UNUSED = {"passport_no", "national_id"}  # no record of any data set has them
IGNORED = sorted(UNUSED | {BIRTH_YEAR})


def link_with_splink(data: DataSet) -> FoundPairs:
    """
    Link with Splink on DuckDB.

    Raises:
        PeerMissingError: it cannot be installed or fails.
    """
    rows = _run(SPLINK, data, {**_splink_rules(data), "ignored": IGNORED})
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    left, right = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    if data.right is None:
        left, right = np.minimum(left, right), np.maximum(left, right)
    probability = table[:, 3]
    return FoundPairs(left, right, table[:, 2], probability >= SPLINK_THRESHOLD, probability)


def link_with_clk(data: DataSet) -> FoundPairs:
    """
    Link with clkhash and anonlink: all pairs, by the Dice coefficient of whole-record keys.

    Raises:
        PeerMissingError: it cannot be installed or fails.
    """
    rows = _run(CLK, data, {"least": CLK_LEAST, "ignored": IGNORED})
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    table = table[table[:, 2] >= _least_score(table[:, 2], MOST_PER_RECORD * len(data.left))]
    score = table[:, 2]
    found = (table[:, 0].astype(np.int64), table[:, 1].astype(np.int64))
    return FoundPairs(*found, score, score >= CLK_THRESHOLD, is_every_pair=True)


def time_clk(data: DataSet, runs: int) -> list[float]:
    """
    Return the CPU seconds that clkhash needs for the left list, once for each run.

    Raises:
        PeerMissingError: it cannot be installed or fails.
    """
    rows = _run(CLK, data, {"timed_runs": runs, "ignored": IGNORED})
    return [float(seconds) for (seconds,) in rows]


def _splink_rules(data: DataSet) -> Mapping[str, list[list[str]]]:
    """Return blocking and training rules: two columns that seldom fail together, or a date alone."""
    if data.schema.name in SPLINK_RULES:
        return SPLINK_RULES[data.schema.name]
    told = rule_columns(data.schema)
    names, dates, places = told["names"][:2], told["dates"][:1], told["places"][:1]
    blocking = [names, dates, *([name, other] for other in (*places, BIRTH_YEAR) for name in names)]
    return {"blocking": [rule for rule in blocking if rule], "training": [rule for rule in (names, dates) if rule]}


def _least_score(score: NDArray[np.float64], most: int) -> float:
    """Return the score of the last pair to keep; those that are as good stay with it."""
    return float(np.partition(score, -most)[-most]) if len(score) > most else 0.0


def _run(peer: Peer, data: DataSet, settings: Plan) -> list[list[str]]:
    """Write the cells, run the peer on them, and read what it found."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        output = folder / "found.csv"
        plan = write_plan(folder / "plan.json", write_cells(data, folder), data.schema, output, settings)
        run_peer(peer, [str(plan)], RUN_SECONDS)
        with output.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))


def write_plan(path: Path, inputs: Sequence[Path], schema: LinkageSchema, output: Path, settings: Plan) -> Path:
    """Write down for a peer's script what it is to do; return the file."""
    told = {"inputs": [str(each) for each in inputs], "columns": columns_of(schema), "output": str(output)}
    path.write_text(json.dumps({**told, **settings}), encoding="utf-8")
    return path
