"""`casematch audit verify`, `checkpoint`, `pin`, `who-learnt`: is the hub's log what it was, and what does it say?"""

from pathlib import Path
from typing import Annotated

import typer

from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The hub's audit log: verify it as a witness, and ask who learnt what of a case.",
)


@app.command("verify")
def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="An exported log; without it, ask the hub.")
    ] = None,
    folder: Folder = THIS_FOLDER,
    key: Annotated[
        str, typer.Option(help="With FILE, where there is no agent: the log's public key, as announced.")
    ] = "",
) -> None:
    """
    Check that nothing was changed, removed or put in another order since this agent last looked.

    Without FILE the hub is asked, as every sync does, and its checkpoint is cosigned. With FILE, a log that
    `casematch-hub audit export` or `casematch oversight log` has written is checked entry by entry, without any
    network; against what this agent has seen, or with --key against the key that the operator has announced.

    \b
    Examples:
      casematch audit verify
      casematch audit verify log.jsonl
      casematch audit verify log.jsonl --key casematch-hub/3f9a…+52e556be+AXz6…
    """
    from api.agent.audit import download, pin, report, witness
    from api.agent.session import open_session

    if key:
        if file is None:
            raise typer.BadParameter("goes with FILE", param_hint="--key")
        typer.echo(report.describe_log(download.check_file(file, pin.Pin(pin.read_log_key(key)))))
        return
    with open_session(folder, ask_passphrase) as session:
        if file is not None:
            seen = pin.read_pin(session.vault.settings)
            typer.echo(report.describe_log(download.check_file(file, seen)))
            return
        with session.client() as client:
            typer.echo(report.describe_watch(witness.watch(session, client)))


@app.command("checkpoint")
def checkpoint(folder: Folder = THIS_FOLDER) -> None:
    """
    Print what this agent has seen of the log: the key, and the signed checkpoint, to compare with other partners.

    After an alarm it prints the two checkpoints that contradict each other, both signed by the hub.

    \b
    Example: casematch audit checkpoint
    """
    from api.agent.audit import pin, report
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session:
        settings = session.vault.settings
        typer.echo(report.describe_pin(pin.read_pin(settings), pin.read_evidence(settings)))


@app.command("pin")
def pin_key(
    key: Annotated[str, typer.Argument(help="The log's public key, as the hub's operator has announced it.")],
    folder: Folder = THIS_FOLDER,
) -> None:
    """
    Trust another key of the hub's log from now on; its past stays pinned as it was seen.

    Compare the key by another way than the hub itself: by telephone, or on paper.

    \b
    Example: casematch audit pin casematch-hub/3f9a…+52e556be+AXz6…
    """
    from api.agent.audit import pin
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session, session.vault.transaction():
        pin.pin_key(session.vault.settings, key)
    typer.echo("The key is pinned.")


@app.command("who-learnt")
def who_learnt(
    case_ref: Annotated[str, typer.Argument(metavar="CASE", help="Your own case reference.")],
    folder: Folder = THIS_FOLDER,
) -> None:
    """
    Tell who has learnt what of one of your cases, and when first.

    \b
    Example: casematch audit who-learnt 2081-017
    """
    from api.agent.audit import learnt, report
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session, session.client() as client:
        typer.echo(report.describe_learnt(learnt.ask(session, client, case_ref)))
