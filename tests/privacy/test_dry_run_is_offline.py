"""A dry run opens no socket and changes no file; shown by an audit hook that would end the process."""

import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from api.agent.cli import app

GUARDED = """
import sys
def refuse(event, _arguments):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system"):
        print("REFUSED", event, file=sys.stderr, flush=True)
        sys.exit(99)
sys.addaudithook(refuse)
from api.agent.cli import app
app()
"""
ROWS = "case_ref,given_name,family_name,birth_date,district\nK-1,Sabitri,Mijar,1997-09-09,Kaski\nK-2,Gita,Rai,x,Kaski\n"


def guarded(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `casematch` under the hook."""
    return subprocess.run(
        [sys.executable, "-c", GUARDED, *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_dry_run_opens_no_socket_and_changes_nothing(tmp_path: Path) -> None:
    """The report is made, and the agent's folder is byte for byte what it was."""
    runner = CliRunner()
    assert runner.invoke(app, ["secret", "new", str(tmp_path / "s")]).exit_code == 0
    init = ["agent", "init", str(tmp_path / "agent"), "--offline", "--secret", str(tmp_path / "s")]
    assert runner.invoke(app, init).exit_code == 0
    (tmp_path / "cases.csv").write_text(ROWS)
    before = contents(tmp_path)
    done = guarded("agent", "import", tmp_path / "cases.csv", "--dry-run", "--dir", tmp_path / "agent")
    assert done.returncode == 0, done.stderr
    assert "Read 2 cases" in done.stdout
    assert "nothing was sent" in done.stdout
    checked = guarded("agent", "check", tmp_path / "cases.csv", "--dir", tmp_path / "agent")
    assert checked.returncode == 0, checked.stderr
    assert "of 2 cases" in checked.stdout
    assert contents(tmp_path) == before


def test_the_hook_would_have_noticed(tmp_path: Path) -> None:
    """The same hook ends a command that does go to the hub."""
    assert CliRunner().invoke(app, ["secret", "new", str(tmp_path / "s")]).exit_code == 0
    (tmp_path / "k").write_text("cm_key_secret")
    (tmp_path / "k").chmod(0o600)
    hub = ("--hub", "http://127.0.0.1:9", "--api-key-file", tmp_path / "k", "--secret", tmp_path / "s")
    done = guarded("agent", "init", tmp_path / "agent", *hub)
    assert done.returncode == 99
    assert "REFUSED socket." in done.stderr
