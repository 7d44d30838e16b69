"""Every command that a document shows is one that the programs take, and every command is shown somewhere."""

import re
import shlex
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from api.agent.cli import app as agent_app
from api.hub.cli import app as hub_app

ROOT = Path(__file__).parents[2]
PROGRAMS = {"casematch": get_command(agent_app), "casematch-hub": get_command(hub_app)}
DOCUMENTS = [ROOT / "README.md", ROOT / "docs" / "deploy-hub.md", ROOT / "docs" / "deploy-partner.md"]


def shown() -> list[str]:
    """Collect the commands of all fenced blocks, continuation lines joined, comments dropped."""
    lines: list[str] = []
    for path in DOCUMENTS:
        for block in re.findall(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            joined = block.replace("\\\n", " ")
            lines += [line for line in joined.splitlines() if line.startswith(("casematch ", "casematch-hub "))]
    return sorted(set(lines))


def leaf_of(words: list[str]) -> tuple[list[str], list[str]]:
    """Split words into those that name a command and those it is given."""
    command, named = PROGRAMS[words[0]], 1
    while isinstance(command, TyperGroup):
        command, named = command.commands[words[named]], named + 1
    return words[:named], words[named:]


def help_of(words: list[str]) -> str:
    """Return what a command says of itself; `link` and `evaluate` are loaded only when they are called."""
    apps = {"casematch": agent_app, "casematch-hub": hub_app}
    result = CliRunner().invoke(apps[words[0]], [*words[1:], "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("line", shown(), ids=range(len(shown())))
def test_a_documented_command_exists_with_its_options(line: str) -> None:
    """Words name a command; every option is one of its own."""
    command, given = leaf_of(shlex.split(line, comments=True))
    told = help_of(command)
    assert all(word in told for word in given if word.startswith("--"))


def leaves(command, path: str) -> list[str]:
    """List every command below one."""
    if not isinstance(command, TyperGroup):
        return [path]
    return [leaf for name, child in command.commands.items() for leaf in leaves(child, f"{path} {name}")]


@pytest.mark.parametrize("path", [leaf for name, program in PROGRAMS.items() for leaf in leaves(program, name)])
def test_every_command_has_help_and_is_mentioned(path: str) -> None:
    """A user can find it: its help says what it does, and some document names it."""
    assert len(help_of(path.split()).splitlines()) > 3
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    assert any(f"`{path}" in each.read_text(encoding="utf-8") for each in documents)
