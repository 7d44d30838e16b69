"""`casematch agent refer`, `referrals`, `message`, `messages`, `keys`: reaching the other side of a match."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase

CaseRef = Annotated[str, typer.Argument(metavar="CASE_REF", help="Your own case reference.")]
SomeCase = Annotated[str, typer.Argument(metavar="[CASE_REF]", help="Your own case reference; all without it.")]
MatchId = Annotated[str, typer.Option("--match", help="Beginning of the match's id, where the case has several.")]
ReferralId = Annotated[str, typer.Argument(metavar="REFERRAL", help="Beginning of its id, as the list shows it.")]

referrals = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Referrals of both sides: list them, and accept, decline, complete or revoke one.",
)


def refer(
    case_ref: CaseRef,
    folder: Folder = THIS_FOLDER,
    service: Annotated[str, typer.Option(help="Code of what you ask for, such as shelter or legal_aid.")] = "",
    days: Annotated[int, typer.Option(min=1, max=60, help="Until the offer ends.")] = 14,
    match_id: MatchId = "",
) -> None:
    """
    Refer a case to the other side of its match; it learns your contact desk, to be able to answer.

    Both sides have to be open to D3. Say more in a sealed message: `casematch agent message CASE`.

    \b
    Example: casematch agent refer 2081-017 --service shelter
    """
    import re

    from api.agent import referring
    from api.agent.referring_report import describe_referral
    from api.agent.resolving import match_of
    from api.agent.session import open_session

    if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", service) is None:
        raise typer.BadParameter("lower-case letters, digits and _ only", param_hint="--service")
    with open_session(folder, ask_passphrase) as session, session.client() as client:
        made = referring.refer(session, client, match_of(session, case_ref, match_id), service, days)
    typer.echo(describe_referral(made))


@referrals.command("list")
def list_referrals(folder: Folder = THIS_FOLDER) -> None:
    """
    Hear what is new of referrals, and show all, by your own case reference.

    \b
    Example: casematch agent referrals list
    """
    from api.agent import referring
    from api.agent.referring_report import describe_referrals
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session, session.client() as client:
        referring.poll(session, client)
        typer.echo(describe_referrals(session.vault.referrals.all()))


@referrals.command("accept")
def accept(referral_id: ReferralId, folder: Folder = THIS_FOLDER) -> None:
    """
    Take an offer of the other side.

    \b
    Example: casematch agent referrals accept 0190aaaa
    """
    _answer(folder, referral_id, "accept")


@referrals.command("decline")
def decline(referral_id: ReferralId, folder: Folder = THIS_FOLDER) -> None:
    """
    Turn an offer of the other side down.

    \b
    Example: casematch agent referrals decline 0190aaaa
    """
    _answer(folder, referral_id, "decline")


@referrals.command("complete")
def complete(referral_id: ReferralId, folder: Folder = THIS_FOLDER) -> None:
    """
    Say that what the other side asked for is done.

    \b
    Example: casematch agent referrals complete 0190aaaa
    """
    _answer(folder, referral_id, "complete")


@referrals.command("revoke")
def revoke(referral_id: ReferralId, folder: Folder = THIS_FOLDER) -> None:
    """
    Take your own offer back, also after it was accepted.

    \b
    Example: casematch agent referrals revoke 0190aaaa
    """
    _answer(folder, referral_id, "revoke")


def message(
    case_ref: CaseRef,
    folder: Folder = THIS_FOLDER,
    file: Annotated[
        Path | None, typer.Option(help="Read the message from this file; else from standard input.")
    ] = None,
    match_id: MatchId = "",
) -> None:
    """
    Send a sealed message to the other side of a case's match. The hub cannot read it, and deletes it once fetched.

    The text is not taken from the command line, which others on this machine can see. Both sides have to be open
    to D3; sending lets the other side learn your contact desk.

    \b
    Examples:
      casematch agent message 2081-017 --file note.txt
      echo "Please ring the desk." | casematch agent message 2081-017
    """
    from api.agent import sealed_messages
    from api.agent.resolving import match_of
    from api.agent.session import open_session

    text = _read_text(file).strip()
    if not text:
        raise typer.BadParameter("there is no text; give --file, or write to standard input")
    with open_session(folder, ask_passphrase) as session, session.client() as client:
        sealed_messages.send(session, client, match_of(session, case_ref, match_id), text)
    typer.echo("Sent. The hub keeps it for 30 days, or until the other side has fetched it.")


def messages(case_ref: SomeCase = "", folder: Folder = THIS_FOLDER) -> None:
    """
    Fetch sealed messages that wait, and show those of a case, or all. They stay in the vault.

    \b
    Example: casematch agent messages 2081-017
    """
    from api.agent import sealed_messages
    from api.agent.referring_report import describe_fetched, describe_messages
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session, session.client() as client:
        typer.echo(describe_fetched(sealed_messages.fetch(session, client)))
        shown = list(session.vault.mailboxes.messages(case_ref))
        typer.echo(describe_messages(shown))
        with session.vault.transaction():
            for _, each in shown:
                session.vault.mailboxes.set_read(each.message_id)


def keys(
    case_ref: SomeCase = "",
    folder: Folder = THIS_FOLDER,
    match_id: MatchId = "",
    *,
    accept: Annotated[bool, typer.Option(help="Pin what the other side shows now: you have compared it.")] = False,
    rotate: Annotated[bool, typer.Option(help="Make a new sealing key; the old one opens what is on its way.")] = False,
    replace: Annotated[
        bool, typer.Option(help="Publish this agent's identity in place of another's, whose vault is lost.")
    ] = False,
) -> None:
    """
    Show fingerprints to compare with the other side by telephone. With --accept, take a changed one.

    Sealing keys are replaced by themselves every 90 days; the identity that signs them stays.

    \b
    Examples:
      casematch agent keys 2081-017
      casematch agent keys 2081-017 --accept
      casematch agent keys --rotate
    """
    from api.agent import sealed_keys
    from api.agent.consent_end import today
    from api.agent.referring_report import describe_keys
    from api.agent.resolving import match_of
    from api.agent.session import open_session

    if accept and not case_ref:
        raise typer.BadParameter("name the case whose other side you have compared", param_hint="--accept")
    with open_session(folder, ask_passphrase) as session, session.client() as client:
        ways = {"is_rotated": rotate, "is_new_identity": replace}
        identity = sealed_keys.publish(session, client, today(), **ways)
        if not case_ref:
            typer.echo(f"Yours:       {sealed_keys.fingerprint(identity.verifier.text)}")
            return
        match = match_of(session, case_ref, match_id)
        typer.echo(describe_keys(sealed_keys.compare(session, client, match.match_id, is_accepted=accept)))


def _answer(folder: Path, referral_id: str, what: str) -> None:
    """Poll, answer, and tell what became of it."""
    from api.agent import referring
    from api.agent.referring_report import describe_referral
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session, session.client() as client:
        referring.poll(session, client)
        told = referring.answer(session, client, referral_id, referring.Answer(what))
    typer.echo(describe_referral(told))


def _read_text(file: Path | None) -> str:
    """Read a message; what cannot be read is wrong usage, and is not repeated."""
    try:
        return sys.stdin.read() if file is None else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        fault = "cannot be read as UTF-8 text"
    raise typer.BadParameter(fault, param_hint="--file")
