"""What the commands of logged-in people take: the file of their session."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.agent.errors import SettingsError

HERE = Path.home() / ".casematch-session"
SessionFile = Annotated[
    Path,
    typer.Option(
        "--session",
        envvar="CASEMATCH_SESSION",
        help="File of the session that `casematch person login` has opened.",
        show_default="~/.casematch-session",
    ),
]
Hub = Annotated[str, typer.Option("--hub", envvar="CASEMATCH_HUB", help="The hub's address, https://…")]


def ask_secret(variable: str, prompt: str, *, twice: bool = False) -> str:
    """
    Return a password from the environment, or ask for it on the terminal, unseen; never from the command line.

    Raises:
        SettingsError: the environment has none, and there is no terminal to ask on.
    """
    given = os.environ.get(variable, "")
    if given:
        return given
    if not sys.stdin.isatty():
        advice = f"Put it into {variable}, or run the command on a terminal."
        raise SettingsError("a password is needed", code="password_missing", where="log-in", advice=advice)
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=twice))


def validated(model: Any, told: dict[str, Any], advice: str) -> Any:
    """Return a message made of what was typed; what does not fit is wrong usage, and is not repeated."""
    from pydantic import ValidationError

    try:
        return model.model_validate(told)
    except ValidationError:
        fault = advice
    raise typer.BadParameter(fault)
