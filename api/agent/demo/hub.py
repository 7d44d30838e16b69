"""
A hub of the demonstration's own: another process on a free loopback port, with SQLite; started by the partner's side.

The agent's code never loads the hub's: it talks to it by command line once, to let the partners in, then over HTTP.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2

from api.agent.demo.world import Partner
from api.agent.errors import DemoError

PROJECT = "demo"
FILED_PEOPLE = 5_000  # the partners file all their old cases at once
START_SECONDS = 30.0  # a cold start on a busy machine with two cores
STOP_SECONDS = 10.0
_LOOPBACK = "127.0.0.1"
_HUB = (sys.executable, "-c", "from api.hub.cli import app; app()")
_COMMANDS = """
import json, sys
from api.hub.cli import app
for arguments in json.load(sys.stdin):
    app(arguments, standalone_mode=False)
"""


class DemoHub:
    """
    The hub of one demonstration.

    Args:
        folder: for its database, key file and log.
        schema: the project's linkage schema: a shipped one's name, or a file.
        settings: further ones of the hub, by environment variable.
    """

    def __init__(self, folder: Path, schema: str = "nepal", settings: Mapping[str, str] | None = None) -> None:
        """Remember the folder; nothing is started yet."""
        self.folder = folder
        self.schema = schema
        self._settings = settings or {}
        self.port = _free_port()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{_LOOPBACK}:{self.port}"

    @property
    def log(self) -> Path:
        """All it has printed."""
        return self.folder / "hub.log"

    def set_up(self, partners: Sequence[Partner]) -> dict[str, str]:
        """Make the database and let the partners in; returns an API key for each, by the partner's key."""
        self.folder.mkdir(mode=0o700, parents=True)
        rules = ["--release-to", "ngo:protection", "--release-to", "shelter:protection"]
        self.run(
            ["init", "--project", PROJECT, "--schema", self.schema, "--purpose", "protection"],
            *(["organisation", "add", each.title, "--class", each.organisation_class, *rules] for each in partners),
            *(["quota", "raise", each.title, "--people", str(FILED_PEOPLE)] for each in partners),
        )
        answers = self.run(*(["api-key", "new", each.title, "--json"] for each in partners))
        return {
            partner.key: str(json.loads(answer)["api_key"]) for partner, answer in zip(partners, answers, strict=True)
        }

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve while the block runs."""
        with self.log.open("ab") as log:
            command = [*_HUB, "serve", "--host", _LOOPBACK, "--port", str(self.port)]
            process = subprocess.Popen(  # noqa: S603 - same
                command, env=self._environment(), stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
            try:
                self._wait_until_ready(process)
                yield
            finally:
                _stop(process)

    def run(self, *commands: list[str]) -> list[str]:
        """Run commands of the hub one after the other in one process, and return the lines they print."""
        done = subprocess.run(  # noqa: S603 - our own program, with arguments made here
            [sys.executable, "-c", _COMMANDS],
            input=json.dumps(commands),
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DemoError("could not be set up", code="demo_hub_failed", where="hub")
        return done.stdout.splitlines()

    def _environment(self) -> dict[str, str]:
        """Return our environment, with the hub's folder in it and our code found first."""
        root = str(Path(__file__).resolve().parents[3])
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("CASEMATCH_")},
            **self._settings,
            "CASEMATCH_HUB_DATA_DIR": str(self.folder),
            "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", "")))),
        }

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until it answers."""
        end = time.monotonic() + START_SECONDS
        with httpx2.Client(base_url=self.url, trust_env=False, timeout=1.0) as client:
            while time.monotonic() < end and process.poll() is None:
                try:
                    if client.get("/readyz").is_success:
                        return
                except httpx2.RequestError:
                    time.sleep(0.1)
        advice = f"Its log is {self.log}; keep it with --keep DIR."
        raise DemoError("did not start", code="demo_hub_failed", where="hub", advice=advice)


def _free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a process we started."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
