"""`python -m benchmarks quality`: one command that prints the table, and writes JSON or one HTML page."""

import argparse
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.quality.datasets import own_set
from benchmarks.quality.run import measure_profile, measure_sets
from benchmarks.quality.systems import CASEMATCH, SYSTEMS
from benchmarks.report.attack_rows import AttackReport
from benchmarks.report.measured import Report
from benchmarks.report.page import quality_page
from benchmarks.report.tables import quality_tables


def main(arguments: Sequence[str]) -> None:
    """Read the options, measure, and show."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks quality", description=__doc__)
    parser.add_argument("--profile", choices=("ci", "full"), default="ci", help="minutes, or hours (default: ci)")
    parser.add_argument("--split", choices=("development", "test"), default="development", help="seeds of the worlds")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
    parser.add_argument("--html", type=Path, help="write one page that opens offline")
    parser.add_argument(
        "--attacks", type=Path, metavar="FILE", help="for --html: what `python -m benchmarks attacks --json` printed"
    )
    parser.add_argument("--only", action="append", default=[], metavar="DATA", help="data sets that begin so")
    parser.add_argument("--system", action="append", default=[], choices=SYSTEMS, help="systems to run (default: all)")
    parser.add_argument("--alone", action="store_true", help=f"run {CASEMATCH} alone")
    own = parser.add_argument_group("your own files instead of the profile")
    own.add_argument("--csv", type=Path, nargs="+", metavar="FILE", help="one list, or two")
    own.add_argument("--truth", type=Path, help="true pairs: a header row, then left id, right id")
    own.add_argument("--schema", default="general", help="general (default), nepal, or a linkage schema file")
    own.add_argument("--map", dest="columns", help="for general: COLUMN=KIND, commas between")
    own.add_argument("--id", dest="id_column", help="column that holds the record id")
    asked = parser.parse_args(arguments)
    if asked.csv and (asked.truth is None or len(asked.csv) > len(("left", "right"))):
        parser.error("--csv takes one or two files and needs --truth")
    systems = [CASEMATCH] if asked.alone else asked.system or SYSTEMS
    if asked.csv:
        make = partial(own_set, asked.csv, asked.truth, asked.schema, asked.columns, asked.id_column)
        report = measure_sets([("own files", make)], systems, "own", "own")
    else:
        report = measure_profile(asked.profile, asked.split, systems, asked.only)
    if asked.html is not None:
        asked.html.write_text(quality_page(report, _attacks(asked.attacks)), encoding="utf-8")
    print(_text(report, as_json=asked.as_json))


def _attacks(path: Path | None) -> AttackReport | None:
    """Read an attack report, if there is one."""
    return None if path is None else AttackReport.from_document(json.loads(path.read_text(encoding="utf-8")))


def _text(report: Report, *, as_json: bool) -> str:
    """Return the report as one JSON object or as tables."""
    return json.dumps(report.document(), ensure_ascii=False) if as_json else quality_tables(report)
