"""`casematch break-glass`: D3 in imminent danger, without the holder's consent, by three people."""

from typing import Annotated

import typer

from api.agent.commands.logged_in import HERE, SessionFile, validated
from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Imminent danger: be told the contact desk of a match at once; the holder is told, and it is looked into.",
)
GlassId = Annotated[str, typer.Argument(metavar="EMERGENCY", help="Beginning of its id, as the list shows it.")]


@app.command("ask")
def ask(
    case_ref: Annotated[str, typer.Argument(metavar="CASE_REF", help="Your own case reference.")],
    danger: Annotated[str, typer.Option(help="life_at_risk, violence_under_way, about_to_be_moved or child_missing.")],
    folder: Folder = THIS_FOLDER,
    session: SessionFile = HERE,
    match_id: Annotated[str, typer.Option("--match", help="Beginning of the match's id, of several.")] = "",
) -> None:
    """
    Ask for D3 of a case's match, as yourself: contact desk and agreement of fields, for four hours.

    Two others, of different organisations, have to approve. The agent's folder tells which match it is.

    \b
    Example: casematch break-glass ask 2081-017 --danger life_at_risk --dir ~/agent
    """
    from api.agent.person import read_person
    from api.agent.person_report import describe_glass
    from api.agent.resolving import match_of
    from api.agent.session import open_session
    from api.wire.break_glass import NewBreakGlass

    with open_session(folder, ask_passphrase) as agent:
        match = match_of(agent, case_ref, match_id)
    told = {"match_id": match.match_id, "danger": danger}
    wanted = validated(NewBreakGlass, told, "not a danger; see --help")
    with read_person(session).client() as client:
        typer.echo(describe_glass(client.break_glass(wanted)))


@app.command("list")
def list_emergencies(session: SessionFile = HERE) -> None:
    """
    List emergencies that wait for approval or review; nothing of the match or anybody in it.

    \b
    Example: casematch break-glass list
    """
    from api.agent.person import read_person
    from api.agent.person_report import describe_glasses

    with read_person(session).client() as client:
        typer.echo(describe_glasses(client.break_glasses()))


@app.command("approve")
def approve(glass_id: GlassId, session: SessionFile = HERE) -> None:
    """
    Approve: two people of different organisations open it for four hours. Who asked cannot approve.

    \b
    Example: casematch break-glass approve 0190aaaa
    """
    from api.agent.person import read_person, whole_id
    from api.agent.person_report import describe_glass

    with read_person(session).client() as client:
        found = whole_id((each.break_glass_id for each in client.break_glasses()), glass_id, "emergency")
        typer.echo(describe_glass(client.approve_break_glass(found)))


@app.command("review")
def review(
    glass_id: GlassId,
    finding: Annotated[str, typer.Argument(help="justified or not_justified.")],
    session: SessionFile = HERE,
) -> None:
    """
    Say as data-protection officer whether it was justified; due within 72 hours.

    \b
    Example: casematch break-glass review 0190aaaa justified
    """
    from api.agent.person import read_person, whole_id
    from api.agent.person_report import describe_glass
    from api.wire.break_glass import BreakGlassReview

    found = validated(BreakGlassReview, {"finding": finding}, "justified or not_justified")
    with read_person(session).client() as client:
        whole = whole_id((each.break_glass_id for each in client.break_glasses()), glass_id, "emergency")
        typer.echo(describe_glass(client.review_break_glass(whole, found)))
