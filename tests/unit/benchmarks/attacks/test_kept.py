"""Results are kept as they come; a stopped run goes on, and its table says what is missing."""

import json
from pathlib import Path

import pytest

from benchmarks.attacks import run
from benchmarks.attacks.encodings.single_field_tokens import SingleFieldTokens
from benchmarks.attacks.kept import KeptRuns
from benchmarks.attacks.trial import Outcome, Role, Trial
from benchmarks.report.attack_tables import attack_table


@pytest.fixture
def asked() -> list[int]:
    """Seeds under which the cell was run."""
    return []


@pytest.fixture
def cell(asked: list[int]) -> Trial:
    """A cell whose rate is a tenth of its seed."""

    def attack(_trial: Trial, seed: int) -> list[Outcome]:
        """Note the seed."""
        asked.append(seed)
        return [Outcome("people", seed / 10, 20)]

    return Trial("A2", attack, SingleFieldTokens(), Role.COMPARED, "nothing", people=20)


def test_what_is_kept_is_not_run_again(tmp_path: Path, cell: Trial, asked: list[int]):
    """A second process finds the first one's results."""
    KeptRuns(tmp_path / "kept.jsonl").run(cell, 1)
    again = KeptRuns(tmp_path / "kept.jsonl")
    again.run(cell, 1)
    again.run(cell, 2)
    assert asked == [1, 2]
    assert [found.outcomes[0].rate for _, found in again.runs(cell, (1, 2, 3))] == [0.1, 0.2]


def test_a_line_that_was_cut_off_is_run_again(tmp_path: Path, cell: Trial, asked: list[int]):
    """A process that was killed while it wrote leaves a file that can be read, and written on."""
    file = tmp_path / "kept.jsonl"
    KeptRuns(file).run(cell, 1)
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole + whole[:30], encoding="utf-8")
    KeptRuns(file).run(cell, 2)
    assert [seed for seed, _ in KeptRuns(file).runs(cell, (1, 2))] == [1, 2]
    assert asked == [1, 2]


def test_linkage_is_measured_once(tmp_path: Path, cell: Trial):
    """F1 of an encoding is kept beside the attacks."""
    file = tmp_path / "kept.jsonl"
    for _ in range(2):
        KeptRuns(file).measure_linkage(cell.encoding, "nepali", 60, 1)
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert KeptRuns(file).find_linkage_f1(cell.encoding, "nepali", 60) == json.loads(line)["f1"] > 0


def test_a_stopped_run_is_a_table_that_says_what_is_missing(monkeypatch, cell: Trial):
    """A row stands on the seeds that were run; a cell without any is named."""
    other = Trial("A3", cell.run, cell.encoding, Role.COMPARED, "nothing", people=30)
    monkeypatch.setattr(run, "trials", lambda _: [cell, other])
    kept = KeptRuns()
    for seed in (1, 3):
        kept.run(cell, seed)
    report = run.report_of("full", "development", (), kept)
    (row,) = report.rows
    assert (row.seeds, row.rate) == ((1, 3), 0.2)
    assert "not run: A3 single-field tokens, nepali 30" in attack_table(report)


def test_every_cell_is_run_under_the_first_seed_before_the_second(monkeypatch, cell: Trial, asked: list[int]):
    """So that a stopped run has something of everything."""
    other = Trial("A3", cell.run, cell.encoding, Role.COMPARED, "nothing", people=60)
    monkeypatch.setattr(run, "trials", lambda _: [cell, other])
    monkeypatch.setitem(run.LINKED_RECORDS, "full", 60)
    report = run.run_profile("full", "development")
    assert asked == [1, 1, 2, 2, 3, 3]
    assert [row.seeds for row in report.rows] == [(1, 2, 3)] * 2
