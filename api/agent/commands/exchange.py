"""`casematch agent push`, `sync`, `inbox`, `release`, `refuse`, `status`: what goes to the hub and comes from it."""

from typing import Annotated

import typer

from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase
from api.agent.render import plural, progress_bars

CaseRefs = Annotated[list[str] | None, typer.Argument(metavar="[CASE_REF]...", help="Your own case references.")]
EveryCase = Annotated[bool, typer.Option("--all", help="All cases that wait.")]


def push(
    folder: Folder = THIS_FOLDER,
    reason: Annotated[
        str, typer.Option(help="Code of why these cases are filed, such as intake or review.")
    ] = "intake",
    case_number: Annotated[
        str, typer.Option(help="The police's case number; only a keyed tag of it leaves, see `agent case-tag`.")
    ] = "",
    lawful_basis: Annotated[str, typer.Option(help="The police's lawful basis, a code such as warrant.")] = "",
    approval: Annotated[str, typer.Option(help="Id of the supervisor's approval that covers the case.")] = "",
) -> None:
    """
    Send what waits to the hub. Interrupted at any point, run it again: every entry is there once.

    The police gives --case-number, --lawful-basis and --approval together.

    \b
    Example: casematch agent push --reason intake
    """
    import re

    from api.agent import push as pushing
    from api.agent import report
    from api.agent.session import open_session

    if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", reason) is None:
        raise typer.BadParameter("lower-case letters, digits and _ only", param_hint="--reason")
    if any((case_number, lawful_basis, approval)) != all((case_number, lawful_basis, approval)):
        raise typer.BadParameter("give --case-number, --lawful-basis and --approval together")
    police = pushing.PoliceStatement(case_number, lawful_basis, approval) if approval else None
    with open_session(folder, ask_passphrase) as session, session.client() as client, progress_bars() as progress:
        typer.echo(report.describe_push(pushing.push(session, client, progress, reason=reason, police=police)))


def show_case_tag(
    case_number: Annotated[str, typer.Argument(help="As the police writes it.")], folder: Folder = THIS_FOLDER
) -> None:
    """
    Show the keyed tag of a case number, for the supervisor's approval at the hub.

    \b
    Example: casematch agent case-tag 081-CR-0417
    """
    from api.agent.case_tag import case_tag
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session:
        typer.echo(case_tag(session.secret(), session.project.project_id, case_number))


def sync(folder: Folder = THIS_FOLDER) -> None:
    """
    Hear what met, release what the policy allows, claim, report encounters, hear verdicts.
    Fetch referrals and sealed messages.

    Before anything else, check as a witness that the hub's audit log still holds all it held, and cosign it.

    \b
    Example: casematch agent sync && casematch agent inbox
    """
    from api.agent import post, report
    from api.agent import sync as syncing
    from api.agent.audit import report as audit_report
    from api.agent.audit import witness
    from api.agent.referring_report import describe_post
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session, session.client() as client:
        watched = witness.watch(session, client)
        typer.echo(report.describe_sync(syncing.sync(session, client)))
        if told := describe_post(post.collect(session, client)):
            typer.echo(told)
        typer.echo(audit_report.describe_watch(watched))


def inbox(folder: Folder = THIS_FOLDER) -> None:
    """
    Show what waits for a decision, and matches with their verdicts, by your own case reference.

    \b
    Example: casematch agent inbox
    """
    from api.agent import report
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session:
        typer.echo(report.describe_inbox(session))


def release(case_refs: CaseRefs = None, folder: Folder = THIS_FOLDER, *, every: EveryCase = False) -> None:
    """
    Let the other side learn that these cases met one of theirs, then sync.

    \b
    Examples:
      casematch agent release 2081-017
      casematch agent release --all
    """
    _decide(case_refs, folder, every=every, release=True)


def refuse(case_refs: CaseRefs = None, folder: Folder = THIS_FOLDER, *, every: EveryCase = False) -> None:
    """
    Keep the other side from learning; to it, a refusal looks like silence.

    \b
    Example: casematch agent refuse 2081-017
    """
    _decide(case_refs, folder, every=every, release=False)


def status(folder: Folder = THIS_FOLDER) -> None:
    """
    Show what the agent is set up with, what it holds, and what is left to do.

    \b
    Example: casematch agent status
    """
    from api.agent import report
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session:
        typer.echo(report.describe_status(session))


def _decide(case_refs: list[str] | None, folder: Folder, *, every: bool, release: bool) -> None:
    """Decide what waits for some or all cases, then sync."""
    from api.agent import report
    from api.agent import sync as syncing
    from api.agent.session import open_session

    if bool(case_refs) == every:
        raise typer.BadParameter("give case references, or --all")
    with open_session(folder, ask_passphrase) as session, session.client() as client:
        decided = syncing.decide(session, client, None if every else case_refs, release=release)
        word = "Released" if release else "Refused"
        typer.echo(f"{word} {plural(sum(decided.values()), 'meeting')} of {plural(len(decided), 'case')}.")
        typer.echo(report.describe_sync(syncing.sync(session, client)))
