"""`casematch-hub backup` and `restore`: the whole database as one encrypted file."""

from pathlib import Path
from typing import Annotated

import typer

from api.hub import backups, operating
from api.hub.audit.service import Standing
from api.hub.commands.options import HERE, DatabaseUrl, DataDir, command, settings_of

app = typer.Typer()
File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


@app.command("backup")
@command
def back_up(file: File, data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """
    Write the database into a new file, encrypted under the hub key; the hub may go on serving.

    The keys are not inside: without hub.key the file is of no use, and with it it is the database. Keep them apart.
    """
    with operating.opened(settings_of(data_dir, database)) as hub:
        found = backups.back_up(hub, file)
    typer.echo(f"The backup is written; its audit log has {_log(found)}.")


@app.command("restore")
@command
def restore(file: File, data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """
    Make the database of a backup; the data folder has the key files and no database, PostgreSQL's is empty.

    What was stopped since is back: erase entries, revoke keys, suspend organisations and end accounts again before
    you serve. Partners' agents notice when they have seen more.
    """
    found = backups.restore(settings_of(data_dir, database), file)
    typer.echo(f"The database is restored; its audit log has {_log(found)}.")
    typer.echo(
        "Entries erased, keys revoked, organisations suspended, accounts ended since then are back: stop them again."
    )
    typer.echo(
        "A partner that has seen a later one will stop with log_forked or log_truncated: tell all what was lost."
    )


def _log(found: Standing) -> str:
    """Say how the log stands."""
    if found.published_on is None:
        return f"{found.size:,} entries, none published"
    return f"{found.size:,} entries, {found.published:,} of them published on {found.published_on.isoformat()}"
