"""What several commands take: the agent's folder and its passphrase."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.agent.errors import VaultError

Folder = Annotated[
    Path,
    typer.Option("--dir", "-d", envvar="CASEMATCH_AGENT_DIR", help="The agent's folder.", show_default="this folder"),
]
THIS_FOLDER = Path()


def ask_new_passphrase() -> str:
    """
    Ask for a new passphrase twice, unseen.

    Raises:
        VaultError: there is no terminal to ask on.
    """
    return _ask("Passphrase for the new vault", twice=True)


def ask_passphrase() -> str:
    """
    Ask for the vault's passphrase on the terminal, unseen.

    Raises:
        VaultError: there is no terminal to ask on.
    """
    return _ask("Passphrase of the vault", twice=False)


def _ask(prompt: str, *, twice: bool) -> str:
    """Ask on the terminal, or say how else to give it."""
    if not sys.stdin.isatty():
        advice = "Put it into CASEMATCH_VAULT_PASSPHRASE, or run the command on a terminal."
        raise VaultError("a passphrase is needed", code="passphrase_missing", where="vault", advice=advice)
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=twice))
