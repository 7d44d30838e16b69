"""`casematch agent import`: from a partner's file to entries that wait."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase
from api.agent.render import progress_bars

SHOWN_ROWS = 20  # of a list before it is cut; --all shows the rest
ALL_ROWS = sys.maxsize


def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header; see docs/deploy-partner.md.")],
    folder: Folder = THIS_FOLDER,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=ATTRIBUTE", help="What a column is; `=-` leaves it out. Remembered."),
    ] = None,
    id_column: Annotated[str, typer.Option("--id", help="The column with your case reference.")] = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report only; nothing is kept or sent.")] = False,
    every_row: Annotated[bool, typer.Option("--all", help="Show every row of every list.")] = False,
) -> None:
    """
    Read a file, report what was not understood, and let the codes of its cases wait for `push`.

    Nothing is sent. The same file twice changes nothing; a changed row replaces its old entries.

    \b
    Examples:
      casematch agent import cases.csv --dry-run
      casematch agent import cases.csv --id "Case No" --map "Fathers nam=father_name"
    """
    from api.agent import intake, report
    from api.agent.own_pairs import find_local_pairs
    from api.agent.reading import read_file
    from api.agent.session import open_session

    shown = ALL_ROWS if every_row else SHOWN_ROWS
    told = list(columns or ())
    with open_session(folder, ask_passphrase) as session, progress_bars() as progress:
        read = read_file(session, file, told, progress, id_column=id_column)
        agreed = [
            f"{each.header}={each.attribute}"
            for each in read.columns.suggestions
            if _agrees(each.header, each.attribute)
        ]
        if agreed:
            read = read_file(session, file, [*told, *agreed], progress, id_column=id_column)
        typer.echo(report.describe_file(read, shown))
        pairs = find_local_pairs(session.schema, session.frequencies, read, progress)
        typer.echo(report.describe_pairs(pairs, shown))
        if dry_run:
            typer.echo("\nDry run: nothing was kept, nothing was sent.")
            return
        typer.echo(f"\n{report.describe_intake(intake.take_in(session, read, progress), shown)}")


def _agrees(header: str, attribute: str) -> bool:
    """Ask whether a column is what its name resembles; without a terminal it is not."""
    return sys.stdin.isatty() and typer.confirm(f'Is the column "{header}" {attribute}?', default=False)
