"""`casematch agent import`: from a partner's file to entries that wait."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.agent.commands.consent import BasisOption, WithheldOption, read_statement
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
    consent: Annotated[
        str, typer.Option(metavar="GIVEN_BY", help="Consent of all cases of the file: by self, guardian …")
    ] = "",
    basis: BasisOption = "",
    withheld_from: WithheldOption = "",
    consent_until: Annotated[str, typer.Option(help="Last day of that consent, YYYY-MM-DD.")] = "",
    source: Annotated[str, typer.Option(help="Name of the register the file is from. Default: the file's name.")] = "",
    erase_missing: Annotated[
        bool, typer.Option("--erase-missing", help="End the cases whose rows are gone from this source.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report only; nothing is kept or sent.")] = False,
    every_row: Annotated[bool, typer.Option("--all", help="Show every row of every list.")] = False,
) -> None:
    """
    Read a file, report what was not understood, and let the entries of its cases wait for `push`.

    Nothing is sent. The same file twice changes nothing; a changed row replaces its old entries. Without consent or a
    lawful basis, from a column, these options or `agent consent give`, nothing of a case is encoded.

    \b
    Examples:
      casematch agent import cases.csv --dry-run
      casematch agent import cases.csv --consent self --consent-until 2027-12-31
      casematch agent import cases.csv --source intake-book --erase-missing --dry-run
      casematch agent import cases.csv --id "Case No" --map "Fathers nam=father_name"
    """
    from api.agent import intake, report
    from api.agent.consent_report import describe_file_consent
    from api.agent.own_pairs import find_local_pairs
    from api.agent.reading import read_file
    from api.agent.session import open_session

    shown = ALL_ROWS if every_row else SHOWN_ROWS
    told = list(columns or ())
    stated = read_statement(consent, basis, withheld_from, consent_until)
    said: Any = {"id_column": id_column, "consent": stated, "source": source}
    with open_session(folder, ask_passphrase) as session, progress_bars() as progress:
        read = read_file(session, file, told, progress, **said)
        agreed = [
            f"{each.header}={each.attribute}"
            for each in read.columns.suggestions
            if _agrees(each.header, each.attribute)
        ]
        if agreed:
            read = read_file(session, file, [*told, *agreed], progress, **said)
        typer.echo(report.describe_file(read, shown))
        typer.echo(describe_file_consent(read, shown))
        if erase_missing:
            typer.echo(report.describe_missing(intake.missing_cases(session, read), read.source, shown))
        pairs = find_local_pairs(session.schema, session.frequencies, read, progress)
        typer.echo(report.describe_pairs(pairs, shown))
        if dry_run:
            typer.echo("\nDry run: nothing was kept, nothing was sent.")
            return
        taken = intake.take_in(session, read, progress, erase_missing=erase_missing)
        typer.echo(f"\n{report.describe_intake(taken, shown)}")


def _agrees(header: str, attribute: str) -> bool:
    """Ask whether a column is what its name resembles; without a terminal it is not."""
    return sys.stdin.isatty() and typer.confirm(f'Is the column "{header}" {attribute}?', default=False)
