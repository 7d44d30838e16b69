"""
How commands speak: results on standard output, progress and errors on standard error; on the partner's premises.

An error is one line, `where: reason`, and a line of advice; never a traceback, which would show what a record holds.
"""

import os
import sys
import traceback
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from api.agent.errors import AgentError
from api.agent.progress import Progress
from matcher.errors import MatcherError

EXIT_FAILURE = 1
FOR_OTHERS = 0o077  # no right to any file: pairs, logs and tables are of cases too, and machines are shared
_CONTROLS = frozenset({"Cc", "Zl", "Zp"})
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
SUMMARY_CHARACTERS = 200  # of a command in the list of its group: its first sentence, on several lines if need be


# What a partner can do about faults that the library knows, and what the system's own faults mean.
_ADVICE = {
    "not_json": "Is it the right file? It should be a document that casematch wrote, or one like it.",
    "secret_format": "Name the file that `casematch secret new` or `derive` wrote.",
    "secret_check": "Ask another partner for a whole copy.",
}
_SYSTEM_FAULTS: Mapping[type[Exception], str] = {
    FileNotFoundError: "a file or folder is not there",
    PermissionError: "a file or folder may not be read or written",
    IsADirectoryError: "a folder stands where a file is wanted",
    NotADirectoryError: "a file stands where a folder is wanted",
}


class PlainGroup(TyperGroup):
    """A group of commands whose errors are told in one line each, and whose help tells each command's whole purpose."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands, each with its first sentence uncut."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, each.get_short_help_str(SUMMARY_CHARACTERS)) for name, each in commands if each]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what it writes is its owner's alone; turn errors into text and exit code 1."""
        os.umask(FOR_OTHERS)
        fault = ""
        try:
            return super().invoke(ctx)
        except AgentError as error:
            fault = _lines(error.where, error.reason, error.advice)
        except MatcherError as error:
            fault = _lines(error.where, error.reason, _ADVICE.get(error.code, ""))
        except tuple(_SYSTEM_FAULTS) as error:
            reason = next(told for kind, told in _SYSTEM_FAULTS.items() if isinstance(error, kind))
            fault = _lines(_place(error), reason, "Check the paths that you have given.")
        except (OSError, MemoryError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            fault = _lines(_place(error), type(error).__name__, "Check free space, memory and rights.")
        except Exception as error:
            if _is_typer_own(error):
                raise
            fault = _lines(_place(error), f"an unforeseen fault ({type(error).__name__})", "Please report this line.")
        typer.echo(fault, err=True)
        raise typer.Exit(EXIT_FAILURE)


def _is_typer_own(error: Exception) -> bool:
    """Tell usage errors, exits and aborts, which typer shows itself."""
    return type(error).__module__.startswith(("typer", "click"))


def _lines(where: str, reason: str, advice: str) -> str:
    """Set an error in one line, and its advice in a second."""
    head = plain(f"casematch: {where}: {reason}" if where else f"casematch: {reason}")
    return f"{head}\n  {advice}" if advice else head


def _place(error: Exception) -> str:
    """Return the file and line of our own code at which an unforeseen error arose, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if any(part in Path(frame.filename).parts for part in ("api", "matcher"))]
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Show one bar per step while the block runs; on a terminal only, and nothing is left of them."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console  # noqa: PLC0415 - not needed where nobody looks, and slow to load
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - same
    from rich.progress import Progress as Bars  # noqa: PLC0415 - same

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show


def _silent(_step: str, _done: int, _total: int) -> None:
    """Show nothing."""


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Set rows in columns of plain text, two spaces apart; wide scripts count by their cells."""
    from rich.cells import cell_len  # noqa: PLC0415 - keeps `--help` quick

    lines = [tuple(headings), *(tuple(map(plain, row)) for row in rows)]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(headings))]
    return "\n".join(
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def plain(text: str) -> str:
    """
    Return text without what rules a terminal or turns the order of letters: files, hubs and partners are strangers.

    Joiners stay, for Devanagari is written with them.
    """
    return "".join(" " if _rules(letter) else letter for letter in text)


def _rules(letter: str) -> bool:
    """Tell a control character, a separator of lines, or a mark that changes the direction of writing."""
    return unicodedata.category(letter) in _CONTROLS or unicodedata.bidirectional(letter) in _TURNS


def plural(number: int, noun: str, plural_noun: str = "") -> str:
    """Return a number with its noun, such as `1 entry` or `3,000 entries`."""
    return f"{number:,} {noun if number == 1 else plural_noun or noun + 's'}"
