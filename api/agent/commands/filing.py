"""`casematch agent file` and `encounter`: ask about single cases now, and add what happened since."""

from pathlib import Path
from typing import Annotated

import typer

from api.agent.commands.consent import BasisOption, WithheldOption, read_statement
from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase
from api.agent.render import progress_bars


def file_now(
    case_refs: Annotated[list[str], typer.Argument(metavar="CASE_REF...", help="Your own case references.")],
    folder: Folder = THIS_FOLDER,
    source: Annotated[
        Path | None, typer.Option("--from", help="Read the cases from this file first; else they wait since an import.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Code of why they are filed, such as intake or interception.")] = "intake",
    *,
    consent: Annotated[str, typer.Option(metavar="GIVEN_BY", help="Consent, by self, guardian …")] = "",
    basis: BasisOption = "",
    withheld_from: WithheldOption = "",
    case_number: Annotated[str, typer.Option(help="The police's case number; only a keyed tag of it leaves.")] = "",
    lawful_basis: Annotated[str, typer.Option(help="The police's lawful basis, a code such as warrant.")] = "",
    approval: Annotated[str, typer.Option(help="Id of the supervisor's approval that covers the case.")] = "",
) -> None:
    """
    Ask about single cases now: filing is asking. Too little known of one, and nothing is sent: it says what would help.

    Whoever can wait collects cases and uses `push`: a case that is filed alone is easier to tell from others.

    \b
    Examples:
      casematch agent file 2081-017 --from intake.csv --consent self
      casematch agent file 2081-018 --reason interception
    """
    import re

    from api.agent import report
    from api.agent.filing import file_cases
    from api.agent.push import PoliceStatement
    from api.agent.reading import read_file
    from api.agent.session import open_session

    if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", reason) is None:
        raise typer.BadParameter("lower-case letters, digits and _ only", param_hint="--reason")
    if any((case_number, lawful_basis, approval)) != all((case_number, lawful_basis, approval)):
        raise typer.BadParameter("give --case-number, --lawful-basis and --approval together")
    stated = read_statement(consent, basis, withheld_from, "")
    if stated is not None and source is None:
        raise typer.BadParameter("is for cases that are read --from a file; else `agent consent give`")
    police = PoliceStatement(case_number, lawful_basis, approval) if approval else None
    with open_session(folder, ask_passphrase) as session, session.client() as client, progress_bars() as progress:
        read = None if source is None else read_file(session, source, (), progress, consent=stated)
        pushed = file_cases(session, client, case_refs, read, progress, reason=reason, police=police)
    typer.echo(report.describe_push(pushed))
    typer.echo("What met is told by `casematch agent sync`, once whoever holds it has decided.")


def encounter(
    case_ref: Annotated[str, typer.Argument(metavar="CASE_REF", help="Your own case reference.")],
    folder: Folder = THIS_FOLDER,
    on: Annotated[str, typer.Option("--on", help="When: a day as 2024-08-03, or a quarter as 2024Q3.")] = "",
    kind: Annotated[str, typer.Option(help="interception, rescue, admission, police_case or helpline.")] = "admission",
    status: Annotated[str, typer.Option(help="possible, actual or not.")] = "possible",
    exit_on: Annotated[str, typer.Option("--exit", help="When it ended, written the same way.")] = "",
) -> None:
    """
    Add an encounter to a case, or its exit; the next sync tells the quarter, kind, status and exit to its matches.

    The same quarter and kind again replaces it, so that an exit can be added later. Without --on all are shown.

    \b
    Examples:
      casematch agent encounter 2081-017 --on 2024-08-03 --kind rescue --status actual
      casematch agent encounter 2081-017 --on 2024Q3 --kind rescue --status actual --exit 2025Q1
    """
    from api.agent.encounters import add_encounter, encounters_of
    from api.agent.render import table
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session:
        if on:
            add_encounter(session, case_ref, on, kind, status, exit_on)
        rows = [(e.quarter, e.kind, e.status, e.exit_quarter or "-") for e in encounters_of(session, case_ref)]
    typer.echo(table(("quarter", "kind", "status", "exit"), rows))
