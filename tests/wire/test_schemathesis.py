"""Schemathesis makes up requests from docs/openapi.json, and the hub answers each as the document says."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from api.hub.app import create_app

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
SETTINGS = Path(__file__).parent / "schemathesis"
EXAMPLES = os.environ.get("CASEMATCH_SCHEMATHESIS_EXAMPLES", "2")  # of each operation; the full run takes 50


@pytest.fixture
def url(sqlite_world: Any) -> Iterator[str]:
    """Serve the hub of this process on a loopback port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    application = create_app(sqlite_world.hub)
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("who", ["agent", "data_protection_officer"])
def test_every_answer_is_as_the_document_says(who: str, url: str, sqlite_world: Any, tmp_path: Path) -> None:
    """All checks, with an agent's key and with a person's session: no failure and no error."""
    token = sqlite_world.join("a").api_key if who == "agent" else sqlite_world.user(who).token
    phases = "coverage,fuzzing" if who == "agent" else "fuzzing"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(SETTINGS / "schemathesis.toml")),
            *("run", str(DOCUMENT), "--url", url, "-H", f"Authorization: Bearer {token}", "--checks", "all"),
            *("--phases", phases, "--max-examples", EXAMPLES, "--seed", "1", "--no-shrink", "--continue-on-failure"),
            *("--warnings", "off", "--generation-database", "none", "--request-timeout", "30"),
        ],
        env={**os.environ, "SCHEMATHESIS_HOOKS": "batch_hooks", "PYTHONPATH": str(SETTINGS)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    assert "No issues found" in done.stdout, done.stdout[-5_000:]
