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


def ask_passphrase() -> str:
    """
    Ask for the vault's passphrase on the terminal, unseen.

    Raises:
        VaultError: there is no terminal to ask on.
    """
    if not sys.stdin.isatty():
        advice = "Put it into CASEMATCH_VAULT_PASSPHRASE, or run the command on a terminal."
        raise VaultError("a passphrase is needed", code="passphrase_missing", where="vault", advice=advice)
    return str(typer.prompt("Passphrase of the vault", hide_input=True))
