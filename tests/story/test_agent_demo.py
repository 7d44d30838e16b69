"""The demonstration comes true, and leaves what it says it leaves."""

import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from api.agent.cli import app

SECONDS = 120  # under a minute on two idle cores; tests share theirs


def test_the_demo_tells_its_three_stories(tmp_path: Path) -> None:
    """It ends with code 0, and every person and verdict of the story is told."""
    done = subprocess.run(
        [sys.executable, "-c", "from api.agent.cli import app; app()", "demo", "--keep", tmp_path / "kept"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for told in ("same episode", "possible re-trafficking", "they are kept apart", "names and numbers", ": 0 found."):
        assert told in done.stdout
    assert "Traceback" not in done.stderr
    kept = {path.name for path in (tmp_path / "kept").iterdir()}
    assert {"valley", "border", "shelter", "hub", "valley.csv", "border.csv", "shelter.csv"} <= kept
    inbox = CliRunner().invoke(app, ["agent", "inbox", "--dir", str(tmp_path / "kept" / "border")])
    assert "possible re trafficking" in inbox.output


def test_a_folder_in_use_is_not_written_to(tmp_path: Path) -> None:
    """`--keep` takes a new folder only."""
    (tmp_path / "mine.txt").write_text("mine")
    result = CliRunner().invoke(app, ["demo", "--keep", str(tmp_path)])
    assert result.exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
