"""`casematch agent check`: what a file would show at the hub, before anything is sent."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase
from api.agent.render import progress_bars


def check(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header, as for `casematch agent import`.")],
    folder: Folder = THIS_FOLDER,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=ATTRIBUTE", help="What a column is; `=-` leaves it out."),
    ] = None,
    id_column: Annotated[str, typer.Option("--id", help="The column with your case reference.")] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: counts alone.")] = False,
) -> None:
    """
    Tell what a file's entries would show to whoever holds the hub's database. No network; nothing is kept.

    How many entries hang together, who would send nothing and which field would help, who is singled out by little.

    \b
    Examples:
      casematch agent check cases.csv
      casematch agent check cases.csv --json
    """
    from api.agent.leaks.report import describe_leaks, leak_figures
    from api.agent.leaks.selftest import measure_leaks
    from api.agent.reading import read_file
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session, progress_bars() as progress:
        read = read_file(session, file, list(columns or ()), progress, id_column=id_column)
        found = measure_leaks(read.persons, session.schema, session.frequencies)
    typer.echo(json.dumps(leak_figures(found)) if as_json else describe_leaks(found))
