"""`casematch secret`: the linkage secret that a project's partners share."""

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""
    Make the linkage secret that a project's partners share, and the hub never sees.

    \b
    One partner makes it:      casematch secret new project.secret
    and hands it to the others by a way the hub cannot read (a meeting, sealed post).
    Or all type one passphrase: casematch secret derive project.secret
    """,
)


@app.command()
def new(file: Annotated[Path, typer.Argument(help="A new file; it is never overwritten.")]) -> None:
    """
    Write 32 random bytes to a new file that only you can read.

    \b
    Example: casematch secret new project.secret
    """
    from api.agent.secret_file import write_secret
    from matcher.encode.secret import LinkageSecret

    write_secret(file, LinkageSecret.generate())
    typer.echo("The linkage secret is written; only you can read it.")
    typer.echo("Give a copy to every partner of the project, by hand or sealed. Never to the hub.")


@app.command()
def derive(
    file: Annotated[Path, typer.Argument(help="A new file; it is never overwritten.")],
    project_schema: Annotated[
        Path | None, typer.Option(help="The project's linkage schema; its salt is used. Default: the shipped `nepal`.")
    ] = None,
) -> None:
    """
    Make the secret from a passphrase, typed twice and unseen (Argon2id with the project's salt).

    A passphrase is weaker than `secret new`: use six random words or more.

    \b
    Example: casematch secret derive project.secret --project-schema schema.json
    """
    from api.agent.secret_file import write_secret
    from api.agent.setup import read_schema_file
    from matcher.encode.secret import LinkageSecret
    from matcher.schema import LinkageSchema

    schema = LinkageSchema.shipped("nepal") if project_schema is None else read_schema_file(project_schema)
    passphrase = _ask_twice()
    write_secret(file, LinkageSecret.from_passphrase(passphrase, schema.project_salt))
    typer.echo(f"The linkage secret of project {schema.project_id} is written; only you can read it.")


def _ask_twice() -> str:
    """Ask for a passphrase on the terminal, or read its line from a pipe."""
    if sys.stdin.isatty():
        return str(typer.prompt("Passphrase of the project", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
