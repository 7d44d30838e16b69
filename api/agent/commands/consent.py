"""`casematch agent consent`: what was agreed with a person, its end, and the proof that it was heeded."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase
from api.agent.render import plural

if TYPE_CHECKING:
    from api.agent.consent import Stated


app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Consent per person and purpose: without it nothing of a case is encoded.",
)

CaseRefs = Annotated[list[str], typer.Argument(metavar="CASE_REF...", help="Your own case references.")]
GivenByOption = Annotated[str, typer.Option("--by", help="Who gave it: self, guardian or representative.")]
BasisOption = Annotated[
    str, typer.Option("--basis", help="Code of a lawful basis in place of consent, as court_order.")
]
WithheldOption = Annotated[
    str, typer.Option("--withheld-from", help="Classes that must never learn of it, such as police,border.")
]
UntilOption = Annotated[str, typer.Option("--until", help="Its last day, YYYY-MM-DD. Default: until it is ended.")]


def read_statement(given_by: str, basis: str, withheld_from: str, until: str) -> "Stated | None":
    """
    Return what options say of consent; None when they say nothing.

    Raises:
        BadParameter: one cannot be read, or both consent and another basis are given.
    """
    from api.agent.consent import CONSENT, GivenBy, Stated, is_basis, read_withheld
    from api.agent.sources.cases import read_iso_day

    withheld, last = read_withheld(withheld_from), read_iso_day(until)
    if given_by and given_by not in set(GivenBy):
        raise typer.BadParameter(f"one of {', '.join(GivenBy)}", param_hint="who gave consent")
    if basis and not is_basis(basis):
        raise typer.BadParameter("lower-case letters, digits and _ only", param_hint="--basis")
    if withheld is None:
        raise typer.BadParameter("not a class of organisations", param_hint="--withheld-from")
    if until and last is None:
        raise typer.BadParameter("write it as YYYY-MM-DD", param_hint="the last day")
    if (basis in ("", CONSENT)) == (not given_by):
        if not (basis or withheld or last):
            return None
        raise typer.BadParameter("say who gave consent, or name another lawful basis; not both")
    return Stated(GivenBy(given_by) if given_by else None, basis or CONSENT, withheld, last)


@app.command("give")
def give(
    case_refs: CaseRefs,
    folder: Folder = THIS_FOLDER,
    given_by: GivenByOption = "",
    basis: BasisOption = "",
    withheld_from: WithheldOption = "",
    until: UntilOption = "",
) -> None:
    """
    Write down that a person consents to the agent's purpose, or on which other basis she may be searched for.

    It may come before the case is imported. What is stricter than before takes back what was filed under the other.

    \b
    Examples:
      casematch agent consent give 2081-017 --by self --until 2027-06-30
      casematch agent consent give 2081-018 --by guardian --withheld-from police,border
      casematch agent consent give 2081-019 --basis court_order
    """
    from api.agent import consent_end
    from api.agent.consent import Consent
    from api.agent.session import open_session

    stated, day = read_statement(given_by, basis, withheld_from, until), consent_end.today()
    if stated is None:
        raise typer.BadParameter("say who gave consent (--by), or name another lawful basis (--basis)")
    if stated.expires_on is not None and stated.expires_on < day:
        raise typer.BadParameter("it is over already", param_hint="--until")
    with open_session(folder, ask_passphrase) as session:
        stale = consent_end.give(session, case_refs, Consent(stated, day), day)
        typer.echo(f"Written down for {plural(len(case_refs), 'case')}, purpose {session.settings.purpose}.")
        if stale:
            typer.echo(f"Import your file before the next push: {', '.join(stale)}")


@app.command("end")
def end(case_refs: CaseRefs, folder: Folder = THIS_FOLDER) -> None:
    """
    End consent: the hub erases all entries of the case at once, and every meeting, release and match on them is void.

    When the hub cannot be reached, it is the first thing that the next push or sync does.

    \b
    Example: casematch agent consent end 2081-017
    """
    from api.agent import consent_end
    from api.agent.consent import Ended
    from api.agent.errors import HubUnreachableError, SettingsError, UnknownCaseError
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session:
        known = session.vault.cases.all().keys() | session.vault.consents.newest(session.settings.purpose).keys()
        for place, case_ref in enumerate(case_refs, start=1):
            if case_ref not in known:
                raise UnknownCaseError("no such case", code="unknown_case", where=f"case {place}")
        with session.vault.transaction():
            entries = consent_end.end_cases(session, dict.fromkeys(case_refs, Ended.WITHDRAWN), consent_end.today())
        typer.echo(f"Ended for {plural(len(case_refs), 'case')}.")
        try:
            with session.client() as client:
                erased = consent_end.erase_ended(session, client)
            typer.echo(
                f"{plural(erased, 'entry', 'entries')} erased at the hub; `agent consent proof` shows the receipt."
            )
        except (HubUnreachableError, SettingsError):
            if entries:
                typer.echo(f"The hub cannot be reached: {plural(entries, 'entry', 'entries')} wait to be erased first.")


@app.command("show")
def show(
    case_ref: Annotated[str, typer.Argument(metavar="CASE_REF", help="Your own case reference.")],
    folder: Folder = THIS_FOLDER,
) -> None:
    """
    Show all that was agreed on a case: by whom, on which basis, withheld from whom, until when.

    \b
    Example: casematch agent consent show 2081-017
    """
    from api.agent.consent_report import describe_consents
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session:
        typer.echo(describe_consents(session, case_ref))


@app.command("proof")
def proof(
    case_ref: Annotated[str, typer.Argument(metavar="CASE_REF", help="Your own case reference.")],
    folder: Folder = THIS_FOLDER,
    log: Annotated[
        Path | None, typer.Option(help="An exported audit log: the erasure is looked for in it, leaf by leaf.")
    ] = None,
) -> None:
    """
    Check the hub's signed receipts for a case that has ended; with an exported log, that they stand in it.

    \b
    Examples:
      casematch agent consent proof 2081-017
      casematch agent consent proof 2081-017 --log log-2026.jsonl
    """
    from api.agent.consent_proof import prove
    from api.agent.consent_report import describe_proofs
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session:
        typer.echo(describe_proofs(prove(session, case_ref, log)))
