"""`casematch agent init` and `renew`: set an agent up."""

from pathlib import Path
from typing import Annotated

import typer

from api.agent.commands.options import THIS_FOLDER, Folder, ask_new_passphrase, ask_passphrase


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for this agent.")],
    secret: Annotated[Path, typer.Option(help="The project's linkage secret, see `casematch secret`.")],
    hub: Annotated[str, typer.Option(help="The hub's address, https://…; http for 127.0.0.1 alone.")] = "",
    api_key_file: Annotated[Path | None, typer.Option(help="Owner-only file with the hub's API key.")] = None,
    project: Annotated[str, typer.Option(help="The project's name. Default: `nepal`.")] = "",
    purpose: Annotated[
        str,
        typer.Option(help="Purpose of what is filed: dedup, protection, family_tracing, investigation, evaluation."),
    ] = "protection",
    *,
    offline: Annotated[bool, typer.Option("--offline", help="No hub yet: import and dry runs only.")] = False,
    schema: Annotated[Path | None, typer.Option(help="With --offline: the linkage schema. Default: `nepal`.")] = None,
    shelter: Annotated[
        bool, typer.Option("--shelter", help="This partner shelters people: nothing is released automatically.")
    ] = False,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Lock the vault with a passphrase instead of a key file.")
    ] = False,
) -> None:
    """
    Set up an agent: fetch and check the project, make an encrypted vault.

    \b
    Example:
      casematch agent init ~/casematch --hub https://hub.example.org \\
        --api-key-file hub.key --secret project.secret
    """
    import os

    from api.agent.setup import Setup, set_up
    from api.agent.vault.key import PASSPHRASE_VARIABLE
    from api.wire.statements import Purpose

    if bool(hub) == offline:
        raise typer.BadParameter("give either --hub or --offline")
    if purpose not in {each.value for each in Purpose}:
        raise typer.BadParameter("not a purpose", param_hint="--purpose")
    locked = (os.environ.get(PASSPHRASE_VARIABLE) or ask_new_passphrase()) if passphrase else None
    setup = Setup(folder, secret, hub, api_key_file, project, schema, shelter, Purpose(purpose), locked)
    agreed = set_up(setup)
    typer.echo(f"The agent is set up for project {agreed.project_id}, schema {agreed.schema_id[:12]}…")
    typer.echo("Next: casematch agent import FILE --dry-run --dir DIR")


def renew(
    folder: Folder = THIS_FOLDER,
    secret: Annotated[Path | None, typer.Option(help="A new linkage secret, when the key epoch changed.")] = None,
    api_key_file: Annotated[Path | None, typer.Option(help="A new API key file.")] = None,
) -> None:
    """
    Fetch the project again after it changed, and take a new secret or API key.

    Import your file again afterwards: cases are encoded anew and keep their matches.

    \b
    Example: casematch agent renew --secret project-2.secret
    """
    from api.agent.session import open_session
    from api.agent.setup import renew as renew_agent

    with open_session(folder, ask_passphrase) as session:
        agreed = renew_agent(session, secret, api_key_file)
    typer.echo(f"Renewed: project {agreed.project_id}, schema {agreed.schema_id[:12]}…")
    typer.echo("Next: casematch agent import FILE")
