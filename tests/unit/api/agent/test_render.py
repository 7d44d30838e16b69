"""How commands speak: one line for an error, exit codes 0, 1 and 2, and help that teaches."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.agent.cli import app
from api.agent.errors import SourceError
from api.agent.render import PlainGroup, plain, plural, table
from matcher.errors import SecretError

CANARY = "Zzyzxmaya"


def failing(error: BaseException) -> typer.Typer:
    """Return an application whose one command fails so."""
    application = typer.Typer(cls=PlainGroup, pretty_exceptions_enable=False)

    @application.command()
    def fail() -> None:
        raise error

    @application.command()
    def other() -> None:
        typer.echo("done")

    return application


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (
            SourceError("is empty", code="c", where="row 1", advice="Fill it."),
            ["casematch: row 1: is empty", "  Fill it."],
        ),
        (SecretError("is short", code="c"), ["casematch: is short"]),
    ],
)
def test_a_known_error_is_told_in_a_line_and_advice(error: Exception, lines: list[str]) -> None:
    """Where and why, then what to do; exit code 1."""
    result = CliRunner().invoke(failing(error), ["fail"])
    assert (result.exit_code, result.stderr.splitlines()) == (1, lines)


@pytest.mark.parametrize("error", [ValueError(CANARY), KeyError(CANARY), OSError(CANARY), UnicodeError(CANARY)])
def test_an_unforeseen_error_tells_its_place_alone(error: Exception) -> None:
    """Its text may hold a value, so only file, line and type are told."""
    result = CliRunner().invoke(failing(error), ["fail"])
    assert result.exit_code == 1
    assert CANARY not in result.output
    assert type(error).__name__ in result.stderr
    assert "Traceback" not in result.output


def test_a_path_that_is_not_there_is_told_as_such() -> None:
    """Without the path, which may hold a name."""
    result = CliRunner().invoke(failing(FileNotFoundError(2, CANARY, CANARY)), ["fail"])
    assert (result.exit_code, CANARY in result.output) == (1, False)
    assert "is not there" in result.stderr
    assert "Check the paths" in result.stderr


def test_the_list_of_commands_tells_each_purpose_whole() -> None:
    """In every group; no sentence is cut short."""
    for group in ([], ["agent"], ["agent", "consent"], ["audit"]):
        result = CliRunner().invoke(app, [*group, "--help"])
        assert "Commands:" in result.output
        assert "..." not in result.output.partition("Commands:")[2]


@pytest.mark.parametrize(
    "arguments",
    [["agent", "nothing"], ["agent", "import"], ["agent", "init", "x", "--secret", "s"], ["agent", "release"]],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    """A command that cannot be understood is told apart from one that failed."""
    assert CliRunner().invoke(app, arguments).exit_code == 2


@pytest.mark.parametrize("command", ["init", "renew", "import", "push", "sync", "inbox", "release", "refuse", "status"])
def test_every_command_of_the_agent_shows_an_example(command: str) -> None:
    """Help teaches by example."""
    result = CliRunner().invoke(app, ["agent", command, "--help"])
    assert f"casematch agent {command}" in result.output


def test_help_loads_neither_network_nor_store(tmp_path: Path) -> None:
    """What a command needs is loaded when it runs."""
    code = (
        "import sys\nfrom api.agent.cli import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'httpx2', 'apsw', 'socket'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert time.monotonic() - started < 10


def test_control_characters_do_not_reach_the_terminal() -> None:
    """A case reference or a hub's words cannot move the cursor or recolour the screen."""
    assert "\x1b" not in table(("case",), [("\x1b[2JK-1\r",)])
    result = CliRunner().invoke(failing(SourceError("\x1b[2Jis empty", code="c")), ["fail"])
    assert "\x1b" not in result.output


def test_tables_and_numbers_are_plain() -> None:
    """Columns line up by the cells a script takes, and numbers carry their noun."""
    assert table(("a", "bb"), [("1", "x"), ("सीता", "y")]).splitlines()[1].index("x") >= 3
    assert (plural(1, "case"), plural(2_000, "entry", "entries")) == ("1 case", "2,000 entries")


def test_nothing_that_others_wrote_rules_the_screen() -> None:
    """Neither a terminal's commands, nor a line of their own, nor letters in another order; Devanagari stays whole."""
    joined = "क्\u200dष"
    told = plain(f"{joined}\x1b[2J\u2028released\u202e\u2066refused\u2069\x9b")
    assert told.startswith(joined)
    assert not set(told) & {"\x1b", "\x9b", "\u2028", "\u202e", "\u2066", "\u2069"}
    assert "refused" in told


def test_what_a_command_writes_is_its_owners_alone(tmp_path: Path) -> None:
    """Whoever else has an account on the machine reads no list of pairs."""
    application = typer.Typer(cls=PlainGroup)

    @application.command()
    def write() -> None:
        (tmp_path / "pairs.csv").write_text("a,b", encoding="utf-8")

    @application.command()
    def other() -> None:
        typer.echo("done")

    before = os.umask(0o022)
    try:
        assert CliRunner().invoke(application, ["write"]).exit_code == 0
    finally:
        os.umask(before)
    assert (tmp_path / "pairs.csv").stat().st_mode & 0o777 == 0o600
