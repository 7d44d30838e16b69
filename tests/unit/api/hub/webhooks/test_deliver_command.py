"""`casematch-hub deliver`: one round for a timer, and what it refuses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.hub.cli import app


def test_a_round_with_nothing_to_deliver(tmp_path: Path) -> None:
    """It ends, and says so to a script."""
    run = CliRunner().invoke
    assert run(app, ["init", "--project", "nepal", "--data-dir", str(tmp_path / "hub")]).exit_code == 0
    done = run(app, ["deliver", "--once", "--json", "--data-dir", str(tmp_path / "hub")])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"delivered": 0, "to_repeat": 0, "given_up": 0}


def test_development_has_to_be_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain http to this machine is refused unless the whole hub is insecure on purpose."""
    monkeypatch.setenv("CASEMATCH_HUB_WEBHOOK_LOOPBACK", "true")
    refused = CliRunner().invoke(app, ["deliver", "--once", "--data-dir", str(tmp_path)])
    assert (refused.exit_code, "[webhook_loopback]" in refused.stderr) == (1, True)
