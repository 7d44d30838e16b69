"""A hub as its own process, and agents that talk to it by the commands a partner would type."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.agent.cli import app
from api.agent.demo.hub import PROJECT, DemoHub
from api.agent.demo.world import PARTNERS
from api.agent.private_files import write_private


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    exit_code: int
    out: str
    err: str


def run(*arguments: str | Path, stdin: str | None = None) -> Said:
    """Run `casematch`, in this process to be quick."""
    done = CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)
    return Said(done.exit_code, done.stdout, done.stderr)


@dataclass(frozen=True)
class Agent:
    """An agent's folder, and the commands on it."""

    folder: Path

    def __call__(self, command: str, *arguments: str | Path) -> Said:
        """Run a command of the agent that must succeed."""
        said = self.attempt(command, *arguments)
        assert said.exit_code == 0, said.err
        return said

    def attempt(self, command: str, *arguments: str | Path) -> Said:
        """Run a command of the agent that may fail; all people of an imported list have consented, unless told."""
        if command == "import" and not {"--consent", "--basis", "--unasked"} & set(arguments):
            arguments = (*arguments, "--consent", "self")
        arguments = tuple(each for each in arguments if each != "--unasked")
        return run("agent", command, *arguments, "--dir", self.folder)


@dataclass(frozen=True)
class Town:
    """A hub that serves, its partners' API keys, and a folder for all."""

    hub: DemoHub
    folder: Path
    api_keys: dict[str, str]
    made: list[str] = field(default_factory=list)

    def secret(self, name: str) -> Path:
        """Return a linkage secret's file; made at the first asking."""
        path = self.folder / name
        if not path.exists():
            assert run("secret", "new", path).exit_code == 0
        return path

    def agent(self, partner: str, *options: str) -> Agent:
        """Set up a new agent of a partner: valley, border or shelter."""
        name = f"{partner}-{len(self.made)}"
        self.made.append(name)
        key_file = self.folder / f"{name}.key"
        write_private(key_file, self.api_keys[partner], role="API key")
        secret = self.secret("project.secret")
        hub = ("--hub", self.hub.url, "--api-key-file", key_file, "--project", PROJECT, "--secret", secret)
        said = run("agent", "init", self.folder / name, *hub, *options)
        assert said.exit_code == 0, said.err
        return Agent(self.folder / name)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Serve a new hub while a test runs."""
    hub = DemoHub(tmp_path / "hub")
    api_keys = hub.set_up(PARTNERS)
    with hub.serving():
        yield Town(hub, tmp_path, api_keys)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Sequence[str]], Path]:
    """Return a function that writes lines to a file."""

    def write_lines(name: str, lines: Sequence[str]) -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write_lines
