"""`python -m benchmarks attacks`: one command that attacks every encoding, and fails where it has to."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.attacks.kept import KeptRuns
from benchmarks.attacks.run import report_of, run_profile
from benchmarks.report.attack_page import attack_page
from benchmarks.report.attack_rows import AttackReport
from benchmarks.report.attack_tables import attack_table

ATTACKS = tuple(f"A{number}" for number in range(1, 12))


def main(arguments: Sequence[str]) -> None:
    """
    Read the options, attack, and show; ends with status 1 where a control failed or a bound is not kept.

    A missed target ends the `full` profile with 0: the table says so, and it is to be written down, not hidden.
    """
    asked = _read(arguments)
    what = (asked.profile, asked.split, asked.only, KeptRuns(asked.keep))
    report = report_of(*what) if asked.is_shown else run_profile(*what)
    if asked.html is not None:
        asked.html.write_text(attack_page(report), encoding="utf-8")
    print(json.dumps(report.document(), ensure_ascii=False) if asked.as_json else attack_table(report))
    sys.exit(_status(report))


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks attacks",
        description="Attack every encoding as its adversary would: a row for each, with controls that must succeed.",
        epilog="Status 1: an attack failed on its control and shows nothing, or (in ci) a ceiling is exceeded.",
    )
    parser.add_argument("--profile", choices=("ci", "full"), default="ci", help="minutes, or hours (default: ci)")
    parser.add_argument("--split", choices=("development", "test"), default="development", help="seeds to take")
    parser.add_argument("--only", type=_attacks, default=(), metavar="A1,A3", help="attacks to run (default: all)")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep each result in a file; a stopped run goes on")
    parser.add_argument("--show", action="store_true", dest="is_shown", help="run nothing, show what --keep holds")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one page that opens offline")
    return parser.parse_args(arguments)


def _attacks(text: str) -> tuple[str, ...]:
    """Read names of attacks."""
    names = tuple(name.strip().upper() for name in text.split(","))
    if not set(names) <= set(ATTACKS):
        raise argparse.ArgumentTypeError(f"attacks are {', '.join(ATTACKS)}")
    return names


def _status(report: AttackReport) -> int:
    """Return the exit status, and say why on standard error."""
    for row in report.broken:
        print(f"broken: {row.attack} {row.what} does not succeed on its control, {row.encoding}", file=sys.stderr)
    for row in report.missed:
        print(f"missed: {row.attack} {row.what} on {row.encoding}, {row.data}, {row.n}", file=sys.stderr)
    return int(bool(report.broken or (report.profile == "ci" and report.missed)))
