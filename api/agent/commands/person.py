"""`casematch person`: log in at a hub, and what people decide there with their own account."""

from typing import Annotated

import typer

from api.agent.commands.logged_in import HERE, Hub, SessionFile, ask_secret, validated

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="People with a log-in at the hub: open a session, co-sign, be the second person.",
)
Login = Annotated[str, typer.Argument(help="Your log-in, as the hub's operator gave it to you.")]
Code = Annotated[str, typer.Option(help="Six digits of your second factor, if you have one.")]

PASSWORD = "CASEMATCH_PASSWORD"  # noqa: S105 - the name of a variable
NEW_PASSWORD = "CASEMATCH_NEW_PASSWORD"  # noqa: S105 - same


@app.command("password")
def password(login: Login, hub: Hub, code: Code = "") -> None:
    """
    Set a password of your own, of 12 characters or more: first of all, in place of the one-time password.

    Passwords are asked for unseen, or taken from CASEMATCH_PASSWORD and CASEMATCH_NEW_PASSWORD.

    \b
    Example: casematch person password asha.lead --hub https://hub.example.org
    """
    from api.agent import person
    from api.wire.people import PasswordChange

    old = ask_secret(PASSWORD, "Password, or one-time password")
    new = ask_secret(NEW_PASSWORD, "New password", twice=True)
    told = {"login": login, "password": old, "new_password": new, "code": code}
    change = validated(PasswordChange, told, "a new password has 12 to 256 characters, a code six digits")
    person.change_password(hub, change)
    typer.echo("The password is yours. Next: casematch person login LOGIN --hub …")


@app.command("login")
def login(
    login: Login,
    hub: Hub,
    session: SessionFile = HERE,
    code: Code = "",
    project: Annotated[str, typer.Option(help="To act in, where your organisation takes part in several.")] = "",
) -> None:
    """
    Log in. The session is kept in a file that only you can read, until it ends by itself or you log out.

    \b
    Example: casematch person login asha.lead --hub https://hub.example.org
    """
    from api.agent import person
    from api.agent.person_report import describe_session
    from api.wire.people import LogIn

    told = {"login": login, "password": ask_secret(PASSWORD, "Password"), "code": code, "project_id": project}
    typer.echo(describe_session(person.log_in(hub, validated(LogIn, told, "a code has six digits"), session)))


@app.command("logout")
def logout(session: SessionFile = HERE) -> None:
    """
    End your sessions, everywhere.

    \b
    Example: casematch person logout
    """
    from api.agent import person

    person.log_out(session)
    typer.echo("Logged out.")


@app.command("second-factor")
def second_factor(
    session: SessionFile = HERE,
    confirm: Annotated[str, typer.Option(help="Six digits that your application shows, to switch it on.")] = "",
) -> None:
    """
    Make a second factor for an authenticator application (TOTP), then confirm it with a code.

    \b
    Examples:
      casematch person second-factor
      casematch person second-factor --confirm 123456
    """
    from api.agent.person import read_person
    from api.wire.people import SecondFactorCode

    with read_person(session).client() as client:
        if confirm:
            client.confirm_second_factor(validated(SecondFactorCode, {"code": confirm}, "a code has six digits"))
            typer.echo("The second factor is on: give --code with every log-in.")
            return
        made = client.begin_second_factor()
    typer.echo(f"Shown this once. Secret: {made.secret}\n{made.uri}")
    typer.echo("Next: casematch person second-factor --confirm CODE")


@app.command("approve")
def approve(
    case_tag: Annotated[str, typer.Argument(metavar="TAG", help="What `casematch agent case-tag` prints.")],
    purpose: Annotated[str, typer.Option(help="investigation, protection or family_tracing.")],
    lawful_basis: Annotated[str, typer.Option(help="Code of the basis, such as warrant.")],
    session: SessionFile = HERE,
    people: Annotated[int, typer.Option(min=1, max=50, help="How many may be asked about.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=30, help="How long it may be cited.")] = 7,
) -> None:
    """
    Co-sign a police case as its supervisor: without this, nothing of it can be filed.

    \b
    Example: casematch person approve 3f2a… --purpose investigation --lawful-basis warrant
    """
    from api.agent.person import read_person
    from api.wire.people import NewApproval

    told = {"purpose": purpose, "lawful_basis": lawful_basis, "case_tag": case_tag, "people": people, "days": days}
    wanted = validated(NewApproval, told, "a purpose, a code such as warrant, and a tag of 32 digits are needed")
    with read_person(session).client() as client:
        given = client.approve(wanted)
    typer.echo(f"Approved until {given.expires_on}. The agent cites it: --approval {given.approval_id}")


@app.command("requests")
def requests(session: SessionFile = HERE) -> None:
    """
    List disclosure requests of your organisation and to it: a protected record needs a second person for D3 and D4.

    \b
    Example: casematch person requests
    """
    from api.agent.person import read_person
    from api.agent.person_report import describe_requests

    with read_person(session).client() as client:
        typer.echo(describe_requests(client.disclosure_requests()))


@app.command("decide")
def decide(
    request_id: Annotated[str, typer.Argument(metavar="REQUEST", help="Beginning of its id, as the list shows it.")],
    decision: Annotated[str, typer.Argument(help="grant, refuse or ask.")],
    session: SessionFile = HERE,
    question: Annotated[str, typer.Option(help="With ask: reason, lawful_basis, urgency or relation_to_person.")] = "",
    days: Annotated[int, typer.Option(help="How long a grant lasts.", min=1, max=180)] = 90,
) -> None:
    """
    Decide as yourself, beside the colleague at the agent. Refused looks like not answered.

    \b
    Example: casematch person decide 0190aaaa grant --days 30
    """
    from api.agent.person import read_person, whole_id
    from api.agent.resolving_report import describe_request
    from api.wire.disclosures import DisclosureDecision

    told = {"decision": decision, "question": question or None, "days": days}
    given = validated(DisclosureDecision, told, "grant, refuse or ask; see --help for questions")
    with read_person(session).client() as client:
        found = whole_id((each.request_id for each in client.disclosure_requests()), request_id, "request")
        typer.echo(describe_request(client.decide_request(found, given)))
